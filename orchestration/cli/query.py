"""SQL over everything published: each asset and mart is a view of its Parquet in a DuckDB of its own.

No file of DuckDB's is opened, so a query never waits for dbt nor dbt for a query.
"""

from __future__ import annotations

import csv
import difflib
import re
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.lake import PRIVATE, Lake

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN_ROWS = 200
PIPED_WIDTH = 240


class QueryError(Exception):
    """The SQL cannot be answered; ``str()`` says why and what there is."""


def query(lake: Lake, sql: str, *, include_private: bool = False) -> pa.Table:
    """Answer ``sql`` over the published tables.

    Args:
        lake: where they lie.
        sql: one DuckDB statement.
        include_private: also offer the tables that hold personal data.

    Raises:
        QueryError: the SQL is wrong, or names a table that is not there.
    """
    import duckdb

    tables = {name: place for name, place in lake.published().items() if include_private or name not in PRIVATE}
    with duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as db:
        db.execute("set timezone = 'UTC'")
        for name, place in tables.items():
            place = place.replace("'", "''")
            db.execute(f"create view \"{name}\" as select * from read_parquet('{place}', union_by_name = true)")
        if not include_private:
            # Nothing outside the published tables: a copied query must not read other files of this machine.
            folder = str(lake.folder).replace("'", "''")
            db.execute(f"set allowed_directories = ['{folder}/']")
            db.execute("set enable_external_access = false")
            db.execute("set lock_configuration = true")
        try:
            answer = db.sql(sql)
            if answer is None:
                raise QueryError("the statement returned nothing; ask with a SELECT")
            return answer.to_arrow_table()
        except duckdb.Error as error:
            raise QueryError(_explain(str(error), tables, include_private)) from error


def _explain(message: str, tables: dict[str, str], include_private: bool) -> str:
    missing = re.search(r"Table with name (\S+) does not exist", message)
    if not missing:
        return message.strip()
    name = missing.group(1).strip('"')
    if name in PRIVATE and not include_private:
        return f"'{name}' holds personal data; add --include-private to read it"
    if not tables:
        return f"there is no table '{name}': nothing has been materialised yet. Run: understudy run audit_tickets"
    near = difflib.get_close_matches(name, tables, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(tables)}."
    return f"there is no table '{name}'. {hint}"


def print_answer(table: pa.Table, output: str, console: Console, stream: IO[str]) -> None:
    """Print an answer as a table for people, or as ``json`` or ``csv`` on ``stream`` for programs."""
    if output == "json":
        import orjson

        for row in table.to_pylist():
            stream.write(orjson.dumps(row, default=str, option=orjson.OPT_NON_STR_KEYS).decode() + "\n")
    elif output == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.column_names)
        for row in table.to_pylist():
            writer.writerow([_as_text(value, nothing="") for value in row.values()])
    else:
        shown = Table()
        for name in table.column_names:
            shown.add_column(Text(name))
        for row in table.slice(0, SHOWN_ROWS).to_pylist():
            shown.add_row(*[Text(_as_text(value, nothing="·")) for value in row.values()])
        wide = console if console.is_terminal else Console(file=console.file, width=PIPED_WIDTH)
        wide.print(shown)
        more = f" (first {SHOWN_ROWS} shown; --format csv prints all)" if table.num_rows > SHOWN_ROWS else ""
        console.print(f"{table.num_rows:,} rows{more}", highlight=False)


def _as_text(value: object, nothing: str) -> str:
    if value is None:
        return nothing
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return "; ".join(_as_text(item, nothing) for item in value)
    return str(value)
