"""What counts as worse between two runs over the frozen tickets."""

import pytest

from assets.retrain_agent.candidate.regression_losses import compare_regression


def decision(action="answer", entry="old", category="login", rules=("category",)):
    return {
        "action": action, "category_id": category, "bucket": "automate", "entry_id": entry, "ask_for": [], "rules": list(rules),
        "threshold": "reached", "reply": f"{action} {entry}", "suggested_reply": None,
    }  # fmt: skip


def compare(was, became, right=None, live=("old", "new"), triggers=("cancelling",)):
    rows = [[{"ticket_id": "zendesk:1", "text": "x", "decision": one}] for one in (was, became)]
    known = {} if right is None else {"zendesk:1": right}
    return compare_regression(*rows, right=known, live=live, triggers=triggers)


FIRED = decision("escalate", None, rules=("trigger:cancelling",))
UNSURE = decision("escalate", "old", rules=("category", "threshold"))


@pytest.mark.parametrize(
    ("was", "became", "right", "is_worse"),
    [
        (decision(), decision(), None, False),
        (decision(), decision(entry="new"), None, True),
        (decision(), decision(entry="new"), ["new"], False),
        (decision(), decision(entry="new"), ["old"], True),
        (decision(), decision(entry="new"), [], True),
        (UNSURE, decision(), None, True),
        (UNSURE, decision(), ["old"], False),
        (UNSURE, decision(), [], True),
        (FIRED, decision(), ["old"], True),
        (decision("ask"), decision(), None, True),
        (decision("ask"), decision(), ["old"], False),
        (decision("draft"), decision(), None, False),
        (decision("draft"), decision(entry="new"), None, True),
        (decision("draft"), decision("draft", "new"), None, False),
        (decision("draft"), decision("draft", "new"), ["old"], True),
        (decision(), decision("escalate"), ["old"], False),
        (decision(), decision("draft"), ["old"], False),
        (FIRED, decision("draft"), None, False),
    ],
)
def test_worse_is_what_nobody_has_said_is_right(was, became, right, is_worse):
    found = compare(was, became, right)
    assert bool(found.worse) is is_worse
    assert found.count_compared == 1
    assert found.count_changed == (was != became)


def test_an_entry_that_people_replaced_is_no_regression():
    assert not compare(decision(), decision(entry="new"), live=("new",)).worse
    assert compare(decision(), decision(entry="new", category="billing"), live=("new",)).worse
    assert compare(decision(), decision(entry="new"), right=[], live=("new",)).worse


def test_a_trigger_that_people_took_out_fires_no_more():
    assert not compare(FIRED, decision(), triggers=()).worse


def test_only_tickets_in_both_runs_are_compared_and_the_sentence_names_the_ticket():
    before = [{"ticket_id": name, "text": "x", "decision": decision()} for name in ("zendesk:1", "zendesk:2")]
    after = [{"ticket_id": "zendesk:2", "text": "x", "decision": decision(entry="new")}]
    found = compare_regression(before, after, right={}, live=("old", "new"), triggers=())
    assert (found.count_compared, found.count_changed) == (1, 1)
    assert "zendesk:2" in found.worse[0]
    assert "nobody has said" in found.worse[0]
