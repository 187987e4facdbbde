from __future__ import annotations

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.sustain_learning.audit_work.knowledge_audit import knowledge_audit
from assets.sustain_learning.audit_work.quarter import Quarter
from assets.sustain_learning.audit_work.unfinished import unfinished_audit
from assets.sustain_learning.frames import AUDIT_ITEM
from tests.assets.sustain_learning.audit_work.knowledge import ADA, BEN, OPENED, audited, day, version

KNOWN = audited(live=[version("reset"), version("sso"), version("vat", owner=BEN), version("new", accepted_at=OPENED)])


def opened() -> pd.DataFrame:
    return knowledge_audit(Quarter.named("2026-Q3"), KNOWN, None, as_of=OPENED, audit_days=30)


def test_an_audit_within_its_time_is_fine():
    found = unfinished_audit(opened(), day("2026-07-31 06:00"))
    assert found.passed
    assert found.sentence is None
    assert (found.count_overdue, found.count_open) == (0, 3)


def test_what_is_overdue_is_named_with_its_owners_even_from_an_old_frame():
    found = unfinished_audit(opened(), day("2026-08-01"))
    assert not found.passed
    assert found.count_open == 0
    assert found.sentence == (
        "3 items of the audit of 2026-Q3 should have been done by 2026-07-31 (Ada Moreno 2, Ben Osei 1). "
        "See: understudy knowledge work"
    )
    assert found.by_owner[["owner", "overdue"]].to_numpy().tolist() == [[ADA, 2], [BEN, 1]]


def test_a_new_quarter_does_not_make_up_for_a_look_that_nobody_took():
    both = knowledge_audit(Quarter.named("2026-Q4"), KNOWN, opened(), as_of=day("2026-10-01"), audit_days=30)
    found = unfinished_audit(both, day("2026-10-02"))
    assert (found.count_overdue, found.count_open) == (3, 1), "each subject once"


def test_no_audit_is_no_unfinished_one():
    assert unfinished_audit(frame_of([], AUDIT_ITEM), OPENED).passed
