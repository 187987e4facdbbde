"""Which help article a link leads to, and texts without links.

Belongs here: reading addresses of help centers as people paste them, with or without a locale, renamed at the end or
percent-encoded. Does not belong here: what follows from a link (``answered_tickets``).

Two addresses name one article when they agree in host and path once the locale is left out and, where the last part
begins with a long number (``/articles/360001001-reset-your-password``), everything but that number: the words behind
it change with the title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'`\\^{}|]+", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,12}/[^\s<>\"'`\\^{}|]+", re.IGNORECASE)
_RELATIVE_ADDRESS = re.compile(r"(?:href=[\"']|\]\()(/[^\s<>\"'`\\^{}|]+)", re.IGNORECASE)
_LOCALE = re.compile(r"[a-z]{2,3}(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_LEADING_NUMBER = re.compile(r"(\d{4,})(?:-.*)?")
_CLOSING = {")": "(", "]": "["}
MAX_ADDRESS_CHARS = 500
OWN_HOST = "own.invalid"
"""Stands for the help center a relative link is written in."""

ArticleKey = tuple[str, str]


def article_key(address: str) -> ArticleKey | None:
    """Host and path that stand for an article; None for what is no address with a path."""
    address = address[:MAX_ADDRESS_CHARS]
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    path = [part for part in unquote(parts.path).casefold().split("/") if part]
    # The locale stands first, or right after the word that names the help center: /en-us/kb/…, /hc/en-us/articles/….
    for at in (0, 1):
        if len(path) > at + 1 and _LOCALE.fullmatch(path[at]) and path[at] not in ("hc", "kb"):
            del path[at]
            break
    if not host or not path:
        return None
    if number := _LEADING_NUMBER.fullmatch(path[-1]):
        path[-1] = number.group(1)
    return host, "/".join(path)


def linked_addresses(text: str) -> list[str]:
    """Addresses in a text, HTML or Markdown, in order; relative links come with ``OWN_HOST``."""
    text = text.replace("&amp;", "&")
    found = [(match.start(), match.group()) for match in _ADDRESS.finditer(text)]
    found += [(match.start(), match.group()) for match in _BARE_ADDRESS.finditer(_ADDRESS.sub(_blank, text))]
    found += [(match.start(), f"https://{OWN_HOST}{match.group(1)}") for match in _RELATIVE_ADDRESS.finditer(text)]
    return [_without_end(address) for _, address in sorted(found)]


def strip_links(text: str) -> str:
    """The text without addresses, so that nothing can be learnt or found from where a link leads."""
    return _BARE_ADDRESS.sub(" ", _ADDRESS.sub(" ", text))


class ArticleLinks:
    """The articles of a help center by their addresses.

    Args:
        urls: article id to its address; an article without one may be named by ``slugs``.
        slugs: article id to the last part of its address, trusted on the hosts that ``urls`` name.
    """

    def __init__(self, urls: Mapping[str, str], slugs: Mapping[str, str] | None = None) -> None:
        self._by_key: dict[ArticleKey, str] = {}
        self._by_slug: dict[str, str] = {}
        for article_id, url in sorted(urls.items()):
            if key := article_key(url):
                self._by_key.setdefault(key, article_id)
        for article_id, slug in sorted((slugs or {}).items()):
            self._by_slug.setdefault(unquote(slug).casefold().strip("/"), article_id)
        self.hosts = tuple(sorted({host for host, _ in self._by_key}))

    def articles_in(self, text: str) -> list[str]:
        """Ids of the articles a text links, each once, in order."""
        keys = (article_key(address) for address in linked_addresses(text))
        found = (self._article_of(key) for key in keys if key is not None)
        return list(dict.fromkeys(article_id for article_id in found if article_id is not None))

    def _article_of(self, key: ArticleKey) -> str | None:
        host, path = key
        for known in self.hosts if host == OWN_HOST else (host,):
            if (known, path) in self._by_key:
                return self._by_key[known, path]
        return self._by_slug.get(path.rsplit("/", 1)[-1]) if host in (*self.hosts, OWN_HOST) else None


def _without_end(address: str) -> str:
    """The address without what belongs to the sentence around it."""
    while address and (address[-1] in ".,;:!?*_~" or (address[-1] in _CLOSING and _is_unopened(address))):
        address = address[:-1]
    # Markdown [https://…](https://…): the first address ends where the second begins.
    return address.split("](", 1)[0]


def _is_unopened(address: str) -> bool:
    return address.count(address[-1]) > address.count(_CLOSING[address[-1]])


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
