"""The index over a choice of entries, from the vectors that lie in the lake: nothing is encoded twice.

Belongs here: gathering what such an index is built from. Does not belong here: what it learns from
(``updates.update_history``), the index over all that is live (the asset ``retrieval_index``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.audit_tickets.vectors.vector_store import VectorStore
    from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex
    from assets.configure_behavior.releases.agent_release import AgentRelease
    from orchestration.lake import Lake
    from orchestration.resources import DeskResource

Encode = Callable[[Sequence[str]], np.ndarray]


def index_over(desk: DeskResource, encoder: Encoder, entries: pd.DataFrame, base: AgentRelease) -> RetrievalIndex:
    """The index over exactly these entries, with what a release learnt from its past tickets.

    Args:
        entries: rows of ``live_entries``. base: the release that they change.

    Raises:
        NotMaterialised: a frame was never written.
    """
    from assets.build_knowledge.knowledge_texts import knowledge_texts
    from assets.build_knowledge.retrieval.documents import documents_of_entries
    from assets.build_knowledge.retrieval.retrieval_index import build_index
    from assets.build_knowledge.variants import share_phrasings
    from assets.retrain_agent.updates.update_history import update_history

    lake = desk.lake
    known = {(one.entry_id, one.content_hash) for one in base.entries.values()}
    pairs = zip(entries["entry_id"], entries["content_hash"], strict=True)
    history = update_history(
        base.index,
        {name for name, content in pairs if (name, content) not in known},
        entries,
        lake.read("answered_tickets"),
        lake.read("ticket_vectors", ["ticket_id", "text"]),
        lake.read("fct_tickets", ["ticket_id", "requester_id", "created_at"]),
        lake.read("redacted_comments", ["ticket_id", "author_role", "is_public", "created_at", "text"]),
    )
    encode = known_encoding(lake, encoder, history["ticket_id"], knowledge_texts(entries), history["text"])
    documents = documents_of_entries(share_phrasings(entries))
    return build_index(documents, history, encode, base.index.settings, encoder_revision=encoder.revision)


def known_encoding(
    lake: Lake,
    encoder: Encoder,
    ticket_ids: Iterable[str],
    knowledge: pd.DataFrame | None = None,
    history: pd.Series | None = None,
) -> Encode:
    """The encoder as a callable that remembers, and knows the vectors of tickets and entries that lie in the lake.

    Args:
        ticket_ids: tickets whose texts will be asked for. knowledge: ``knowledge_texts`` of the entries. history: what
            customers wrote, as the index reads it.
    """
    from assets.audit_tickets.vectors.remembered_vectors import text_hash
    from assets.audit_tickets.vectors.vector_store import VectorStore
    from assets.retrain_agent.trials.remembered_encoding import remembering

    tickets = lake.read("ticket_vectors", ["ticket_id", "text", "text_hash"])
    tickets = tickets[tickets["ticket_id"].isin(set(ticket_ids))].drop_duplicates("text_hash")
    given = _stored(VectorStore(lake.vectors), tickets["text"], tickets["text_hash"], encoder.revision)
    if knowledge is not None:
        store = VectorStore(lake.vectors, "knowledge_vectors")
        given |= _stored(store, knowledge["text"], knowledge["vector_id"], encoder.revision)
    if history is not None:
        said = history.drop_duplicates()
        given |= _stored(VectorStore(lake.vectors, "history_texts"), said, said.map(text_hash), encoder.revision)
    return remembering(encoder.encode, given)


def _stored(store: VectorStore, texts: pd.Series, hashes: pd.Series, revision: str) -> dict[str, np.ndarray]:
    known = hashes.isin(store.known_hashes(revision))
    vectors = store.load_vectors(hashes[known], revision)
    return dict(zip(texts[known], vectors, strict=True))
