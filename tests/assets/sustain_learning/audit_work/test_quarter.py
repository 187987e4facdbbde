from __future__ import annotations

import pandas as pd
import pytest

from assets.sustain_learning.audit_work.quarter import Quarter, item_id
from tests.assets.sustain_learning.audit_work.knowledge import day


@pytest.mark.parametrize("name", ["2026-Q3", "2026q3", " 2026-07-01 "])
def test_a_quarter_is_named_as_people_and_partitions_name_it(name):
    quarter = Quarter.named(name)
    assert quarter.start == day("2026-07-01")
    assert quarter.end == day("2026-10-01")
    assert quarter.name == "2026-Q3"


@pytest.mark.parametrize("name", ["2026-Q5", "2026-08-01", "2026-07-02", "soon", ""])
def test_what_is_no_quarter_is_refused(name):
    with pytest.raises(ValueError, match=r"is no quarter|is not the first moment of a quarter"):
        Quarter.named(name)


def test_every_moment_lies_in_one_quarter():
    assert Quarter.around(day("2026-12-31 23:59")).name == "2026-Q4"
    assert Quarter.around(pd.Timestamp("2026-10-01 01:00", tz="Europe/Berlin")).name == "2026-Q3"


def test_an_item_is_named_by_quarter_and_subject():
    names = {item_id("2026-Q3", "entry", "a"), item_id("2026-Q4", "entry", "a"), item_id("2026-Q3", "category", "a")}
    assert len(names) == 3
    assert all(len(one) == 16 for one in names)
