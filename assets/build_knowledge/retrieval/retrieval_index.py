"""The index: documents, what history taught, and how signals count; built by one deterministic function.

Belongs here: putting the parts together. Does not belong here: saving
(``index_files``), ranking with conditions and reasons (``retrieve``), where history comes from
(``answered_tickets``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from assets.audit_tickets.categories.text_features import TextFeatures
from assets.build_knowledge.conditions import load_conditions
from assets.build_knowledge.retrieval.article_links import strip_links
from assets.build_knowledge.retrieval.choice_model import wording_directions
from assets.build_knowledge.retrieval.combination import Combination, fixed_combination, learn_combination
from assets.build_knowledge.retrieval.document_signals import Documents, document_signals
from assets.build_knowledge.retrieval.entry_models import EntryModels, Examples, kernel, unit, whole_entries
from assets.build_knowledge.retrieval.retrieval_settings import HISTORY_SIGNALS, RetrievalSettings
from assets.build_knowledge.retrieval.word_index import WordIndex

if TYPE_CHECKING:
    import pandas as pd

Encode = Callable[[Sequence[str]], np.ndarray]
DOCUMENT_COLUMNS = ("entry_id", "kind", "text", "conditions")
HISTORY_COLUMNS = ("ticket_id", "text", "entry_id", "weight", "answered_at", "requester_id")
MESSAGE = "message"
"""Column of history that may be left out: 0 for the question of a ticket, 1 and on for what the person wrote later."""
MAX_QUESTION_CHARS = 2_000


@dataclass
class RetrievalIndex:
    """Everything ``retrieve`` needs; plain arrays and texts.

    ``models`` is None without enough history. ``history_ids`` are the tickets ``models.history`` is in the order of: a
    ticket's question first, then what the person wrote later.
    """

    settings: RetrievalSettings
    encoder_revision: str
    documents: Documents
    features: TextFeatures
    history_ids: list[str]
    models: EntryModels | None
    combination: Combination

    @property
    def entries(self) -> list[str]:
        """Entry ids in column order of every score."""
        return self.documents.entries

    def wording(self, texts: Sequence[str]) -> Any:
        """TF-IDF of texts, sparse (texts, terms)."""
        return _wording(self.features, texts)

    def signals(
        self, texts: Sequence[str], vectors: np.ndarray, wording: Any, is_allowed: np.ndarray | None = None
    ) -> dict[str, np.ndarray]:
        """Scores by signal, each (questions, entries).

        ``wording`` is what ``wording`` makes of the texts; ``is_allowed`` (documents,) leaves documents out.
        """
        found = document_signals(self.documents, texts, vectors, is_allowed)
        if self.models is not None:
            found |= self.models.scores(vectors, wording, self.settings)
        return {name: found[name] for name in self.combination.weights}


def build_index(
    documents: pd.DataFrame,
    history: pd.DataFrame,
    encode: Encode,
    settings: RetrievalSettings | None = None,
    encoder_revision: str = "",
    on_progress: Callable[[int, int], None] | None = None,
) -> RetrievalIndex:
    """Build the index.

    Args:
        documents: ``DOCUMENT_COLUMNS``; the texts entries are found by (``documents.documents_of_articles``).
        history: ``HISTORY_COLUMNS``; past tickets whose answer is known, a row a ticket and entry, and with the column
            ``MESSAGE`` a row a message of it. Only training tickets: nothing is filtered here. Rows about entries that
            have no document are left out. Later messages teach the models of entries; how much each signal counts is
            learnt from questions alone, which is what will be asked.
        encode: texts to unit vectors, from the encoder named by ``encoder_revision``; called twice.
        on_progress: called with (steps done, steps).

    Returns:
        An index that is equal to the last bit for the same rows in any order.

    Raises:
        ValueError: a frame lacks a column, a document is of an unknown kind, or a condition cannot be read.
    """
    settings = settings or RetrievalSettings()
    steps = settings.folds + 2
    tell = on_progress or (lambda done, total: None)
    held = _documents(documents, encode)
    past = _history(history, held.entries, settings)
    uses_history = bool(set(settings.signals) & set(HISTORY_SIGNALS)) and len(past.ids) > 0
    features = TextFeatures(settings.features).fit([*held.texts, *past.texts] if uses_history else [])
    tell(1, steps)
    names = [name for name in settings.signals if uses_history or name not in HISTORY_SIGNALS]
    index = RetrievalIndex(
        settings, encoder_revision, held, features, [], None, fixed_combination(names, settings.starting_weights)
    )
    if not past.ids:
        return index
    vectors = np.asarray(encode(past.texts), dtype=np.float32)
    examples = Examples(vectors, _wording(features, past.texts), past.answers, past.weights)
    as_examples = _document_examples(held, features)
    among = kernel(as_examples.vectors, as_examples.wording, as_examples) if uses_history else np.zeros((0, 0))
    directions = _directions(examples, as_examples, features, settings) if uses_history else np.zeros((0, 0))
    if past.is_question.sum() >= settings.min_history_to_learn:
        asked = np.flatnonzero(past.is_question)
        unseen: dict[str, np.ndarray] = document_signals(held, [past.texts[row] for row in asked], vectors[asked])
        if uses_history:
            unseen |= _unseen_scores(
                examples, past, as_examples, among, directions, settings, lambda done: tell(1 + done, steps)
            )
        index.combination = learn_combination(
            {name: unseen[name] for name in names},
            past.answers[asked],
            settings.starting_weights,
            settings.stiffness,
        )
    if uses_history:
        index.models = EntryModels.fit(examples, as_examples, settings, among, directions)
        index.history_ids = past.ids
    tell(steps, steps)
    return index


def question_text(text: str) -> str:
    """A question as the index reads it: without addresses, cut."""
    return strip_links(text)[:MAX_QUESTION_CHARS].strip()


@dataclass
class _Past:
    """A row a message: of a ticket its question, then what came later."""

    ids: list[str]
    is_question: np.ndarray
    texts: list[str]
    answers: np.ndarray
    weights: np.ndarray
    folds: np.ndarray


def _documents(frame: pd.DataFrame, encode: Encode) -> Documents:
    _need(frame, DOCUMENT_COLUMNS, "documents")
    rows = sorted(set(frame[list(DOCUMENT_COLUMNS)].itertuples(index=False, name=None)))
    if unknown := {kind for _, kind, _, _ in rows} - {"question", "phrasing", "passage"}:
        raise ValueError(f"documents are of kind {sorted(unknown)}; a document is a question, phrasing or passage")
    entries = sorted({entry for entry, _, _, _ in rows})
    place = {entry: number for number, entry in enumerate(entries)}
    texts = [text for _, _, text, _ in rows]
    distinct = list(dict.fromkeys(texts))
    encoded = np.asarray(encode(distinct), dtype=np.float32) if distinct else np.zeros((0, 1), dtype=np.float32)
    at = {text: number for number, text in enumerate(distinct)}
    return Documents(
        entries,
        np.array([place[entry] for entry, _, _, _ in rows], dtype=np.int64),
        [kind for _, kind, _, _ in rows],
        texts,
        [load_conditions(conditions) for _, _, _, conditions in rows],
        unit(encoded[[at[text] for text in texts]]) if texts else encoded,
        WordIndex.fit(texts) if texts else WordIndex(),
    )


def _history(frame: pd.DataFrame, entries: list[str], settings: RetrievalSettings) -> _Past:
    """Messages of past tickets in a fixed order, newest tickets kept, with their answers as a matrix and folds by
    requester."""
    import pandas as pd

    _need(frame, HISTORY_COLUMNS, "history")
    place = {entry: number for number, entry in enumerate(entries)}
    known = frame[frame["entry_id"].isin(place)]
    known = known.assign(**{MESSAGE: known[MESSAGE].astype(int) if MESSAGE in known else 0})
    known = known[known[MESSAGE] <= settings.later_messages]
    keys = ["ticket_id", MESSAGE]
    messages = known.sort_values(["answered_at", *keys]).drop_duplicates(keys)
    newest = messages.drop_duplicates("ticket_id").tail(settings.max_history)["ticket_id"].tolist()
    size = messages["ticket_id"].value_counts()
    fitting = int(np.searchsorted(np.cumsum([size[ticket] for ticket in newest[::-1]]), settings.max_history, "right"))
    messages = messages[messages["ticket_id"].isin(newest[len(newest) - fitting :])].sort_values(
        keys, ignore_index=True
    )
    ids, numbers = messages["ticket_id"].tolist(), messages[MESSAGE].to_numpy(dtype=int)
    row_of = {key: row for row, key in enumerate(zip(ids, numbers.tolist(), strict=True))}
    answers = np.zeros((len(ids), len(entries)), dtype=np.float32)
    for ticket, number, entry, weight in known[[*keys, "entry_id", "weight"]].itertuples(index=False):
        if (row := row_of.get((ticket, number))) is not None:
            answers[row, place[entry]] = max(answers[row, place[entry]], weight)
    strongest = answers.max(axis=1, initial=0.0)
    is_question = numbers == 0
    weights = known[known[MESSAGE] == 0].groupby("ticket_id")["weight"].sum().clip(upper=1.0)
    counted = np.array([weights.get(ticket, 0.0) for ticket in ids], dtype=np.float32)
    counted[~is_question] *= settings.later_weight
    if settings.half_life_days and ids:
        at = pd.to_datetime(messages["answered_at"])
        age = (at.max() - at).dt.total_seconds().to_numpy()
        counted *= (0.5 ** (age / 86_400 / settings.half_life_days)).astype(np.float32)
    folds = np.array([_fold(str(requester), settings.folds) for requester in messages["requester_id"]], dtype=np.int64)
    texts = [question_text(text) for text in messages["text"]]
    shares = answers / np.maximum(strongest, 1e-9)[:, None]
    return _Past(ids, is_question, texts, shares, counted, folds)


def _unseen_scores(
    examples: Examples,
    past: _Past,
    documents: Examples,
    among: np.ndarray,
    directions: np.ndarray,
    settings: RetrievalSettings,
    tell: Callable[[int], None],
) -> dict[str, np.ndarray]:
    """Scores of every past question by models that saw neither its ticket nor another of its requester."""
    found: dict[str, np.ndarray] = {}
    asked = np.flatnonzero(past.is_question)
    for fold in range(settings.folds):
        inside = np.flatnonzero(past.folds != fold)
        mine = np.flatnonzero(past.folds[asked] == fold)
        outside = asked[mine]
        if len(outside) and len(inside):
            fitted = EntryModels.fit(examples.rows(inside), documents, settings, among, directions)
            scores = fitted.scores(examples.vectors[outside], examples.wording[outside], settings)
            for name, values in scores.items():
                found.setdefault(name, np.zeros((len(asked), values.shape[1]), dtype=np.float32))[mine] = values
        tell(fold + 1)
    return found


def _document_examples(documents: Documents, features: TextFeatures) -> Examples:
    answers = np.zeros((len(documents.texts), len(documents.entries)), dtype=np.float32)
    answers[np.arange(len(documents.texts)), documents.entry] = 1.0
    ones = np.ones(len(documents.texts), dtype=np.float32)
    return Examples(documents.vectors, _wording(features, documents.texts), answers, ones)


def _directions(
    examples: Examples, documents: Examples, features: TextFeatures, settings: RetrievalSettings
) -> np.ndarray:
    """Directions of wording over past tickets and whole entries; answers play no part in them."""
    from scipy import sparse

    texts = sparse.vstack([examples.wording, whole_entries(documents).wording], format="csr")
    return wording_directions(texts, len(features.terms.get("word", [])), settings)


def _wording(features: TextFeatures, texts: Sequence[str]) -> Any:
    return features.transform(texts, np.zeros((len(texts), 1), dtype=np.float32))[:, 1:]


def _fold(requester: str, folds: int) -> int:
    return int(hashlib.sha256(requester.encode()).hexdigest()[:8], 16) % folds


def _need(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    if absent := [column for column in columns if column not in frame]:
        raise ValueError(f"{name} lack the columns {absent}")


def index_version(index: RetrievalIndex) -> str:
    """Hash that changes whenever an answer could: documents, history, settings, weights, encoder."""
    recipe: Mapping[str, Any] = {
        "settings": asdict(index.settings),
        "encoder": index.encoder_revision,
        "documents": [index.documents.entries, index.documents.texts, index.documents.conditions],
        "history": index.history_ids,
        "weights": [index.combination.weights, index.combination.place_weights],
        "curve": index.combination.curve,
    }
    return "retrieval_" + hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:12]
