"""The index and ``retrieve``: what is found, for whom, why, and the same every time."""

import numpy as np
import pandas as pd
import pytest

from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.index_files import FORMAT, load_index, save_index
from assets.build_knowledge.retrieval.retrieval_index import build_index, index_version
from assets.build_knowledge.retrieval.retrieval_settings import RetrievalSettings
from assets.build_knowledge.retrieval.retrieve import retrieve
from tests.assets.build_knowledge.retrieval.shop_desk import TITLES, documents, encode, history

NO_HISTORY = history(0)
QUESTION = "dark lamp"


@pytest.fixture(scope="module")
def learnt():
    return build_index(documents(), history(), encode, encoder_revision=QUESTION)


def entries_found(index, question, context=None, k=5):
    return [hit.entry_id for hit in retrieve(index, question, context, k, encode=encode).hits]


def conditional(**fields):
    rows = [
        ("paid", "question", "How do I restore a page?", '{"plan": ["pro"]}'),
        ("free", "question", "How do I restore a page?", '{"plan": ["free"]}'),
        ("other", "question", "Why is the printer offline?", "{}"),
    ]
    return build_index(pd.DataFrame(rows, columns=["entry_id", "kind", "text", "conditions"]), NO_HISTORY, encode)


def test_without_history_the_words_of_documents_decide():
    index = build_index(documents(), NO_HISTORY, encode)
    for name, title in TITLES.items():
        result = retrieve(index, title, encode=encode)
        assert result.hits[0].entry_id == name
        assert result.hits[0].probability > 0.5
    assert index.models is None
    assert set(result.hits[0].parts) == {"phrasings", "passages", "words"}


def test_one_entry_alone_is_found():
    index = build_index(documents().query("entry_id == 'tyres'"), history().query("entry_id == 'tyres'"), encode)
    assert entries_found(index, "flat tyre") == ["tyres"]


def test_history_finds_what_documents_do_not_say(learnt):
    question = "nail in my wheel"
    plain = build_index(documents(), NO_HISTORY, encode)
    before = retrieve(plain, question, encode=encode)
    after = retrieve(learnt, question, encode=encode)
    assert after.hits[0].entry_id == "tyres"
    assert after.hits[0].probability > 0.5
    assert after.hits[0].probability > next(hit.probability for hit in before.hits if hit.entry_id == "tyres")


def test_few_past_tickets_leave_the_fixed_weights():
    settings = RetrievalSettings()
    index = build_index(documents(), history(1), encode, settings)
    assert 0 < len(index.history_ids) < settings.min_history_to_learn
    assert index.combination.weights == {name: settings.starting_weights[name] for name in settings.signals}
    assert entries_found(index, "nail in my wheel")[0] == "tyres"


def test_every_hit_says_why(learnt):
    hit = retrieve(learnt, "my lamp stays dark", encode=encode).hits[0]
    assert hit.entry_id == "lights"
    assert set(hit.parts) == set(RetrievalSettings().signals)
    assert sum(hit.parts.values()) > 0
    assert hit.match is not None
    assert hit.match.text in set(documents()["text"])
    assert {voter.ticket_id.split(":")[1].split("-")[0] for voter in hit.voters} == {"lights"}
    assert all(0 < voter.share <= 1 for voter in hit.voters)


def test_weights_are_never_negative(learnt):
    assert min(learnt.combination.weights.values()) >= 0


def test_probabilities_fall_with_the_place_and_the_best_may_not_be_exceeded(learnt):
    hits = retrieve(learnt, "noise when stopping", encode=encode).hits
    probabilities = [hit.probability for hit in hits]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 <= one <= 1 for one in probabilities)
    assert [hit.place for hit in hits] == [1, 2, 3, 4]


def test_context_that_contradicts_removes_an_entry():
    result = retrieve(conditional(), "restore a page", {"plan": "Pro"}, encode=encode)
    assert result.hits[0].entry_id == "paid"
    assert result.excluded == ["free"]
    assert result.hits[0].applies is True
    assert result.ask_for == []


def test_missing_context_keeps_both_and_says_what_to_ask():
    result = retrieve(conditional(), "restore a page", {"os": "windows"}, encode=encode)
    assert {hit.entry_id for hit in result.hits[:2]} == {"paid", "free"}
    assert [hit.applies for hit in result.hits[:2]] == [None, None]
    assert result.hits[0].probability == pytest.approx(result.hits[1].probability)
    assert result.ask_for == ["plan"]
    assert result.excluded == []


def test_nobody_is_asked_about_what_is_not_in_question():
    result = retrieve(conditional(), "printer offline", encode=encode)
    assert result.hits[0].entry_id == "other"
    assert result.ask_for == []


def test_when_context_removes_everything_nothing_is_found():
    index = build_index(documents().assign(conditions='{"plan": ["pro"]}'), history(), encode)
    result = retrieve(index, QUESTION, {"plan": "free"}, encode=encode)
    assert result.hits == []
    assert len(result.excluded) == 4


def test_a_passage_for_others_does_not_count_for_its_entry():
    rows = [
        ("mail", "question", "Set up mail", "{}"),
        ("mail", "passage", "Open the keychain and unlock the certificate", '{"os": ["mac"]}'),
        ("print", "question", "Set up the printer", "{}"),
    ]
    index = build_index(pd.DataFrame(rows, columns=["entry_id", "kind", "text", "conditions"]), NO_HISTORY, encode)
    for_mac, for_windows = (
        next(hit for hit in found.hits if hit.entry_id == "mail")
        for found in (
            retrieve(index, "unlock the keychain certificate", {"os": os}, encode=encode) for os in ("mac", "windows")
        )
    )
    assert for_mac.match.text.startswith("Open the keychain")
    assert for_windows.match.text == "Set up mail"
    assert for_mac.parts["passages"] > for_windows.parts["passages"]


def test_every_document_is_judged_by_its_own_conditions():
    rows = [
        ("a", "question", "Set up mail", '{"os": ["mac"], "plan": ["pro"]}'),
        ("b", "question", "Set up post", "{}"),
        ("c", "question", "Set up letters", '{"plan": ["pro"], "os": ["mac"]}'),
        ("d", "question", "Set up notes", '{"os": ["windows"]}'),
    ]
    index = build_index(pd.DataFrame(rows, columns=["entry_id", "kind", "text", "conditions"]), NO_HISTORY, encode)
    asked = []
    verdicts = index.documents.judged(lambda conditions: asked.append(conditions) or "os" in conditions)
    assert verdicts == [True, False, True, True]
    assert len(asked) == 3


@pytest.mark.parametrize("question", ["", "   ", "https://help.bikes.example/kb/tyres"])
def test_a_question_without_words_finds_nothing(learnt, question):
    assert retrieve(learnt, question, encode=encode).hits == []


def test_an_address_in_the_question_changes_nothing(learnt):
    plain = retrieve(learnt, "squeaking brakes", encode=encode)
    pasted = retrieve(learnt, "squeaking brakes https://help.bikes.example/en-us/kb/tyres", encode=encode)
    assert [hit.probability for hit in plain.hits] == [hit.probability for hit in pasted.hits]


def test_an_index_without_entries_finds_nothing():
    index = build_index(documents().head(0), history(), encode)
    assert retrieve(index, QUESTION, encode=encode).hits == []


def test_unknown_words_and_hostile_text_are_harmless(learnt):
    for question in ("zzqx wvrt", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\ud83d", "a" * 100_000, "1 2 3"):
        result = retrieve(
            learnt, question, encode=lambda texts: encode([text.encode("utf-8", "replace").decode() for text in texts])
        )
        assert all(np.isfinite(hit.probability) for hit in result.hits)


def test_k_is_kept_and_checked(learnt):
    assert len(entries_found(learnt, QUESTION, k=2)) == 2
    with pytest.raises(ValueError, match="at least one"):
        retrieve(learnt, QUESTION, k=0, encode=encode)


def test_rows_in_any_order_give_the_same_bytes(tmp_path, learnt):
    shuffled = build_index(
        documents().sample(frac=1, random_state=1),
        history().sample(frac=1, random_state=2),
        encode,
        encoder_revision=QUESTION,
    )
    save_index(learnt, tmp_path / "a")
    save_index(shuffled, tmp_path / "b")
    for name in ("retrieval_index.json", "retrieval_index.npz"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_loaded_index_answers_alike(tmp_path, learnt):
    save_index(learnt, tmp_path)
    loaded = load_index(tmp_path)
    assert index_version(loaded) == index_version(learnt)
    for question in ("dark lamp", "money back", "puncture"):
        assert retrieve(loaded, question, encode=encode) == retrieve(learnt, question, encode=encode)


def test_an_index_without_history_is_saved_and_loaded_too(tmp_path):
    index = build_index(documents(), NO_HISTORY, encode)
    save_index(index, tmp_path)
    assert retrieve(load_index(tmp_path), QUESTION, encode=encode) == retrieve(index, QUESTION, encode=encode)


def test_another_format_is_refused(tmp_path, learnt):
    save_index(learnt, tmp_path)
    file = tmp_path / "retrieval_index.json"
    file.write_text(file.read_text(encoding="utf-8").replace(f'"format": {FORMAT}', '"format": 99'), encoding="utf-8")
    with pytest.raises(ValueError, match="build it again"):
        load_index(tmp_path)


def test_the_version_changes_with_what_could_change_an_answer(learnt):
    other = documents()
    other.loc[0, "text"] += " now"
    assert index_version(build_index(other, history(), encode, encoder_revision=QUESTION)) != index_version(learnt)
    fewer = history().iloc[1:]
    assert index_version(build_index(documents(), fewer, encode, encoder_revision=QUESTION)) != index_version(learnt)


def test_history_of_entries_that_are_gone_is_left_out():
    index = build_index(documents().query("entry_id != 'refund'"), history(), encode)
    assert not any("refund" in ticket for ticket in index.history_ids)
    assert "refund" not in entries_found(index, "i want my money back")


@pytest.mark.parametrize("frame", ["documents", "history"])
def test_a_missing_column_is_named(frame):
    given = {"documents": documents(), "history": history()}
    given[frame] = given[frame].drop(columns="text")
    with pytest.raises(ValueError, match=rf"{frame} lack the columns \['text'\]"):
        build_index(given["documents"], given["history"], encode)


def test_settings_refuse_unknown_signals():
    with pytest.raises(ValueError, match="magic"):
        RetrievalSettings(signals=("passages", "magic"))


def test_documents_of_entries_hold_question_phrasings_and_answer_once():
    entries = pd.DataFrame(
        [
            {
                "entry_id": "e",
                "question": "How?",
                "phrasings": ["How?", "in what way"],
                "answer": "Press [the button](https://a.example/secret-slug) twice and wait for a minute.",
                "conditions": "{}",
            }
        ]
    )
    found = documents_of_entries(entries)
    assert found["kind"].tolist() == ["question", "phrasing", "passage"]
    assert "secret-slug" not in " ".join(found["text"])
    assert "the button" in found["text"].iloc[2]
