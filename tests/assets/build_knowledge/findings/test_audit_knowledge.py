"""The whole audit: detectors bear on each other, texts are encoded once, nothing found is lost between runs."""

import pandas as pd
import pytest

from assets.build_knowledge.findings.audit_knowledge import audit_knowledge, remember
from assets.build_knowledge.findings.audit_settings import AuditSettings, DeprecatedTerm
from assets.build_knowledge.findings.entailment import NliModelError, load_nli_model
from desk.models import Knowledge
from tests.assets.build_knowledge.findings.audited import NOW, article, articles, day, entries, entry, releases
from tests.encoders import HashingEncoder

LINK = ("Reset your password", "The link in the reset mail works for 60 minutes.")
OTHER_LINK = ("Reset a lost password", "The link in the reset mail works for 24 hours.")


def audit(sections=(), answers=(), events=None, settings=AuditSettings(), **given):  # noqa: B008 (frozen)
    return audit_knowledge(
        articles(*sections) if sections else None,
        entries(*answers) if answers else None,
        events,
        settings,
        given.pop("encode", HashingEncoder().encode),
        as_of=NOW,
        **given,
    )


def kinds(frame):
    return set(zip(frame["subject_id"], frame["type"], frame["reason"], strict=True))


def test_healthy_texts_have_no_findings():
    assert audit([article()], [entry(sources='[{"kind": "article", "id": "a1", "hash": "hash-a1"}]')]).empty


def test_nothing_to_audit():
    assert audit().empty


def test_an_old_side_of_a_contradiction_is_the_suspect_one():
    frame = audit([article("a1", *LINK), article("a2", *OTHER_LINK, updated_at="2023-01-01")])
    assert kinds(frame) == {("a2", "stale", "untouched"), ("a2", "contradiction", "differs_in_number")}
    assert not frame.loc[frame["type"] == "contradiction", "is_other_blocked"].any()


def test_copies_that_disagree_are_a_contradiction_and_no_duplicate():
    body = (
        " Open the sign-in page and press Forgot password. Look in the spam folder when no mail arrives within minutes."
    )
    frame = audit([article("a1", LINK[0], LINK[1] + body), article("a2", OTHER_LINK[0], OTHER_LINK[1] + body)])
    assert set(frame["type"]) == {"contradiction"}


def test_an_entry_that_names_what_ended_is_not_reopened_too():
    event = releases(("2026-05-15", "product", "Planner", "", "New planner replaces the agenda view", ["agenda view"]))
    frame = audit(answers=[entry("e1", "How do I open the agenda view?", "Press agenda view.")], events=event)
    assert kinds(frame) == {("e1", "stale", "ended_feature")}


def test_terms_of_the_desk_end_too():
    settings = AuditSettings(deprecated_terms=(DeprecatedTerm("Boards Classic", day("2026-04-20"), "Boards"),))
    frame = audit([article("a1", "Boards", "Open Boards Classic.")], settings=settings)
    assert kinds(frame) == {("a1", "stale", "ended_feature")}
    assert "Boards" in frame["fix"].iloc[0]


def test_settings_come_from_the_desk():
    knowledge = Knowledge.model_validate(
        {
            "suspect_after_days": 30,
            "internal_names": ["Heron"],
            "deprecated_terms": [{"term": "Vault", "ended": "2026-01-02"}],
        }
    )
    settings = AuditSettings.of(knowledge)
    assert settings.suspect_after_days == 30
    assert settings.internal_names == ("Heron",)
    assert settings.deprecated_terms == (DeprecatedTerm("Vault", day("2026-01-02")),)


def test_a_second_run_keeps_ids_days_and_decisions():
    sections = [article("a1", updated_at=None)]
    first = audit(sections)
    first["first_found_as_of"] = day("2026-01-01")
    decisions = pd.DataFrame(
        [("article_verified", "hash-a1", "Ada", day("2026-05-30"))],
        columns=["decision", "subject_hash", "decided_by", "decided_at"],
    )
    second = audit(sections, previous=first)
    assert second["finding_id"].tolist() == first["finding_id"].tolist()
    assert second["first_found_as_of"].tolist() == [day("2026-01-01")]
    assert audit(sections, decisions=decisions)["status"].tolist() == ["verified"]


def test_a_verified_text_is_not_the_suspect_side():
    sections = [article("a1", *LINK), article("a2", *OTHER_LINK, updated_at="2023-01-01")]
    decisions = pd.DataFrame(
        [("article_verified", "hash-a2", "Ada", day("2026-05-30"))],
        columns=["decision", "subject_hash", "decided_by", "decided_at"],
    )
    frame = audit(sections, decisions=decisions)
    assert frame.loc[frame["type"] == "contradiction", "is_other_blocked"].all()


def test_the_order_of_rows_changes_nothing():
    sections = [article("a1", *LINK), article("a2", *OTHER_LINK), article("a3", "Owner", "No owner.", owner=None)]
    pd.testing.assert_frame_equal(audit(sections), audit(sections[::-1]))


def test_each_text_is_encoded_once():
    encoder = HashingEncoder()
    audit([article("a1", *LINK), article("a2", *OTHER_LINK)], encode=encoder.encode)
    assert len(encoder.texts_encoded) == len(set(encoder.texts_encoded)) > 0


def test_remembering_keeps_order_and_repeats():
    encode = remember(HashingEncoder().encode)
    whole = encode(["b", "a", "b"])
    assert (whole[0] == whole[2]).all()
    assert (encode(["a"])[0] == whole[1]).all()
    assert encode([]).shape[0] == 0


def test_a_model_is_asked_only_when_given_and_does_not_block():
    asked = []

    def contradicts(pairs):
        asked.extend(pairs)
        return pd.Series([0.99] * len(pairs)).to_numpy()

    one = ("Restore a board", "A deleted board can be found in the bin of the workspace for 30 days.")
    other = (
        "Restore boards",
        "A deleted board can be found in the bin of the workspace, and it lies there for 30 days.",
    )
    frame = audit([article("a1", *one), article("a2", *other)], contradicts=contradicts)
    assert asked
    found = frame[frame["reason"] == "nli"]
    assert len(found) == 1
    assert not found["is_blocking"].any()


def test_an_absent_model_is_refused_with_advice():
    with pytest.raises(NliModelError, match="leave the setting empty"):
        load_nli_model("nobody/has-this-model")


def test_progress_ends_with_all_steps():
    seen = []
    audit([article()], on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
