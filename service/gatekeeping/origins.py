"""Whether a request was made by one of our own pages.

Belongs here: reading ``Origin``, ``Sec-Fetch-Site`` and the forgery value of forms. Does not belong here: sessions.
"""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers

CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_from_own_page(headers: Headers, public_url: str) -> bool:
    """Whether a browser says that a page of ours made the request.

    ``Origin`` is compared with ``Host`` (whatever the scheme: a proxy may end TLS) and with ``public_url``. Where a browser
    hides it, ``Sec-Fetch-Site`` decides, which scripts cannot set. With neither, the answer is no.
    """
    origin = headers.get("origin", "null")
    if origin == "null":
        return headers.get("sec-fetch-site") == "same-origin"
    parts = urlsplit(origin)
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
        return False
    host, port = headers.get("host", "").lower(), _DEFAULT_PORTS[parts.scheme]
    said = parts.netloc.lower().removesuffix(port)
    if host and said == host.removesuffix(port):
        return True
    ours = urlsplit(public_url)
    return bool(public_url) and (parts.scheme, said) == (ours.scheme, ours.netloc.lower().removesuffix(port))


def is_from_another_page(headers: Headers, public_url: str) -> bool:
    """Whether a browser says that somebody else's page made the request; silence is no."""
    if "origin" in headers:
        return not is_from_own_page(headers, public_url)
    return headers.get("sec-fetch-site", "none") in {"cross-site", "same-site"}


def has_csrf(headers: Headers, body: bytes, expected: str) -> bool:
    """Whether a request carries the session's forgery value, as a header or as a field of a plain form."""
    given = headers.get(CSRF_HEADER, "")
    if (
        not given
        and headers.get("content-type", "").partition(";")[0].strip().lower() == "application/x-www-form-urlencoded"
    ):
        given = form_fields(body).get(CSRF_FIELD, "")
    return is_same_secret(given, expected)


def form_fields(body: bytes) -> dict[str, str]:
    """The fields of a plain form, the first value of each; empty for what cannot be read."""
    try:
        found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def is_same_secret(given: str, expected: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing; an empty one never is."""
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("utf-8", "replace"))


def local_path(wanted: str) -> str:
    """Where to go after signing in: a path on this server as given, else ``/``."""
    is_plain = wanted.isprintable() and "\\" not in wanted and len(wanted) <= 2_000
    if not is_plain or not wanted.startswith("/") or wanted.startswith("//"):
        return "/"
    return "/" if wanted.partition("?")[0] in {"/login", "/logout"} else wanted
