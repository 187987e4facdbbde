"""Names that a language model is asked for, for categories that the platform proposes.

Belongs here: the rules of the prompt, and names made of replies that hold. Does not belong here: finding categories
(`assets.audit_tickets.categories`), reading replies (`replies`), sending prompts (`client`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.language_model.asking import Asking, Proposals
from assets.build_knowledge.language_model.completion import Complete
from assets.build_knowledge.language_model.prompt import RULES_OF_THE_FENCE, Prompt, fenced, shown
from assets.build_knowledge.language_model.replies import SetAside, read_name

MAX_EXAMPLES, MAX_EXAMPLE_CHARS, MAX_TERMS = 8, 300, 12
NAME_COLUMNS = ["candidate_id", "name", "model", "prompt_hash", "cost_usd"]

_NAME_RULES = (
    "You name categories of support requests. Give the category in the data a name of two to five words that says what "
    "these customers want, in the language of the examples, unlike the names in taken, without company names, numbers or "
    'addresses. Form: {"name": "…"}. '
)


def name_prompt(candidate: dict[str, Any], taken: Sequence[str]) -> Prompt:
    """The prompt for the name of one proposed category."""
    examples = [shown(one, MAX_EXAMPLE_CHARS) for one in list(candidate["examples"])[:MAX_EXAMPLES]]
    terms = [shown(one, 60) for one in list(candidate["key_terms"])[:MAX_TERMS]]
    data = {"examples": examples, "key_terms": terms, "taken": [shown(one, 100) for one in sorted(set(taken))]}
    return Prompt(_NAME_RULES + RULES_OF_THE_FENCE, fenced(data))


def propose_category_names(candidates: pd.DataFrame, complete: Complete, taken: Sequence[str] = ()) -> Proposals:
    """Ask for a name for each open candidate, one prompt each.

    Args:
        candidates: `category_candidates`, of which candidate_id, key_terms, examples and, where there, status and
            is_present are read. **Its examples must be redacted text of training tickets**, as that frame's are.
        taken: names of accepted categories.

    Returns:
        Frame [candidate with a name]: candidate_id, name, model, prompt_hash, cost_usd. A name is a proposal: it counts
        once a person writes it into categories.yaml.
    """
    asked = Asking(complete)
    rows = []
    names = {_folded(name) for name in taken}
    for candidate in _open(candidates).to_dict("records"):
        own = {str(key): value for key, value in candidate.items()}
        reply = asked(str(own["candidate_id"]), name_prompt(own, taken))
        if reply is None:
            continue
        try:
            name = read_name(reply.text)
            if _folded(name) in names:
                raise SetAside("repeated", f"“{name}” is the name of another category.")
        except SetAside as problem:
            asked.put_aside(str(own["candidate_id"]), problem.reason, problem.detail, reply, reply.cost_usd)
            continue
        names.add(_folded(name))
        rows.append((str(own["candidate_id"]), name, reply.model, reply.prompt_hash, reply.cost_usd))
    frame = pd.DataFrame(rows, columns=NAME_COLUMNS)
    text = dict.fromkeys(NAME_COLUMNS[:-1], "str")
    return Proposals(frame.astype(text | {"cost_usd": "float64"}), asked.set_aside)


def _open(candidates: pd.DataFrame) -> pd.DataFrame:
    mine = candidates
    if "status" in mine:
        mine = mine[mine["status"] == "open"]
    if "is_present" in mine:
        mine = mine[mine["is_present"].fillna(False).astype(bool)]
    return mine.sort_values("candidate_id", kind="stable")


def _folded(name: str) -> str:
    return " ".join(fold(name).split())
