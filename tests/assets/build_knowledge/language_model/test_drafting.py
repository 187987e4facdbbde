"""A desk that names a model gets its proposals among the drafts; one that names none is untouched."""

import pandas as pd

from assets.build_knowledge.drafts.draft_frame import COLUMNS
from assets.build_knowledge.drafts.draft_settings import DraftSettings
from assets.build_knowledge.language_model.drafting import add_model_drafts
from desk.models import LanguageModel
from tests.assets.build_knowledge.language_model.fake_endpoint import completion
from tests.assets.build_knowledge.language_model.test_proposals import AS_OF, ENTRY, material

DECISIONS = pd.DataFrame({"draft_id": [], "status": []}, dtype="str")
ENTRIES = pd.DataFrame(columns=["entry_id", "category_id", "conditions", "sources", "status", "is_current"])


def drafts() -> pd.DataFrame:
    row = dict.fromkeys(COLUMNS) | {
        "draft_id": "draft_0", "category_id": "export", "question": "Where is the export?", "answer": "In Settings.",
        "conditions": "{}", "phrasings": [], "sources": "[]", "origin": "article_section", "why": "Because.",
        "score": 3.0, "status": "open", "drafted_as_of": AS_OF,
    }  # fmt: skip
    frame = pd.DataFrame([row], columns=COLUMNS)
    return frame.astype({"customer_language_score": "float64", "cost_usd": "float64", "model": "str"})


def add(model: LanguageModel, tmp_path):
    return add_model_drafts(
        drafts(), [material()], model, tmp_path / "replies", DraftSettings(), AS_OF, DECISIONS, ENTRIES
    )


def test_without_a_model_nothing_is_asked(server, tmp_path):
    made = add(LanguageModel(), tmp_path)
    pd.testing.assert_frame_equal(made.drafts, drafts())
    assert (made.count_calls, made.spent_usd) == (0, 0.0)
    assert server.requests == []


def test_a_model_adds_open_drafts_that_name_it(server, tmp_path):
    server.replies = [(200, completion({"entries": [ENTRY]}, 1000, 100))]
    model = LanguageModel(base_url=server.url, model="invented-1", usd_per_million_input_tokens=10.0)
    made = add(model, tmp_path)
    assert sorted(made.drafts["origin"]) == ["article_section", "language_model"]
    (row,) = made.drafts[made.drafts["origin"] == "language_model"].to_dict("records")
    assert (row["model"], row["status"]) == ("invented-1", "open")
    assert made.count_calls == 1
    assert made.spent_usd > 0
    assert "Where is the export?" in str(server.requests[0])  # what is answered already is said, not asked again
    assert add(model, tmp_path).count_calls == 0
