"""The week's micro-update of an invented desk: from accepted changes to a release that people may sign, or may not."""

import datetime as dt
import json

import pandas as pd
import pytest

from assets.configure_behavior.releases.build_release import build_release
from assets.configure_behavior.releases.saved_release import release_folders
from assets.retrain_agent.frames import REPLAYED, UPDATE
from desk.behavior import behavior_content, behavior_hash
from desk.loading import load_desk
from ledger.releases import record_activation
from ledger.sign_offs import record_sign_off
from orchestration import micro_updates
from orchestration.lake import Lake, write_parquet
from orchestration.micro_updates import run_micro_update
from orchestration.release_building import build_parts, write_status
from orchestration.releases import activation_problems, read_release, status_file
from orchestration.resources import DeskResource
from tests.assets.configure_behavior.decisions.small_release import ENTRIES, PHRASINGS, behavior
from tests.assets.configure_behavior.releases.small_parts import AS_OF, history, live_entries, parts
from tests.assets.retrain_agent.updates.small_frames import case, cases, change, changes
from tests.encoders import HashingEncoder

DESK = """desk_id: lindwurm
company: Lindwurm (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {roadmap: [support lead], knowledge: [knowledge owner], behavior: [support lead], release: [support lead]}
"""
WEEK, END = "2026-06-29", pd.Timestamp("2026-07-06", tz="UTC")
ACCEPTED = pd.Timestamp("2026-07-01 10:00", tz="UTC")
PORTAL = "Sign in to the payments portal with the code mailed to the billing contact and pick the year of the invoice."
NONSENSE = "Bananas grow on trees, and apples too. Put them into a bowl before the guests arrive on Sunday evening."
ROADMAP = {"by": "Mira Okafor", "role": "support lead", "known_roles": ["support lead"]}


EXPORT = "Open Settings > Export and choose Start; a file comes by mail."


def edited(answer: str = PORTAL, **others: str) -> list:
    """The entries, invoice-standard with another answer, and more of them by id (with underscores)."""
    answers = {"invoice-standard": answer} | {name.replace("_", "-"): text for name, text in others.items()}
    return [(*one[:3], answers.get(one[0], one[3]), one[4]) for one in ENTRIES]


class SmallDesk:
    """A desk in a folder, with what earlier stages leave in its lake, and a current release."""

    def __init__(self, folder) -> None:
        folder.mkdir()
        (folder / "desk.yaml").write_text(DESK)
        self.resource, self.encoder = DeskResource(folder=str(folder)), HashingEncoder()
        self.lake: Lake = self.resource.lake
        self.spec = behavior()
        texts = pd.concat(
            [parts().regression[["ticket_id", "text"]], history()[["ticket_id", "text"]].drop_duplicates()]
        )
        tickets = texts[["ticket_id"]].assign(
            requester_id=texts["ticket_id"], created_at=AS_OF, updated_at=END, is_in_audit=True
        )
        self.write(
            regression_set=parts().regression,
            ticket_splits=texts[["ticket_id"]].assign(split="train"),
            ticket_vectors=texts.assign(text_hash=texts["ticket_id"]),
            fct_tickets=tickets,
            redacted_comments=pd.DataFrame(
                [("p1", "requester", True, AS_OF, "My question, and then nothing more was written.")],
                columns=["ticket_id", "author_role", "is_public", "created_at", "text"],
            ),
            answered_tickets=history()[["ticket_id", "entry_id", "weight", "answered_at"]].assign(evidence="link"),
            behavior_spec=self.specs(self.spec),
        )
        self.accepted_at: dict[str, pd.Timestamp] = {}
        self.publish(ENTRIES, AS_OF)
        built = build_parts(self.resource, parts(), [], unsigned=True).built
        self.first = built.release_id
        self.activate(built.release_id, AS_OF)

    def write(self, **frames: pd.DataFrame) -> None:
        for name, frame in frames.items():
            write_parquet(frame, self.lake.folder / f"{name}.parquet")

    def publish(self, entries, accepted_at: pd.Timestamp = ACCEPTED, also: pd.DataFrame | None = None) -> pd.DataFrame:
        """What is live, and every version there was; what is new was accepted at a moment."""
        live = live_entries(entries)
        live = live if also is None else pd.concat([live, also], ignore_index=True)
        for content in live["content_hash"]:
            self.accepted_at.setdefault(content, accepted_at)
        live["accepted_at"] = pd.to_datetime(live["content_hash"].map(self.accepted_at))
        before = self.lake.previous("knowledge_entries")
        kept = live if before is None else pd.concat([before, live]).drop_duplicates(["entry_id", "content_hash"])
        self.write(live_entries=live, knowledge_entries=kept)
        return live.set_index("entry_id")

    def specs(self, *specs) -> pd.DataFrame:
        rows = [{"behavior_hash": behavior_hash(one), "content": json.dumps(behavior_content(one)), "is_current": one is specs[-1]} for one in specs]  # fmt: skip
        return pd.DataFrame(rows)

    def activate(self, release_id: str, at: pd.Timestamp, *, is_rollback: bool = False) -> None:
        with self.resource.ledger as ledger:
            record_activation(
                ledger,
                release_id,
                occurred_at=at.to_pydatetime(),
                artefacts_digest="d",
                is_rollback=is_rollback,
                **ROADMAP,
            )

    def run(self, made: pd.DataFrame, judged: pd.DataFrame, red=(), end=END, week=WEEK):
        updates, replays = run_micro_update(self.resource, self.encoder, week, end, made, judged, red)
        self.write(micro_updates=updates, change_replays=replays)
        return updates.set_index("week").loc[week], replays

    def status(self, release_id: str) -> dict:
        return json.loads(status_file(self.lake.home / "releases", release_id).read_text())

    def saved(self, release_id: str):
        return read_release(self.lake.home / "releases" / release_id)

    def problems(self, release_id: str) -> str:
        with self.resource.ledger as ledger:
            return "\n".join(activation_problems(load_desk(self.resource.folder), self.saved(release_id), ledger))


@pytest.fixture
def desk(tmp_path, monkeypatch) -> SmallDesk:
    for name in ("UNDERSTUDY_HOME", "UNDERSTUDY_AS_OF"):
        monkeypatch.delenv(name, raising=False)
    return SmallDesk(tmp_path / "desk")


def fix(desk: SmallDesk, answer: str = PORTAL) -> pd.DataFrame:
    """The change that an accepted edit of invoice-standard is; the edit is live."""
    content = desk.publish(edited(answer)).loc["invoice-standard", "content_hash"]
    return changes(change(entry_ids=["invoice-standard"], entry_hashes=[content], accepted_at=ACCEPTED))


def judged_tickets(desk: SmallDesk, **others) -> pd.DataFrame:
    old = live_entries().set_index("entry_id").loc["invoice-standard", "content_hash"]
    given = {
        "entry_ids": ["invoice-standard"], "entry_hashes": [old], "action": "draft", "context": '{"plan": "pro"}',
        "release_id": desk.first,
    }  # fmt: skip
    outdated = {"is_wrong": True, "said_reason": "outdated", "right_answer": PORTAL}
    return cases(
        *(
            case(number, **given | outdated | others, question=f"{text} number {number}")
            for number, text in enumerate(PHRASINGS["invoice_copy"])
        )
    )


def test_an_accepted_fix_becomes_a_release_that_differs_in_it_alone(desk):
    row, replays = desk.run(fix(desk), judged_tickets(desk))
    assert row["status"] == "built", list(row["why"])
    assert row["change_ids"] == ["C-001"]
    assert (row["count_mended"], row["count_broken"]) == (8, 0)
    assert row["count_regression"] == 8
    assert row["incumbent_id"] == desk.first
    before, after = desk.saved(desk.first), desk.saved(row["release_id"])
    assert {name for name in after.entries if after.entries[name] != before.entries[name]} == {"invoice-standard"}
    for part in ("behavior", "categories", "thresholds", "confidence"):
        assert getattr(after, part) == getattr(before, part)
    intents = [name for name in after.artefacts if name.startswith("intents/")]
    assert intents
    assert all(after.artefacts[name] == before.artefacts[name] for name in intents)
    assert set(replays["after_release_id"]) == {row["release_id"]}
    assert replays["is_right_after"].all()
    assert desk.status(row["release_id"]) == {"release_id": row["release_id"], "red_checks": []}


def test_nothing_is_made_current_and_people_sign_what_was_built(desk):
    row, _ = desk.run(fix(desk), judged_tickets(desk))
    said = desk.problems(row["release_id"])
    assert "understudy sign-off release" in said
    assert "micro-update" not in said
    with desk.resource.ledger as ledger:
        from ledger.releases import current_release

        assert current_release(ledger).release_id == desk.first


def test_an_update_that_breaks_more_than_it_mends_is_held_and_cannot_be_activated(desk):
    right = judged_tickets(desk, is_wrong=False, said_reason=None, right_answer=None)
    row, _ = desk.run(fix(desk, NONSENSE), right)
    assert row["status"] == "held"
    assert (row["count_mended"], row["count_broken"]) == (0, 8)
    why = "C-001: 8 judged tickets replayed, 0 mended, 8 broken"
    assert why in row["why"]
    assert f"micro-update of {WEEK}: {why}" in desk.problems(row["release_id"])


def test_building_the_same_release_once_more_does_not_set_a_held_one_free(desk):
    right = judged_tickets(desk, is_wrong=False, said_reason=None, right_answer=None)
    row, _ = desk.run(fix(desk, NONSENSE), right)
    write_status(desk.lake.home / "releases", row["release_id"], [])
    assert "0 mended, 8 broken" in desk.problems(row["release_id"])
    again, _ = desk.run(fix(desk, NONSENSE), judged_tickets(desk))
    assert again["release_id"] == row["release_id"]
    assert again["status"] == "built"
    assert desk.status(row["release_id"])["red_checks"] == []


def test_red_checks_hold_an_update_and_stand_beside_it_once(desk):
    row, _ = desk.run(fix(desk), judged_tickets(desk), red=["live_entries: knowledge_is_fresh"])
    assert row["status"] == "held"
    assert desk.status(row["release_id"])["red_checks"] == ["live_entries: knowledge_is_fresh"]


def test_a_week_without_accepted_changes_is_a_row(desk):
    row, replays = desk.run(changes(), cases())
    assert row["status"] == "nothing"
    assert row["release_id"] is pd.NA
    assert replays.empty
    assert list(desk.lake.read("micro_updates").columns) == list(UPDATE)
    assert list(desk.lake.read("change_replays").columns) == list(REPLAYED)
    assert len(release_folders(desk.lake.home / "releases")) == 1


def test_a_backfill_of_an_old_week_reads_only_what_was_accepted_before_its_end(desk):
    made = fix(desk)
    row, _ = desk.run(made, judged_tickets(desk), end=pd.Timestamp("2026-06-29", tz="UTC"), week="2026-06-22")
    assert row["status"] == "nothing"
    content = desk.publish(edited(export_all=EXPORT), AS_OF).loc["export-all", "content_hash"]
    earlier = change(2, entry_ids=["export-all"], entry_hashes=[content], accepted_at=AS_OF)
    both = pd.concat([made, changes(earlier)], ignore_index=True)
    row, _ = desk.run(both, judged_tickets(desk), end=pd.Timestamp("2026-06-29", tz="UTC"), week="2026-06-22")
    assert row["change_ids"] == ["C-002"]
    held = desk.saved(row["release_id"]).entries
    assert held["invoice-standard"]["answer"] == desk.saved(desk.first).entries["invoice-standard"]["answer"]
    row, _ = desk.run(both, judged_tickets(desk))
    assert row["change_ids"] == ["C-001", "C-002"]
    assert desk.saved(row["release_id"]).entries["invoice-standard"]["answer"] == PORTAL
    assert desk.lake.read("micro_updates")["week"].tolist() == ["2026-06-22", "2026-06-29"]


def test_a_new_entry_without_a_fix_waits_and_what_is_no_longer_live_leaves(desk):
    made = fix(desk)
    new = live_entries([("sync-web", "mobile_sync", "Why does the app not sync?", "In a browser, press F5.", {"os": ["windows"]})])  # fmt: skip
    left = [one for one in edited() if one[0] != "cancel-plan"]
    desk.publish(left, also=new)
    row, _ = desk.run(made, judged_tickets(desk))
    held = desk.saved(row["release_id"]).entries
    assert "sync-web" not in held
    assert "cancel-plan" not in held
    assert "entry cancel-plan is no longer live and leaves" in row["why"]
    assert "entry sync-web is new without a fix and waits for the next full build" in row["why"]


def test_a_spec_comes_with_its_change_once_it_is_signed(desk):
    stricter = behavior(triggers=[*desk.spec.model_dump(mode="json")["triggers"], {"id": "money", "reason": "it is about money", "phrases": ["invoice", "invoices"]}])  # fmt: skip
    desk.write(behavior_spec=desk.specs(desk.spec, stricter))
    digest = behavior_hash(stricter)
    made = changes(change(kind="trigger", entry_ids=[], entry_hashes=[], behavior_hash=digest, category_ids=["invoice_copy"], accepted_at=ACCEPTED))  # fmt: skip
    needs_person = judged_tickets(desk, said_reason="should_have_escalated", should_escalate=True, right_answer=None)
    row, _ = desk.run(made, needs_person)
    assert row["status"] == "nothing"
    assert "understudy sign-off behavior" in row["why"][-1]
    with desk.resource.ledger as ledger:
        record_sign_off(
            ledger,
            "behavior",
            digest,
            content=behavior_content(stricter),
            occurred_at=ACCEPTED.to_pydatetime(),
            **ROADMAP,
        )
    row, _ = desk.run(made, needs_person, week="2026-07-06", end=END + pd.Timedelta(days=7))
    assert row["status"] == "built", list(row["why"])
    assert (row["count_mended"], row["count_broken"]) == (8, 0)
    assert [one["id"] for one in desk.saved(row["release_id"]).behavior["triggers"]][-1] == "money"
    before = END - pd.Timedelta(days=7)
    assert desk.run(made, needs_person, week="2026-06-22", end=before)[0]["status"] == "nothing"


def test_a_killed_run_leaves_a_release_that_cannot_be_activated_and_is_resumed(desk, monkeypatch):
    made, judged = fix(desk), judged_tickets(desk)

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("assets.retrain_agent.updates.replay_cases.replay_step", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.run(made, judged)
    (built,) = {one.name for one in release_folders(desk.lake.home / "releases")} - {desk.first}
    assert micro_updates.UNFINISHED in desk.problems(built)
    row, first = desk.run(made, judged)
    assert row["release_id"] == built
    assert micro_updates.UNFINISHED not in desk.problems(built)
    again, second = desk.run(made, judged)
    pd.testing.assert_series_equal(row, again)
    pd.testing.assert_frame_equal(first, second)


def test_what_a_week_built_stays_written_once_it_is_current(desk):
    made, judged = fix(desk), judged_tickets(desk)
    row, replays = desk.run(made, judged)
    desk.activate(row["release_id"], END)
    made["release_id"], made["status"] = pd.array([row["release_id"]], "string"), "released"
    again, same = desk.run(made, judged)
    assert again["status"] == "built"
    pd.testing.assert_frame_equal(replays, same)
    later, _ = desk.run(made, judged, week="2026-07-06", end=END + pd.Timedelta(days=7))
    assert later["status"] == "nothing"


def test_what_no_customer_will_get_is_not_offered_on(desk):
    made, judged = fix(desk), judged_tickets(desk)
    assert desk.run(made, judged)[0]["status"] == "built"
    desk.publish(edited("Somebody wrote something else."))
    row, _ = desk.run(made, judged)
    assert (row["status"], row["release_id"] is pd.NA) == ("nothing", True)
    assert "its entry invoice-standard was changed since it was accepted" in row["why"][-1]


def test_a_change_that_a_full_build_took_to_customers_is_replayed_as_well(desk):
    made, judged = fix(desk), judged_tickets(desk)
    encoder = HashingEncoder()
    full = parts(edited(), encoder=encoder)
    built = build_release(full, desk.lake.home / "releases")
    desk.activate(built.release_id, END)
    made["release_id"], made["status"] = pd.array([built.release_id], "string"), "released"
    row, replays = desk.run(made, judged)
    assert row["status"] == "nothing"
    assert set(replays["before_release_id"]) == {desk.first}
    assert set(replays["after_release_id"]) == {built.release_id}
    assert not replays["is_right_before"].any()
    assert replays["is_right_after"].all()


def test_without_a_current_release_there_is_nothing_to_update(tmp_path, monkeypatch):
    monkeypatch.setattr(SmallDesk, "activate", lambda *_: None)
    small = SmallDesk(tmp_path / "desk")
    row, _ = small.run(fix(small), judged_tickets(small))
    assert row["status"] == "nothing"
    assert "no release is current yet" in row["why"][0]
    assert dt.datetime.fromisoformat(str(row["built_as_of"])).tzinfo is not None
