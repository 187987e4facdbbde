"""Why an answer went to a person, in kinds that stay the same."""

import pandas as pd
import pytest

from assets.sustain_learning.report.handover_kinds import HANDOVER_KINDS, handover_kinds


@pytest.mark.parametrize(
    ("action", "steps", "reason", "kind"),
    [
        ("escalate", ["trigger:legal", "suggestion"], "The customer announces legal steps", "trigger"),
        ("escalate", ["page:billing"], "Everybody from this page", "trigger"),
        ("draft", ["category", "bucket", "confidence"], "Vat id is hybrid: …", "hybrid"),
        ("draft", ["category", "bucket", "confidence", "threshold"], "Less sure than 15 % risk allows.", "unsure"),
        ("escalate", ["category"], "it is unclear what the message is about", "unclear"),
        ("escalate", ["category", "bucket"], "Refund request always goes to a person", "always_a_person"),
        ("answer", ["category", "threshold"], "person_replied", "person_replied"),
        ("ask", ["threshold"], "needs_approval", "needs_approval"),
        ("answer", ["threshold"], "rollout_stopped", "rollout_stopped"),
        ("answer", [], None, "other"),
        ("escalate", None, None, "other"),
        (None, [], None, "other"),
    ],
)
def test_the_rules_that_were_asked_tell(action, steps, reason, kind):
    frame = pd.DataFrame({"action": [action], "steps": [steps], "escalation_reason": [reason]})
    assert handover_kinds(frame).tolist() == [kind]
    assert kind in HANDOVER_KINDS
