"""Replies that were paid for, kept as files so that an unchanged prompt is never paid for again.

Belongs here: finding, keeping and forgetting replies. Does not belong here: asking for them (`client`).
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assets.build_knowledge.language_model.completion import Completion
from ledger.chain import canonical_json, sha256_hex


@dataclass
class ReplyCache:
    """Completions in a folder, one file each, named by the hash of prompt, model and settings of the request."""

    folder: Path
    _used: set[str] = field(default_factory=set)

    @staticmethod
    def name(prompt_hash: str, model: str, temperature: float, max_output_tokens: int) -> str:
        """Name of the file of a request."""
        return sha256_hex(canonical_json([prompt_hash, model, temperature, max_output_tokens])) + ".json"

    def get(self, name: str, prompt_hash: str, model: str) -> Completion | None:
        """The kept reply, or None; a file that is torn or of another request counts as none."""
        self._used.add(name)
        try:
            found = Completion(**json.loads((self.folder / name).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        is_whole = isinstance(found.text, str) and all(
            isinstance(number, int | float) and not isinstance(number, bool)
            for number in (found.input_tokens, found.output_tokens, found.cost_usd)
        )
        return found if is_whole and (found.prompt_hash, found.model) == (prompt_hash, model) else None

    def put(self, name: str, completion: Completion) -> None:
        """Keep a reply; a reader sees the whole file or none."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, file = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(asdict(completion), stream, ensure_ascii=False)
            os.replace(file, self.folder / name)
        except BaseException:
            Path(file).unlink(missing_ok=True)
            raise
        self._used.add(name)

    def forget_others(self) -> int:
        """Remove replies that this run did not ask for, erased people's among them; returns how many.

        Only for a run that asked everything: what a stopped run did not get to would be paid for again.
        """
        others = [file for file in self.folder.glob("*.json") if file.name not in self._used]
        for file in others:
            file.unlink(missing_ok=True)
        return len(others)
