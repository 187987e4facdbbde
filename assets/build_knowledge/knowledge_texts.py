"""What of an entry is searched, each text with an id of its own: its question, its phrasings, the passages of its answer.

Belongs here: naming the texts that have a vector, and comparing them with the vectors there are. Does not belong here:
cutting answers (``retrieval.documents``), encoding (``audit_tickets.vectors``), searching (``retrieval``).
"""

from __future__ import annotations

import hashlib

import pandas as pd

from assets.build_knowledge.retrieval.documents import documents_of_entries

TEXT_COLUMNS = ("vector_id", "entry_id", "content_hash", "kind", "text")


def knowledge_texts(live: pd.DataFrame) -> pd.DataFrame:
    """Cut live entries into the texts that are searched.

    Args:
        live: ``live_entries``: entry_id, content_hash, conditions, question, phrasings, answer.

    Returns:
        frame [phrasing or passage], ``TEXT_COLUMNS``, ordered by entry: ``kind`` is question, phrasing or passage.
        ``vector_id`` is the SHA-256 of entry, version, kind and text: an edited entry gets new ids for all its texts,
        and no other entry does.
    """
    texts = documents_of_entries(live).merge(live[["entry_id", "content_hash"]], on="entry_id")
    named = texts[["entry_id", "content_hash", "kind", "text"]].to_numpy().tolist()
    texts["vector_id"] = [hashlib.sha256("\x1f".join(parts).encode()).hexdigest() for parts in named]
    frame = texts[list(TEXT_COLUMNS)].astype("str").drop_duplicates("vector_id")
    return frame.sort_values(["entry_id", "kind", "vector_id"], ignore_index=True)


def match_vectors(texts: pd.DataFrame, stored: list[str]) -> pd.DataFrame:
    """Lay the texts that should have a vector beside the vectors there are.

    Args:
        texts: ``knowledge_vectors``: vector_id, entry_id, kind, encoder_revision.
        stored: the id of every stored vector; one stored twice is listed twice.

    Returns:
        frame [text or vector]: vector_id, entry_id (null: a vector nothing live accounts for), kind, count_vectors (0:
        a live text without one), encoder_revision.
    """
    counts = pd.Series(stored, dtype="str").value_counts().rename("count_vectors").rename_axis("vector_id")
    wanted = texts[["vector_id", "entry_id", "kind", "encoder_revision"]]
    matched = wanted.merge(counts.reset_index(), on="vector_id", how="outer")
    matched["count_vectors"] = matched["count_vectors"].fillna(0).astype("int64")
    return matched
