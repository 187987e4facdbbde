"""What people decided counts at once, and what they left open is proposed."""

import pandas as pd

from assets.build_knowledge.decided_categories import decided_roadmap


def test_decisions_are_laid_over_the_roadmap():
    roadmap = pd.DataFrame(
        {
            "category_id": ["login", "billing", "cand_1"],
            "bucket": ["hybrid", "automate", "hybrid"],
            "proposed_bucket": ["hybrid", "automate", "hybrid"],
            "tier": pd.array([None, 2, None], dtype="Int64"),
            "owner": pd.array([None, "Bo", None], dtype="str"),
        }
    )
    accepted = pd.DataFrame(
        {
            "category_id": ["login", "billing"],
            "bucket": pd.array(["automate", None], dtype="str"),
            "tier": pd.array([1, None], dtype="Int64"),
            "owner": pd.array(["Ada", None], dtype="str"),
        }
    )
    decided = decided_roadmap(roadmap, accepted).set_index("category_id")
    assert decided["bucket"].to_dict() == {"login": "automate", "billing": "automate", "cand_1": "hybrid"}
    assert decided["tier"].fillna(0).to_dict() == {"login": 1, "billing": 0, "cand_1": 0}
    assert decided["owner"].fillna("").to_dict() == {"login": "Ada", "billing": "", "cand_1": ""}
