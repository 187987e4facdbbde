"""Write the inbox, the help center export and the answer key of the fictional Brindlebase desk.

Run as ``python examples/brindlebase/source/generate.py [--out FOLDER]``.
The same texts and seed give the same bytes: no clock is read, gzip members carry no time, zip entries a fixed one.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from brindle import answer_key, extras, freshdesk, helpcenter, history, intercom, zendesk
from brindle.model import Ticket, when
from brindle.texts import load_categories, load_common

SEED = "brindlebase-1"
SCALE = 0.8
FRESHDESK_CUT = when("2026-03-31T20:00:00")
ZENDESK_CUT, INCREMENTAL_CUT = when("2026-05-29T20:00:00"), when("2026-06-03T06:00:00")
INTERCOM_CUT = when("2026-06-01")


def dumps(record: Any) -> str:
    """Compact JSON, keys in the order they were made."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def save(path: Path, content: bytes) -> None:
    """Write one file, creating its folder; ``.gz`` names are compressed without a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)


def zipped(files: dict[str, str]) -> bytes:
    """A zip with fixed entry times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (2026, 6, 3, 6, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return buffer.getvalue()


def build_tickets() -> list[Ticket]:
    """The whole history, numbered for its helpdesks."""
    categories, common = load_categories(), load_common("common")
    common["noise"] = load_common("noise")
    tickets = extras.everything(SEED, categories, common, helpcenter.links(), history.ordinary, SCALE)
    for kind, module in (("freshdesk", freshdesk), ("zendesk", zendesk), ("intercom", intercom)):
        module.number_all([t for t in tickets if t.helpdesk == kind])
    return tickets


def generate(out: Path) -> list[Ticket]:
    """Write everything below ``out``; return the tickets."""
    tickets = build_tickets()
    by = {kind: [t for t in tickets if t.helpdesk == kind] for kind in ("freshdesk", "zendesk", "intercom")}
    for name, rows in freshdesk.export(by["freshdesk"], FRESHDESK_CUT).items():
        save(out / "inbox/freshdesk-2026-03" / name, ("[\n" + ",\n".join(map(dumps, rows)) + "\n]\n").encode())
    lines = zendesk.account_export(by["zendesk"], ZENDESK_CUT)
    save(out / "inbox/zendesk-2026-05.ndjson.gz", "".join(dumps(line) + "\n" for line in lines).encode())
    pages = zendesk.incremental(by["zendesk"], ZENDESK_CUT, INCREMENTAL_CUT)
    save(
        out / "inbox/zendesk-incremental-2026-06.zip",
        zipped({name: dumps(page) for name, page in pages.items()}),
    )
    chats = intercom.export(by["intercom"], INTERCOM_CUT)
    save(out / "inbox/intercom-2026-05.jsonl.gz", "".join(dumps(line) + "\n" for line in chats).encode())
    save(out / "help_center/articles.ndjson", "".join(dumps(a) + "\n" for a in helpcenter.export()).encode())
    cuts = {"freshdesk": FRESHDESK_CUT, "zendesk": INCREMENTAL_CUT, "intercom": INTERCOM_CUT}
    for name, text in answer_key.files(tickets, cuts).items():
        save(out / "answer_key" / name, text.encode())
    return tickets


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parent.parent, help="desk folder to write into"
    )
    arguments = parser.parse_args()
    tickets = generate(arguments.out)
    print(f"{len(tickets)} tickets written below {arguments.out}")


if __name__ == "__main__":
    main()
