"""The SQL triggers that make the ledger append-only, for SQLite and PostgreSQL.

Events can only be added, each directly after the last; payloads and names can only be added or emptied.
They stop mistakes and ordinary SQL. Whoever owns the database can drop them, which is what the hash chain is for.
Does not belong here: detecting tampering (`verification`).
"""

from __future__ import annotations

from sqlalchemy import Connection, text

GUARD_NAMES = (
    "ledger_events_append_only_insert",
    "ledger_events_append_only_update",
    "ledger_events_append_only_delete",
    "ledger_payloads_erase_only_insert",
    "ledger_payloads_erase_only_update",
    "ledger_payloads_erase_only_delete",
    "ledger_actors_erase_only_insert",
    "ledger_actors_erase_only_update",
    "ledger_actors_erase_only_delete",
)
_POSTGRES_EXTRA = ("ledger_events_no_truncate", "ledger_payloads_no_truncate", "ledger_actors_no_truncate")

_EVENTS_REFUSAL = "the ledger is append-only: events are never changed or deleted"
_ORDER_REFUSAL = "the ledger is append-only: an event must follow the last one"
_WORDS_REFUSAL = "the ledger is append-only: payloads and names can only be erased, through the ledger"

_OTHER_COLUMNS = {
    "ledger_payloads": ("payload_digest", ("salt", "body")),
    "ledger_actors": ("actor_id", ("salt", "name", "name_key")),
}


def statements(dialect: str) -> list[str]:
    """The DDL for one engine ("sqlite" or "postgresql"), to be run inside the transaction that makes the tables."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def missing(connection: Connection) -> tuple[str, ...]:
    """Names of the guards that should be there and are not (or, on PostgreSQL, are disabled)."""
    expected: tuple[str, ...] = GUARD_NAMES
    query = "select name from sqlite_master where type = 'trigger'"
    if connection.dialect.name != "sqlite":
        expected += _POSTGRES_EXTRA
        query = (
            "select tgname from pg_trigger where tgenabled <> 'D' and tgrelid in "
            "(to_regclass('ledger_events'), to_regclass('ledger_payloads'), to_regclass('ledger_actors'))"
        )
    present: set[str] = set(connection.execute(text(query)).scalars())
    return tuple(name for name in expected if name not in present)


def _sqlite() -> list[str]:
    # INSERT OR REPLACE removes the old row without firing a delete trigger: the insert guards refuse it first.
    ddl = [
        f"""create trigger if not exists ledger_events_append_only_insert before insert on ledger_events
        when new.sequence <> (select coalesce(max(sequence), 0) + 1 from ledger_events)
          or new.previous_hash <> coalesce(
            (select event_hash from ledger_events order by sequence desc limit 1), '{"0" * 64}')
          or exists (select 1 from ledger_events where event_id = new.event_id)
          or exists (select 1 from ledger_events where event_hash = new.event_hash)
          or exists (select 1 from ledger_events where payload_digest = new.payload_digest)
        begin select raise(abort, '{_ORDER_REFUSAL}'); end""",
        f"""create trigger if not exists ledger_events_append_only_update before update on ledger_events
        begin select raise(abort, '{_EVENTS_REFUSAL}'); end""",
        f"""create trigger if not exists ledger_events_append_only_delete before delete on ledger_events
        begin select raise(abort, '{_EVENTS_REFUSAL}'); end""",
    ]
    for table, (key, words) in _OTHER_COLUMNS.items():
        kept = " or ".join(f"new.{column} is not null" for column in words)
        taken = f"select 1 from {table} where {key} = new.{key}"
        if table == "ledger_actors":
            taken += " or name_key = new.name_key"
        ddl += [
            f"""create trigger if not exists {table}_erase_only_insert before insert on {table}
            when exists ({taken}) begin select raise(abort, '{_WORDS_REFUSAL}'); end""",
            f"""create trigger if not exists {table}_erase_only_update before update on {table}
            when new.{key} <> old.{key} or {kept} begin select raise(abort, '{_WORDS_REFUSAL}'); end""",
            f"""create trigger if not exists {table}_erase_only_delete before delete on {table}
            begin select raise(abort, '{_WORDS_REFUSAL}'); end""",
        ]
    return ddl


def _postgresql() -> list[str]:
    ddl = [
        f"""create or replace function ledger_refuse_event_change() returns trigger language plpgsql as $$
        begin raise exception '{_EVENTS_REFUSAL}'; end $$""",
        f"""create or replace function ledger_refuse_word_change() returns trigger language plpgsql as $$
        begin raise exception '{_WORDS_REFUSAL}'; end $$""",
        f"""create or replace function ledger_require_next_event() returns trigger language plpgsql as $$
        declare last_sequence bigint; last_hash text;
        begin
          select sequence, event_hash into last_sequence, last_hash
          from ledger_events order by sequence desc limit 1;
          if new.sequence <> coalesce(last_sequence, 0) + 1
             or new.previous_hash <> coalesce(last_hash, '{"0" * 64}') then
            raise exception '{_ORDER_REFUSAL}';
          end if;
          return new;
        end $$""",
        """create or replace trigger ledger_events_append_only_insert before insert on ledger_events
        for each row execute function ledger_require_next_event()""",
        """create or replace trigger ledger_events_append_only_update before update on ledger_events
        for each row execute function ledger_refuse_event_change()""",
        """create or replace trigger ledger_events_append_only_delete before delete on ledger_events
        for each row execute function ledger_refuse_event_change()""",
        """create or replace trigger ledger_events_no_truncate before truncate on ledger_events
        for each statement execute function ledger_refuse_event_change()""",
    ]
    for table, (key, words) in _OTHER_COLUMNS.items():
        kept = " or ".join(f"new.{column} is not null" for column in words)
        ddl += [
            # A row of its own is all an insert can make here (no REPLACE in PostgreSQL); guarded for symmetry.
            f"""create or replace trigger {table}_erase_only_insert before insert on {table}
            for each row when (new.{words[0]} is null or new.{words[1]} is null)
            execute function ledger_refuse_word_change()""",
            f"""create or replace trigger {table}_erase_only_update before update on {table}
            for each row when (new.{key} <> old.{key} or {kept})
            execute function ledger_refuse_word_change()""",
            f"""create or replace trigger {table}_erase_only_delete before delete on {table}
            for each row execute function ledger_refuse_word_change()""",
            f"""create or replace trigger {table}_no_truncate before truncate on {table}
            for each statement execute function ledger_refuse_word_change()""",
        ]
    return ddl
