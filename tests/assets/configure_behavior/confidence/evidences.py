"""Evidence for tests."""

from dataclasses import replace

from assets.configure_behavior.confidence.evidence import Evidence

SURE = Evidence(
    category_id="login",
    category_confidence=0.95,
    category_margin=1.2,
    unknown_score=-1.0,
    is_unknown=False,
    entry_id="reset",
    entry_category_id="login",
    entry_probability=0.9,
    rival_probability=0.05,
    similarity=0.8,
    voter_share=0.7,
    is_undecided=False,
)


def evidence(**changes) -> Evidence:
    return replace(SURE, **changes)
