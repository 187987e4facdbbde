"""A text is encoded once: in this process, by an earlier one, or not at all where its vector is given."""

import numpy as np

from assets.audit_tickets.vectors.remembered_vectors import RememberedVectors
from assets.audit_tickets.vectors.vector_store import VectorStore
from tests.encoders import HashingEncoder


def test_each_text_is_encoded_once_and_answers_keep_their_order():
    encoder = HashingEncoder()
    encode = RememberedVectors(encoder)
    first = encode(["one", "two", "one"])
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(encode(["two"])[0], first[1])
    assert encoder.texts_encoded == ["one", "two"]
    assert encode([]).shape == (0, encoder.dimensions)


def test_a_later_run_finds_what_was_stored(tmp_path):
    before = RememberedVectors(HashingEncoder(), VectorStore(tmp_path, "texts"))(["one", "two"])
    encoder = HashingEncoder()
    after = RememberedVectors(encoder, VectorStore(tmp_path, "texts"))(["two", "one"])
    assert np.array_equal(before[::-1], after)
    assert encoder.texts_encoded == []


def test_what_is_given_is_neither_encoded_nor_stored(tmp_path):
    encoder, store = HashingEncoder(), VectorStore(tmp_path, "texts")
    given = {"known": np.ones(encoder.dimensions, dtype=np.float32)}
    encode = RememberedVectors(encoder, store, given=given)
    assert np.array_equal(encode(["known", "new"])[0], given["known"])
    assert encoder.texts_encoded == ["new"]
    assert len(store.stored_hashes()) == 1


def test_what_nobody_asks_for_any_more_is_erased(tmp_path):
    store = VectorStore(tmp_path, "texts")
    RememberedVectors(HashingEncoder(), store)(["one", "two"])
    encode = RememberedVectors(HashingEncoder(), store)
    encode(["two"])
    assert encode.forget_others() == 1
    assert len(store.stored_hashes()) == 1
