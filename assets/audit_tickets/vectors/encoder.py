"""Text to vector: the encoder every later stage shares, and the revision that names exactly what it computes.

Belongs here: the ``Encoder`` interface, loading one through sentence-transformers, batching by token count.
Does not belong here: where the files are (``encoder_files.py``), which texts still need a vector and where vectors
are kept (``vectors.py``), what is done with vectors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import numpy as np

from assets.audit_tickets.vectors.encoder_files import digest_encoder_files, find_encoder_folder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Progress = Callable[[int, int], None]
Precision = Literal["fp32", "bf16"]

# Tokens in one forward pass. On two cores 2,048 to 16,384 are equally fast and smaller passes are slower;
# an accelerator wants more at once.
_TOKENS_PER_BATCH = {"cpu": 8_192, "accelerator": 131_072}
_ROWS_PER_BATCH = 512
# What keeps a text's vector equal to the last bit in any company: its padded length depends on itself alone (vector
# instructions sum a row in steps of up to 16 numbers), and no matrix is so small that another kernel takes it.
_PAD_TO = 16
_FEWEST_TOKENS = 64


class Encoder(Protocol):
    """Turns texts into vectors whose dot product is their cosine similarity."""

    name: str
    """What people call it, as in reports: ``all-MiniLM-L6-v2``."""
    revision: str
    """Hash of everything that changes the numbers; vectors of two revisions must never be compared."""
    dimensions: int
    """Length of a vector."""

    def encode(self, texts: Sequence[str], on_progress: Progress | None = None) -> np.ndarray:
        """Vectors of ``texts`` in their order: float32 of shape [len(texts), dimensions], each of length 1.

        A text without a token the encoder knows may give a vector of zeros: similar to nothing.
        """
        ...


class EncoderSettingsError(ValueError):
    """The encoder cannot work with the settings asked for; the message says which would do."""


class SentenceEncoder:
    """An encoder of the sentence-transformers family (method: Reimers and Gurevych, 2019).

    Texts are encoded in batches of similar token count, so that little is computed on padding. On the CPU tried, a
    text's vector is equal to the last bit whatever is encoded with it, so that a run that was interrupted and
    taken up again ends in the same state as one that was not.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        name: str,
        revision: str,
        dimensions: int,
        max_tokens: int,
        precision: Precision,
    ) -> None:
        self.name = name
        self.revision = revision
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self.precision: Precision = precision
        self._model = model
        # A model whose last positions are no full step is left to pad as it likes.
        self._pad_to = (
            None if (limit := _longest_input(model)) and -(-max_tokens // _PAD_TO) * _PAD_TO > limit else _PAD_TO
        )
        self._budget = _TOKENS_PER_BATCH["cpu" if model.device.type == "cpu" else "accelerator"]

    @property
    def device(self) -> str:
        """Where it computes: ``cpu``, ``cuda:0``, ``mps:0``."""
        return str(self._model.device)

    def encode(self, texts: Sequence[str], on_progress: Progress | None = None) -> np.ndarray:
        """See :meth:`Encoder.encode`. ``on_progress`` is called after every batch with (texts done, texts)."""
        texts = list(texts)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        done = 0
        for rows, length in plan_batches(self.count_tokens(texts), self._budget):
            batch = [texts[row] for row in rows]
            batch += [""] * (-(-_FEWEST_TOKENS // length) - len(batch))
            output = self._model.encode(
                batch,
                batch_size=len(batch),
                convert_to_tensor=True,
                show_progress_bar=False,
                processing_kwargs={"text": {"pad_to_multiple_of": self._pad_to}},
            )
            vectors[rows] = output[: len(rows)].float().cpu().numpy()
            done += len(rows)
            if on_progress is not None:
                on_progress(done, len(texts))
        # Again in float32: a bf16 model's own normalisation is off by up to half a percent.
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(lengths == 0, 1, lengths)

    def count_tokens(self, texts: Sequence[str]) -> np.ndarray:
        """Tokens per text after the cut at ``max_tokens`` (int64); characters where the model has no such tokenizer."""
        from transformers import PreTrainedTokenizerBase

        tokenizer = self._model.tokenizer
        if not texts or not isinstance(tokenizer, PreTrainedTokenizerBase):
            return np.array([len(text) for text in texts], dtype=np.int64)
        cut = tokenizer(list(texts), truncation=True, max_length=self.max_tokens, return_attention_mask=False)
        return np.array([len(ids) for ids in cut["input_ids"]], dtype=np.int64)


def plan_batches(count_tokens: np.ndarray, budget: int) -> list[tuple[np.ndarray, int]]:
    """Batches as (row numbers, padded length), shortest first; at most ``budget`` tokens each, or a single text.

    Only texts that are padded to the same length meet in a batch. The plan depends on the counts alone.
    """
    padded = -(-np.maximum(count_tokens, 1) // _PAD_TO) * _PAD_TO
    batches = []
    for length in np.unique(padded).tolist():
        rows = np.flatnonzero(padded == length)
        size = min(max(budget // length, 1), _ROWS_PER_BATCH)
        batches += [(rows[start : start + size], length) for start in range(0, len(rows), size)]
    return batches


def load_encoder(
    name: str = "all-MiniLM-L6-v2", max_tokens: int = 256, device: str | None = None, precision: Precision = "fp32"
) -> SentenceEncoder:
    """Load the encoder called ``name``.

    Args:
        name: ``all-MiniLM-L6-v2`` (its weights are installed with the project), a folder, or a hub name.
        max_tokens: longer texts are cut there; a model without positions (a static one) reads them whole. Cost is per
            token.
        device: torch device; by default an accelerator where there is one, else the CPU.
        precision: ``fp32``, or ``bf16`` for about twice the speed on a CPU with bf16 instructions
            (:func:`has_fast_bf16`), at a cosine of 0.9998 or better to fp32. It is part of the revision and never
            chosen silently, so that one desk has one revision on every machine.

    Raises:
        EncoderNotFoundError: no such encoder on this machine.
        EncoderSettingsError: a setting the encoder cannot work with.
    """
    if precision not in get_args(Precision):
        raise EncoderSettingsError(f"encoder precision '{precision}' is unknown: write fp32 or bf16.")
    if max_tokens < 1:
        raise EncoderSettingsError(f"encoder max_tokens is {max_tokens}: write at least 1.")
    folder = find_encoder_folder(name)

    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device=device, local_files_only=True)
    limit = _longest_input(model)
    if limit is not None and max_tokens > limit:
        raise EncoderSettingsError(f"encoder max_tokens is {max_tokens}, but {name} reads at most {limit} tokens.")
    if isinstance(model.max_seq_length, int):
        model.max_seq_length = max_tokens
    if precision == "bf16":
        model = model.to(torch.bfloat16)
    model.eval()
    return SentenceEncoder(
        model=model,
        name=short_encoder_name(name),
        revision=encoder_revision(folder, max_tokens, precision),
        dimensions=int(model.get_embedding_dimension() or 0),
        max_tokens=max_tokens,
        precision=precision,
    )


def short_encoder_name(name: str) -> str:
    """The last part of a folder or hub name, as shown to people."""
    return Path(name.rstrip("/\\")).name


def encoder_revision(folder: Path, max_tokens: int, precision: Precision) -> str:
    """16 hex digits that change whenever the numbers do: files, token limit, precision, normalisation.

    Reads no weights into memory and loads no model, so asking what is already encoded is cheap.
    """
    recipe: dict[str, Any] = {
        "files": digest_encoder_files(folder),
        "max_tokens": max_tokens,
        "normalized": True,
        "precision": precision,
    }
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:16]


def has_fast_bf16() -> bool:
    """Whether this CPU multiplies bf16 natively (Linux only; elsewhere False): then ``precision: bf16`` pays off."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _longest_input(model: SentenceTransformer) -> int | None:
    """Tokens the model has positions for, where it says so."""
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    positions = getattr(config, "max_position_embeddings", None)
    return int(positions) if positions else None
