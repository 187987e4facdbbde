"""The process behind ``browser.serve``: ``python -m tests.service.serving FOLDER PORT [MODULE:FUNCTION]``."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import uvicorn


def main(folder: str, port: str, gate: str = "") -> None:
    """Serve until told to stop."""
    if gate:
        module, _, name = gate.partition(":")
        app = getattr(importlib.import_module(module), name)(Path(folder))
    else:
        from service.app import create_app
        from service.open_service import open_service

        app = create_app(open_service(Path(folder)))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    main(*sys.argv[1:])
