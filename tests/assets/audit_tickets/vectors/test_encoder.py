"""The real encoder from its packaged weights, and the errors of settings that cannot work."""

import shutil

import numpy as np
import pytest

from assets.audit_tickets.vectors.encoder import (
    EncoderSettingsError,
    encoder_revision,
    load_encoder,
    plan_batches,
    short_encoder_name,
)
from assets.audit_tickets.vectors.encoder_files import EncoderNotFoundError, digest_encoder_files, find_encoder_folder
from tests.encoders import HashingEncoder

TEXTS = [
    "I cannot log in with my password",
    "my password does not work when I sign in",
    "the printer prints blank pages",
    "",
    "short",
    "a long complaint about invoices that never seem to end " * 40,
    "メールを送信できません",
]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("all-MiniLM-L6-v2", max_tokens=64, device="cpu")


@pytest.fixture(scope="module")
def vectors(encoder):
    return encoder.encode(TEXTS)


# --- the real encoder ----------------------------------------------------------------------------------------


def test_the_packaged_encoder_loads_offline(encoder):
    assert (encoder.name, encoder.dimensions, encoder.max_tokens) == ("all-MiniLM-L6-v2", 384, 64)
    assert encoder.revision == encoder_revision(find_encoder_folder("all-MiniLM-L6-v2"), 64, "fp32")


def test_vectors_are_unit_length_and_put_alike_texts_together(vectors):
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), 384), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


def test_a_vector_does_not_depend_on_its_neighbours(encoder, vectors):
    """What a killed and resumed run needs to end in the same state as one that was not killed."""
    np.testing.assert_array_equal(encoder.encode(TEXTS[::-1])[::-1], vectors)
    for row, text in enumerate(TEXTS):
        np.testing.assert_array_equal(encoder.encode([text])[0], vectors[row])


def test_texts_are_cut_at_max_tokens(encoder, vectors):
    longer = TEXTS[5] + "something entirely different at the end"
    np.testing.assert_array_equal(encoder.encode([longer])[0], vectors[5])
    assert encoder.count_tokens(TEXTS).max() == 64


def test_progress_ends_at_the_number_of_texts(encoder):
    calls = []
    encoder.encode(TEXTS, lambda done, total: calls.append((done, total)))
    assert calls[-1] == (len(TEXTS), len(TEXTS))
    assert encoder.encode([]).shape == (0, 384)


def test_bf16_is_another_revision_and_nearly_the_same_numbers(encoder, vectors):
    fast = load_encoder("all-MiniLM-L6-v2", max_tokens=64, device="cpu", precision="bf16")
    assert fast.revision != encoder.revision
    rounded = fast.encode(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(rounded, axis=1), 1, atol=1e-6)
    assert (rounded * vectors).sum(axis=1).min() >= 0.999


# --- revision ------------------------------------------------------------------------------------------------


@pytest.fixture
def model_folder(tmp_path):
    folder = tmp_path / "my-model"
    (folder / "1_Pooling").mkdir(parents=True)
    for name in ("config.json", "modules.json", "tokenizer.json", "1_Pooling/config.json"):
        (folder / name).write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def test_the_revision_follows_everything_that_changes_numbers(model_folder):
    seen = [encoder_revision(model_folder, 128, "fp32")]
    seen += [encoder_revision(model_folder, 256, "fp32"), encoder_revision(model_folder, 128, "bf16")]
    for name in ("model.safetensors", "tokenizer.json", "1_Pooling/config.json"):
        (model_folder / name).write_text("changed " + name)
        seen.append(encoder_revision(model_folder, 128, "fp32"))
    assert len(set(seen)) == 6
    assert all(len(one) == 16 for one in seen)


def test_the_revision_ignores_what_changes_no_number(model_folder, tmp_path):
    before = encoder_revision(model_folder, 128, "fp32")
    (model_folder / "README.md").write_text("a paper")
    (model_folder / "pytorch_model.bin").write_bytes(b"the same weights again")
    (model_folder / "onnx").mkdir()
    (model_folder / "onnx" / "config.json").write_text("{}")
    copy = shutil.copytree(model_folder, tmp_path / "elsewhere")
    assert encoder_revision(model_folder, 128, "fp32") == encoder_revision(copy, 128, "fp32") == before


def test_weights_are_read_once_per_process(model_folder, monkeypatch):
    import hashlib

    before = digest_encoder_files(model_folder)
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("read again"))
    assert digest_encoder_files(model_folder) == before


# --- names and settings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2", "All-minilm-l6-V2"])
def test_the_packaged_model_is_found_under_its_names(name):
    assert (find_encoder_folder(name) / "model.safetensors").is_file()


def test_a_folder_is_taken_as_it_is(model_folder):
    assert find_encoder_folder(str(model_folder)) == model_folder.resolve()
    assert short_encoder_name(f"{model_folder}/") == "my-model"


def test_another_kind_of_model_is_loaded_from_a_folder(tmp_path):
    """A static one: no positions, no forward passes, no token limit of its own."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(find_encoder_folder("all-MiniLM-L6-v2") / "tokenizer.json"))
    folder = tmp_path / "static"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)], device="cpu").save(str(folder))
    static = load_encoder(str(folder), max_tokens=64, device="cpu")
    assert (static.name, static.dimensions) == ("static", 16)
    np.testing.assert_allclose(np.linalg.norm(static.encode(TEXTS[:3]), axis=1), 1, atol=1e-6)


def test_errors_say_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(EncoderNotFoundError, match="does not exist"):
        find_encoder_folder("./models/nowhere")
    with pytest.raises(EncoderNotFoundError, match=r"neither modules\.json nor"):
        find_encoder_folder(str(tmp_path))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with pytest.raises(EncoderNotFoundError, match=r"is not on this machine.*HF_HUB_OFFLINE=0.*all-MiniLM-L6-v2"):
        find_encoder_folder("someone/a-model-nobody-has")


def test_settings_that_cannot_work_are_refused():
    with pytest.raises(EncoderSettingsError, match="reads at most 512 tokens"):
        load_encoder("all-MiniLM-L6-v2", max_tokens=513, device="cpu")
    with pytest.raises(EncoderSettingsError, match="at least 1"):
        load_encoder("all-MiniLM-L6-v2", max_tokens=0)
    with pytest.raises(EncoderSettingsError, match="fp32 or bf16"):
        load_encoder("all-MiniLM-L6-v2", precision="int8")


# --- batches and the fake ------------------------------------------------------------------------------------


def test_batches_hold_every_text_once_and_keep_to_the_budget():
    counts = np.random.default_rng(1).integers(0, 300, 500)
    counts[7] = 5_000
    batches = plan_batches(counts, budget=1_000)
    assert sorted(np.concatenate([rows for rows, _ in batches]).tolist()) == list(range(500))
    for rows, length in batches:
        assert length - 16 < counts[rows].max() <= length
        assert len(rows) * length <= 1_000 or len(rows) == 1
    assert plan_batches(np.array([], dtype=np.int64), 1_000) == []


def test_the_hashing_encoder_is_deterministic_and_puts_alike_texts_together():
    vectors = HashingEncoder().encode(["reset my password", "how to reset the password", "printer is on fire", ""])
    np.testing.assert_array_equal(vectors[0], HashingEncoder().encode(["reset my password"])[0])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
