"""Nothing is encoded twice, a kill loses little, and what is erased is gone from disk."""

import hashlib
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from assets.audit_tickets.vectors.vector_store import MissingVectorsError, VectorStore
from assets.audit_tickets.vectors.vector_table import VectorStoreError
from tests.conftest import ROOT
from tests.encoders import HashingEncoder


def make_texts(count, prefix="ticket"):
    texts = [f"{prefix} number {n} about the printer {'again ' * (n % 7)}" for n in range(count)]
    return pd.DataFrame({"text_hash": [hashlib.sha256(text.encode()).hexdigest() for text in texts], "text": texts})


@pytest.fixture
def store(tmp_path):
    return VectorStore(tmp_path / "vectors")


@pytest.fixture
def encoder():
    return HashingEncoder(dimensions=32)


def test_only_new_texts_are_encoded(store, encoder):
    first = store.upsert_missing(make_texts(30), encoder, chunk_size=8)
    again = store.upsert_missing(make_texts(40), encoder, chunk_size=8)
    assert (first.encoded, first.reused) == (30, 0)
    assert (again.encoded, again.reused) == (10, 30)
    assert sorted(encoder.texts_encoded) == sorted(make_texts(40)["text"])
    assert store.count_vectors() == {encoder.revision: 40}
    last = store.upsert_missing(make_texts(40), encoder)
    assert (last.encoded, last.reused, last.texts_per_second) == (0, 40, 0.0)


def test_vectors_come_back_aligned_and_bit_equal(store, encoder):
    texts = make_texts(300)
    store.upsert_missing(texts, encoder, chunk_size=64)
    wanted = texts.sample(frac=1, random_state=1)
    wanted = pd.concat([wanted, wanted.head(3)])
    loaded = store.load_vectors(wanted["text_hash"], encoder.revision)
    assert loaded.dtype == np.float32
    np.testing.assert_array_equal(loaded, encoder.encode(wanted["text"].tolist()))
    few = store.load_vectors(wanted["text_hash"].head(5), encoder.revision)
    np.testing.assert_array_equal(few, loaded[:5])
    assert store.load_vectors([], encoder.revision).shape == (0, 32)


def test_two_revisions_live_side_by_side(store, encoder):
    other = HashingEncoder(dimensions=32, seed=1)
    texts = make_texts(5)
    store.upsert_missing(texts, encoder)
    assert store.upsert_missing(texts, other).encoded == 5
    one, two = (store.load_vectors(texts["text_hash"], one.revision) for one in (encoder, other))
    assert not np.array_equal(one, two)


def test_equal_texts_are_encoded_once(store, encoder):
    texts = make_texts(3)
    report = store.upsert_missing(pd.concat([texts, texts]), encoder)
    assert report.encoded == len(encoder.texts_encoded) == 3


def test_progress_counts_texts_up_to_the_total(store, encoder):
    calls = []
    store.upsert_missing(make_texts(20), encoder, lambda done, total: calls.append((done, total)), chunk_size=6)
    assert calls == sorted(calls)
    assert calls[-1] == (20, 20)
    assert len({done for done, _ in calls}) == 4


def test_nothing_is_created_before_the_first_write(store, encoder, tmp_path):
    assert store.known_hashes(encoder.revision) == set()
    assert store.count_vectors() == {}
    assert store.upsert_missing(make_texts(0), encoder).encoded == 0
    with pytest.raises(MissingVectorsError, match="encode first"):
        store.load_vectors(["ab"], encoder.revision)
    assert not (tmp_path / "vectors").exists()


def test_missing_vectors_are_counted_and_named(store, encoder):
    texts = make_texts(3)
    store.upsert_missing(texts, encoder)
    with pytest.raises(MissingVectorsError, match="2 of 5 texts have no vector in encoder revision hashing-32-0"):
        store.load_vectors([*texts["text_hash"], "beef", "cafe"], encoder.revision)
    with pytest.raises(MissingVectorsError, match="3 of 3"):
        store.load_vectors(texts["text_hash"], "another-revision")


# --- a run that is cut short ---------------------------------------------------------------------------------


class Interrupted(HashingEncoder):
    """Fails at its third call, as a killed process would stop between two chunks."""

    calls = 0

    def encode(self, texts, on_progress=None):
        self.calls += 1
        if self.calls == 3:
            raise KeyboardInterrupt
        return super().encode(texts, on_progress)


def test_an_interrupted_run_is_taken_up_where_it_stopped(store, encoder):
    with pytest.raises(KeyboardInterrupt):
        store.upsert_missing(make_texts(50), Interrupted(dimensions=32), chunk_size=10)
    assert store.count_vectors() == {encoder.revision: 20}
    assert store.upsert_missing(make_texts(50), encoder, chunk_size=10).encoded == 30


SLOW_RUN = """
import sys, time
from assets.audit_tickets.vectors.vector_store import VectorStore
from tests.assets.audit_tickets.vectors.test_vector_store import make_texts
from tests.encoders import HashingEncoder

class Slow(HashingEncoder):
    def encode(self, texts, on_progress=None):
        time.sleep(float(sys.argv[2]))
        return super().encode(texts, on_progress)

report = VectorStore(sys.argv[1]).upsert_missing(make_texts(60), Slow(dimensions=32), chunk_size=5)
print(report.encoded)
"""


def start_slow_run(folder, pause):
    return subprocess.Popen(
        [sys.executable, "-c", SLOW_RUN, str(folder), str(pause)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def wait_for_vectors(store, count, process):
    until = time.monotonic() + 120
    while sum(store.count_vectors().values()) < count:
        assert process.poll() is None, "the run ended before it was killed"
        assert time.monotonic() < until, "the run wrote nothing"
        time.sleep(0.02)


def test_a_killed_process_loses_only_what_it_had_not_written(store, encoder, tmp_path):
    process = start_slow_run(tmp_path / "vectors", pause=0.3)
    wait_for_vectors(store, 15, process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    written = store.count_vectors()[encoder.revision]
    assert 15 <= written < 60
    assert store.upsert_missing(make_texts(60), encoder).encoded == 60 - written
    texts = make_texts(60)
    loaded = store.load_vectors(texts["text_hash"], encoder.revision)
    np.testing.assert_array_equal(loaded, encoder.encode(texts["text"].tolist()))


def test_two_processes_at_once_store_every_text_once(store, encoder, tmp_path):
    processes = [start_slow_run(tmp_path / "vectors", pause=0.01) for _ in range(2)]
    encoded = [int(process.communicate(timeout=240)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum(encoded) >= 60
    assert store.count_vectors() == {encoder.revision: 60}


def test_a_first_write_killed_before_its_commit_is_no_obstacle(store, encoder, tmp_path):
    (tmp_path / "vectors" / "ticket_vectors.lance" / "data").mkdir(parents=True)
    assert store.upsert_missing(make_texts(3), encoder).encoded == 3


# --- erasure -------------------------------------------------------------------------------------------------


def files_with(folder, needle):
    return [file for file in folder.rglob("*") if file.is_file() and needle in file.read_bytes()]


def test_pruned_vectors_are_gone_from_disk(store, encoder, tmp_path):
    texts = make_texts(500)
    store.upsert_missing(texts, encoder, chunk_size=100)
    gone = texts["text_hash"].iloc[123]
    vector = store.load_vectors([gone], encoder.revision).tobytes()
    assert files_with(tmp_path, gone.encode()), "the hash is not stored in clear, so this test would prove nothing"
    assert files_with(tmp_path, vector), "the vector is not stored in clear, so this test would prove nothing"
    report = store.prune(set(texts["text_hash"]) - {gone})
    assert (report.kept, report.erased) == (499, 1)
    assert files_with(tmp_path, gone.encode()) == []
    assert files_with(tmp_path, vector) == []
    with pytest.raises(MissingVectorsError):
        store.load_vectors([gone], encoder.revision)
    rest = texts[texts["text_hash"] != gone]
    np.testing.assert_array_equal(
        store.load_vectors(rest["text_hash"], encoder.revision), encoder.encode(rest["text"].tolist())
    )


def test_an_erasure_cut_short_is_finished_by_the_next(store, encoder, tmp_path, monkeypatch):
    texts = make_texts(10)
    store.upsert_missing(texts, encoder)
    gone, keep = texts["text_hash"].iloc[0], set(texts["text_hash"].iloc[1:])
    from lancedb.table import LanceTable

    with monkeypatch.context() as patched:
        patched.setattr(LanceTable, "optimize", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.prune(keep)
    assert files_with(tmp_path, gone.encode())
    assert store.prune(keep).erased == 0
    assert files_with(tmp_path, gone.encode()) == []


def test_a_revision_can_be_erased_whole(store, encoder):
    texts = make_texts(4)
    other = HashingEncoder(dimensions=32, seed=1)
    for one in (encoder, other):
        store.upsert_missing(texts, one)
    assert store.prune(set(texts["text_hash"]), keep_revisions={other.revision}).erased == 4
    assert store.count_vectors() == {other.revision: 4}


def test_everything_can_be_erased_and_encoded_again(store, encoder, tmp_path):
    texts = make_texts(4)
    store.upsert_missing(texts, encoder)
    assert store.prune(set()).kept == 0
    assert files_with(tmp_path, texts["text_hash"].iloc[0].encode()) == []
    assert store.upsert_missing(texts, encoder).encoded == 4


def test_a_tag_refuses_erasure_instead_of_pretending(store, encoder, tmp_path):
    import lancedb

    store.upsert_missing(make_texts(4), encoder)
    table = lancedb.connect(tmp_path / "vectors").open_table("ticket_vectors")
    table.tags.create("release", table.version)
    with pytest.raises(VectorStoreError, match="'release'"):
        store.prune(set())
    assert store.count_vectors() == {encoder.revision: 4}


def test_texts_are_not_stored(store, encoder, tmp_path):
    store.upsert_missing(make_texts(20, prefix="unmistakable"), encoder)
    assert files_with(tmp_path, b"unmistakable") == []


# --- what is wrong is said -----------------------------------------------------------------------------------


def test_other_dimensions_are_refused_before_encoding(store, encoder):
    store.upsert_missing(make_texts(3), encoder)
    wider = HashingEncoder(dimensions=64)
    with pytest.raises(VectorStoreError, match="holds vectors of 32 dimensions, the encoder hashing makes 64"):
        store.upsert_missing(make_texts(3), wider)
    assert wider.texts_encoded == []


def test_a_damaged_table_says_where_and_what_helps(store, encoder, tmp_path):
    texts = make_texts(300)
    store.upsert_missing(texts, encoder)
    [data] = (tmp_path / "vectors").rglob("data/*.lance")
    data.write_bytes(data.read_bytes()[:200])
    with pytest.raises(VectorStoreError, match=r"ticket_vectors\.lance cannot be read.*delete that folder"):
        store.load_vectors(texts["text_hash"], encoder.revision)


@pytest.mark.parametrize("fault", ["nan", "long", "few"])
def test_vectors_that_are_none_are_refused(store, encoder, fault):
    class Faulty(HashingEncoder):
        def encode(self, texts, on_progress=None):
            vectors = super().encode(texts, on_progress)
            return {"nan": vectors * np.nan, "long": vectors * 2, "few": vectors[1:]}[fault]

    with pytest.raises(VectorStoreError, match="encoder hashing returned"):
        store.upsert_missing(make_texts(3), Faulty(dimensions=32))
    assert store.count_vectors() == {}


def test_bad_texts_are_refused(store, encoder):
    with pytest.raises(ValueError, match="two different texts"):
        store.upsert_missing(pd.DataFrame({"text_hash": ["a", "a"], "text": ["x", "y"]}), encoder)
    with pytest.raises(ValueError, match="without hash or without text"):
        store.upsert_missing(pd.DataFrame({"text_hash": ["a"], "text": [None]}), encoder)
    with pytest.raises(ValueError, match="text_hash"):
        store.upsert_missing(pd.DataFrame({"text": ["x"]}), encoder)


def test_a_hash_cannot_smuggle_a_filter(store, encoder):
    store.upsert_missing(make_texts(3), encoder)
    with pytest.raises(ValueError, match="no hash or revision"):
        store.load_vectors(["x') or ('1' = '1"], encoder.revision)
    with pytest.raises(ValueError, match="no hash or revision"):
        store.known_hashes("x' or '1' = '1")
