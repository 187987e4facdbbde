"""What Schemathesis is told of the API beyond its schema (named by ``SCHEMATHESIS_HOOKS``)."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import schemathesis

KEY = re.compile("[!-~]{1,150}")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """A key belongs to one request: generated ones are short, so that two requests often have the same by chance."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and KEY.fullmatch(key):
        case.headers["Idempotency-Key"] = key + hashlib.sha256(repr(case.body).encode()).hexdigest()[:40]
