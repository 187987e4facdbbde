"""The draw: fixed for ever, monotone in the share, nothing for strangers."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.assignment.assign_rollout import assign_rollout, rollout_points

IDS = [f"r{number}" for number in range(20_000)]


def test_a_point_is_the_documented_hash():
    digest = hashlib.sha256(b"salt\x1fr7").digest()
    assert rollout_points(["r7"], "salt")[0] == (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def test_the_same_requester_gets_the_same_side_in_any_order_and_company():
    drawn = dict(zip(IDS, assign_rollout(IDS, "salt", 0.15), strict=True))
    for name in ("r1", "r500", "r19999"):
        assert assign_rollout([name], "salt", 0.15)[0] == drawn[name]
    assert [drawn[name] for name in reversed(IDS)] == assign_rollout(IDS[::-1], "salt", 0.15).tolist()


def test_raising_the_share_moves_nobody_out_and_lowering_adds_nobody():
    before = assign_rollout(IDS, "salt", 0.15)
    assert (assign_rollout(IDS, "salt", 0.2) >= before).all()
    assert (assign_rollout(IDS, "salt", 0.1) <= before).all()
    points = rollout_points(IDS, "salt")
    gone = before & ~assign_rollout(IDS, "salt", 0.1)
    assert points[gone].min() > points[assign_rollout(IDS, "salt", 0.1)].max()


def test_the_ends_of_the_range():
    assert not assign_rollout(IDS, "salt", 0).any()
    assert assign_rollout(IDS, "salt", 1).all()


def test_the_share_comes_out_and_salts_draw_independently():
    one, other = assign_rollout(IDS, "one", 0.2), assign_rollout(IDS, "other", 0.2)
    assert abs(one.mean() - 0.2) < 4 * (0.16 / len(IDS)) ** 0.5
    assert abs((one & other).mean() - 0.04) < 4 * (0.0384 / len(IDS)) ** 0.5


@pytest.mark.parametrize("unknown", [None, "", np.nan, pd.NA, pd.NaT])
def test_unknown_requesters_stay_with_people(unknown):
    assert assign_rollout(["r1", unknown, "r2"], "salt", 1.0).tolist() == [True, False, True]


def test_series_of_every_text_type_are_read_alike():
    texts = ["r1", "r2", None]
    for kind in ("object", "str", "string"):
        assert (
            assign_rollout(pd.Series(texts, dtype=kind), "salt", 0.5).tolist()
            == assign_rollout(texts, "salt", 0.5).tolist()
        )


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="150 % is not possible"):
        assign_rollout(["a"], "salt", 1.5)
    with pytest.raises(ValueError, match="needs a salt"):
        assign_rollout(["a"], "", 0.5)
    with pytest.raises(ValueError, match="7 is not text"):
        assign_rollout([7], "salt", 0.5)
