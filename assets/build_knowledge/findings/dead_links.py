"""Links to articles that are not in the help center.

Belongs here: telling links to articles from other links, and those that lead nowhere. Does not belong here: fetching
anything: addresses outside the help center are not judged.

An export may hold a part of a help center only. Where more than ``FEW_MISSING`` articles linked on a host are missing,
and fewer than ``MIN_KNOWN`` of those linked are known, a missing one says nothing: then only links to articles that are
known to be withdrawn are reported.

A file on the help center's own host (a PDF under ``/downloads``) is not in any export. It is reported as a link that
nobody has checked, for the person who can.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

from assets.build_knowledge.findings.audited_texts import known, records, words_in
from assets.build_knowledge.findings.finding import Finding, about, quote
from assets.build_knowledge.retrieval.article_links import ArticleKey, article_key

MIN_KNOWN = 0.9
FEW_MISSING = 5

_MARKDOWN_LINK = re.compile(
    r"\[([^\]\n]{0,200})\]\(([^()\[\]\n]{1,600}?(?:\([^()\n]{0,100}\)[^()\[\]\n]{0,300}?)?)(?:\s+\"[^\"\n]*\")?\)"
)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|csv|zip|txt|rtf|epub)$", re.IGNORECASE)
_FILE_ENDS = (".md", ".markdown", ".html", ".htm")


@dataclass
class _HelpCenter:
    """The articles known, by address, by file and by last part of the address; and where article addresses lie."""

    present: set[ArticleKey] = field(default_factory=set)
    gone: set[ArticleKey] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    gone_files: set[str] = field(default_factory=set)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def main_host(self) -> str | None:
        """The host most articles lie on, which relative addresses mean."""
        return self.places.most_common(1)[0][0][0] if self.places else None


def find_dead_links(texts: pd.DataFrame, articles: pd.DataFrame | None) -> list[Finding]:
    """Findings of type ``dead_link``, one a subject and target; never blocking, as the answer itself is still right.

    ``articles`` is the frame ``help_center_articles`` with its retired rows.
    """
    center = _help_center(articles)
    linked: dict[ArticleKey | str, list[tuple[Mapping[str, Any], str, str]]] = {}
    unchecked: dict[tuple[str, str, str], Finding] = {}
    for text in records(texts):
        for words, address in _links(text):
            target = _target(address, text, center)
            if target is None and _is_own_file(address, center):
                key = (text["subject_kind"], text["subject_id"], address)
                unchecked.setdefault(key, _unchecked(text, words, address))
            if target is not None:
                linked.setdefault(target, []).append((text, words, address))
    is_whole = _is_whole(linked, center)
    found: dict[tuple[str, str, str], Finding] = {}
    for target, places in linked.items():
        withdrawn = target in center.gone or target in center.gone_files
        if _is_present(target, center) or not (withdrawn or is_whole.get(_place(target), False)):
            continue
        for row, words, address in places:
            key = (row["subject_kind"], row["subject_id"], str(target))
            found.setdefault(key, _finding(row, words, address, withdrawn))
    return [*found.values(), *unchecked.values()]


def _help_center(articles: pd.DataFrame | None) -> _HelpCenter:
    center = _HelpCenter()
    for row in [] if articles is None else records(articles):
        is_gone = known(row.get("retired_as_of")) is not None
        key = article_key(row["url"]) if words_in(row.get("url")) else None
        if key is not None:
            (center.gone if is_gone else center.present).add(key)
            center.places[_place(key)] += 1
        if not is_gone:
            # Wikis link articles by their titles.
            center.slugs.update(_bare(str(name)) for name in (row.get("slug"), row.get("title")) if words_in(name))
        article_id = str(row["article_id"])
        if article_id.startswith("file:"):
            (center.gone_files if is_gone else center.files).add(article_id.removeprefix("file:").casefold())
    center.gone -= center.present
    center.gone_files -= center.files
    return center


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", unquote(name)).casefold()


def _links(row: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """(words, address) of the text's links; those only listed in ``links`` come without words."""
    inline = [(match[1], match[2].strip()) for match in _MARKDOWN_LINK.finditer(str(row["text"]))]
    seen = {address for _, address in inline}
    return inline + [("", link) for link in row["links"] if link not in seen]


def _is_own_file(address: str, center: _HelpCenter) -> bool:
    """Whether an address is a document on a host of the help center, outside its attachments."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    hosts = {host for host, _ in center.places}
    return (
        (parts.hostname or "").removeprefix("www.") in hosts
        and _DOCUMENT.search(parts.path) is not None
        and "attachment" not in parts.path
    )


def _target(address: str, row: Mapping[str, Any], center: _HelpCenter) -> ArticleKey | str | None:
    """The article an address means: a key, a file's path, or None where it means no article of this help center."""
    bare = address.split("#", 1)[0].split("?", 1)[0].strip()
    if not bare or re.match(r"(?:mailto|tel|sms|javascript|data):", bare, re.IGNORECASE):
        return None
    if "://" not in bare and not bare.startswith("/") and not bare.startswith("www."):
        return _file_target(bare, row, center)
    if bare.startswith("/") and str(row["subject_id"]).startswith("file:"):
        return _file_target(bare, row, center)
    host = center.main_host
    if host is None:
        return None
    key = article_key(f"https://{host}{bare}" if bare.startswith("/") else bare)
    # An address beside known articles means an article; /requests/new on the same host does not.
    return key if key is not None and _place(key) in center.places else None


def _file_target(bare: str, row: Mapping[str, Any], center: _HelpCenter) -> str | None:
    if not str(row["subject_id"]).startswith("file:") or not bare.casefold().endswith(_FILE_ENDS):
        return None
    folder = posixpath.dirname(str(row["subject_id"]).removeprefix("file:"))
    path = bare.lstrip("/") if bare.startswith("/") else posixpath.join(folder, bare)
    return posixpath.normpath(unquote(path)).casefold()


def _place(target: ArticleKey | str) -> tuple[str, str]:
    """Host and folder of an article's address."""
    if isinstance(target, str):
        return "", "files"
    host, path = target
    return host, posixpath.dirname(path)


def _is_present(target: ArticleKey | str, center: _HelpCenter) -> bool:
    if isinstance(target, str):
        return target in center.files
    return target in center.present or _bare(posixpath.basename(target[1])) in center.slugs


def _is_whole(linked: Mapping[ArticleKey | str, object], center: _HelpCenter) -> dict[tuple[str, str], bool]:
    """By place: whether enough of the articles linked there are known to take a missing one for dead."""
    totals: Counter[tuple[str, str]] = Counter()
    present: Counter[tuple[str, str]] = Counter()
    for target in linked:
        totals[_place(target)] += 1
        present[_place(target)] += _is_present(target, center) or target in center.gone
    return {
        place: present[place] >= MIN_KNOWN * total or total - present[place] <= FEW_MISSING
        for place, total in totals.items()
    }


def _finding(row: Mapping[str, Any], words: str, address: str, withdrawn: bool) -> Finding:
    target = urlsplit(address).path or address
    state = "has been withdrawn" if withdrawn else "is not in the help center"
    return Finding(
        type="dead_link",
        reason="link_target_missing",
        **about(row),
        evidence=f"Links {quote(words) + ' to ' if words.strip() else 'to '}{target}, which {state}.",
        fix="Link the article that replaced it, or take the link out.",
        is_blocking=False,
        key=target.casefold(),
    )


def _unchecked(row: Mapping[str, Any], words: str, address: str) -> Finding:
    path = urlsplit(address).path
    return Finding(
        type="dead_link",
        reason="link_not_checked",
        **about(row),
        evidence=f"Links {quote(words) + ' to ' if words.strip() else 'to '}{path}, a file of our own that no export holds.",
        fix="Open the link once: replace or take out what is gone, dismiss this where the file is there.",
        is_blocking=False,
        key=path.casefold(),
    )
