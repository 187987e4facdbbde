"""What people answered, without what belongs to one customer: greeting, signature, names, account facts.

Belongs here: turning a staff reply into a text that could answer the next customer, and choosing the reply of a ticket
that carries the answer. Does not belong here: which answers say the same (`answer_groups`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.account_context import asks_for_facts, refers_to_account
from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.audit_tickets.texts.personal_data import PLACEHOLDER, URL
from assets.build_knowledge.drafts.sentences import (
    count_words,
    has_placeholder,
    is_courtesy,
    is_sign_off,
    repeated_sentences,
    strip_greeting,
)

MIN_ANSWER_WORDS = 10
MAX_ANSWER_CHARS = 2_500
MAX_ANSWER_WORDS = 320
MIN_KEPT_SHARE = 0.5
"""A reply of which more than half was about one customer is no answer for others."""
COLUMNS = [
    "ticket_id",
    "category_id",
    "language",
    "answer",
    "reply_hash",
    "evidence",
    "quality",
    "links",
    "has_gap",
    "answered_at",
]

# "Shift+? shows": a question mark before a small letter is a key, not the end.
_BREAK = re.compile(
    r"(?<=[.!…])[ \t]+(?!\d+[.)]\s)|(?<=\?)[ \t]+(?=[^\sa-zäöüß])|(?<=[.!?…][\"')\]”“])[ \t]+(?=[^\sa-zäöüß])"
)
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_ABOUT_US = re.compile(
    r"\b(?:i|we)(?:'ve| have|'m| am|'re| are|'ll| will)? (?:just |now |already |also |be )*(?:asked|forwarded|escalated|passed|checked|"
    r"misread|seen|see it|looking into|back (?:today|to you|tomorrow)|in touch|raised|logged|filed|merged|closing|sorry|afraid|added you|"
    r"tested|tried it|don'?t (?:know|use|have)|use |suspect|guess|think you)\b|"
    r"\b(?:apologi[sz]e\w*|apologies|sorry (?:about|for|to|that)|let me (?:look|check|see)|a colleague|my colleague|"
    r"second line|your (?:ticket|request|message|screenshot|case|patience))\b|"
    r"\b(?:ich habe|wir haben) (?:\w+ ){0,4}(?:geprueft|gefragt|weitergeleitet|nachgesehen)\b|\b(?:tut mir leid|entschuldig\w+)\b|"
    r"\b(?:lo siento|disculp\w+|he (?:revisado|preguntado|reenviado))\b"
)
_ONE_PERSON = re.compile(r"\b(?:i|me|my|mine|ich|mir|mich)\b(?!/)")
_ASKS_BACK = re.compile(
    r"^(?:so |and |or |but )?(?:is|are|do|does|did|have|has|was|were|can|could|which|what) (?:it|you|this|that|there|your|the)\b"
)
_WANTS_MORE = re.compile(
    r"\byou (?:have |'ve |did |haven'?t |did ?n'?t )?(?:not )?(?:provided?|posted|mention(?:ed)?|describ\w+|said|wrote)\b|"
    r"\bpost (?:an? |the |your |any )?(?:error|screen|details|troubleshooting)"
)
_ADVICE = re.compile(r"\bi(?:'d| would)? (?:suggest|recommend|advise)\b")
_INSTRUCTS = re.compile(
    r"\b(?:click|press|choose|select|open|enter|type|tick|go to|klick\w*|waehl\w*|oeffn\w*|geben sie|haga clic|pulse|abra|elija|"
    r"introduzca|escriba)\b|>"
)
_SENDS = re.compile(
    r"\b(?:send|reply|provide|tell|share|post|attach|schick\w*|send\w*|antwort\w*|envi\w*|respond\w*)\b"
)
_QUOTED = re.compile(r"[\"“„«][^\"“”»]{1,80}[\"”“»]")
_POINTER = re.compile(
    r"\b(?:help cent(?:er|re)|article|guide|see|read|details|more|here|link|docs?|documentation|hilfe|artikel|ayuda|pricing page|info\w*)\b"
)
_GAP = re.compile(
    r"(?:,\s*|\s+)(?:and|or|und|oder|y|o)\s+(?:(?!,|;| and | und | y ).)*?\[EMAIL\](?P<end>[.!;,]|$)|,(?:(?!,|;).)*?\[EMAIL\](?P<end2>[.!;,]|$)"
)


@dataclass(frozen=True)
class CleanAnswer:
    """A staff reply without what belongs to one customer."""

    text: str
    """Markdown; lists stay lists."""
    links: tuple[str, ...]
    """Addresses the reply points to."""
    has_gap: bool
    """Whether a redacted mail address, and the part of the sentence that held it, was left out."""
    kept_share: float
    """Words kept of those that were not courtesy."""


def clean_answer(text: str, repeated: AbstractSet[str] = frozenset()) -> CleanAnswer:
    """Reduce a staff reply to what would answer the next customer.

    Left out: greeting, sign-off and what follows it, sentences of `repeated`, questions to the customer, what was
    looked up or done for this customer, sentences in one person's voice or with redacted names or numbers, and bare
    pointers to a page (their addresses are in `links`). Where only a mail address was redacted, its part of the
    sentence is left out.
    """
    links: list[str] = []
    has_gap = False
    words_kept = words_lost = 0
    kept_lines: list[str] = []
    lines = [line.rstrip() for line in text.strip().split("\n")]
    for number, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            if kept_lines and kept_lines[-1]:
                kept_lines.append("")
            continue
        if kept_lines and is_sign_off(bare) and len(bare.split()) <= 9 and number >= len(lines) - 7:
            break
        mark = _LIST_MARK.match(line)
        body = line[mark.end() :] if mark else (strip_greeting(bare) if not any(kept_lines) else bare)
        kept: list[str] = []
        for sentence in _BREAK.split(body):
            found, gap = _keep_sentence(sentence.strip(), repeated, links)
            has_gap |= gap
            if found:
                kept.append(found)
                words_kept += count_words(found)
            elif not (is_courtesy(sentence) or fold(sentence.strip()) in repeated):
                words_lost += count_words(URL.sub(" ", sentence))
        if kept:
            kept_lines.append((mark.group(0).strip() + " " if mark else "") + " ".join(kept))
    answer = "\n".join(_renumbered(_without_signature(kept_lines))).strip()
    share = words_kept / max(1, words_kept + words_lost)
    return CleanAnswer(answer[:MAX_ANSWER_CHARS], tuple(dict.fromkeys(links)), has_gap, share)


def _keep_sentence(sentence: str, repeated: AbstractSet[str], links: list[str]) -> tuple[str, bool]:
    if not sentence:
        return "", False
    addresses = [match.group(0).rstrip(".,;:)]") for match in URL.finditer(sentence)]
    links += addresses
    folded = fold(sentence)
    rest = fold(URL.sub(" ", sentence))
    if addresses and (count_words(rest) < 4 or (count_words(rest) <= 14 and _POINTER.search(rest))):
        return "", False
    if folded in repeated or is_courtesy(sentence) or sentence.rstrip(" )").endswith("?"):
        return "", False
    if _is_personal(sentence):
        return "", False
    if not has_placeholder(sentence):
        return strip_greeting(sentence), False
    if {match.group(0) for match in PLACEHOLDER.finditer(sentence)} == {"[EMAIL]"}:
        shorter = _GAP.sub(lambda match: (match["end"] or match["end2"] or "").replace(",", ""), sentence).strip()
        if not has_placeholder(shorter) and count_words(shorter) >= 4:
            return (shorter if shorter[-1] in ".!:" else shorter + "."), True
        return "", True
    return "", False


def _is_personal(sentence: str) -> bool:
    """Whether a sentence is about this customer or this member of staff, not about how a thing is done."""
    folded = fold(_QUOTED.sub(" ", sentence))
    if _ONE_PERSON.search(folded) and not _ADVICE.search(folded):
        return True
    if _ABOUT_US.search(folded) or _WANTS_MORE.search(folded) or refers_to_account(sentence):
        return True
    if _ASKS_BACK.match(folded):
        return True
    return asks_for_facts(sentence) and not (_INSTRUCTS.search(folded) and not _SENDS.search(folded))


def _without_signature(lines: list[str]) -> list[str]:
    """Drop short last lines without a stop: names, titles, company."""
    lines = list(lines)
    while lines and (not lines[-1] or (len(lines) > 1 and _is_name_line(lines[-1]))):
        lines.pop()
    return lines


def _is_name_line(line: str) -> bool:
    return not _LIST_MARK.match(line) and len(line.split()) <= 5 and line[-1] not in ".!?:" and line[:1].isupper()


def _renumbered(lines: Sequence[str]) -> Iterable[str]:
    number = 0
    for line in lines:
        match = re.match(r"^(\d{1,2})([.)]) ", line)
        if match:
            number += 1
            yield f"{number}. {line[match.end() :]}"
        else:
            number = 0 if line and not line.startswith(" ") else number
            yield line


def staff_answers(comments: pd.DataFrame, tickets: pd.DataFrame, category_by_ticket: Mapping[str, str]) -> pd.DataFrame:
    """The reply of each ticket that carries the answer, cleaned.

    Args:
        comments: `redacted_comments`.
        tickets: `fct_tickets`; read are solved_at, solved_at_source, is_one_touch_resolution, csat, count_reopens.
        category_by_ticket: category_id by ticket_id. Hand in training tickets only.

    Returns:
        Frame [ticket with an answer]: ticket_id, category_id, language, answer (Markdown), reply_hash (of the whole
        redacted reply), evidence (accepted_solution, one_touch_reply or typical_answer), quality (higher: solved at
        once, accepted, rated well), links (addresses the reply points to), has_gap, answered_at.

    The accepted solution is taken where the helpdesk marks one; else the first reply that still says something when
    cleaned. A reply that only asks back is no answer. A ticket without any is left out.
    """
    public = comments["is_public"].fillna(False).astype(bool)
    staff = comments[
        (comments["author_role"] == "staff") & public & comments["ticket_id"].isin(set(category_by_ticket))
    ]
    staff = staff.sort_values(["ticket_id", "position"], kind="stable")
    records = staff[["ticket_id", "language", "text", "text_hash", "created_at"]].to_dict("records")
    repeated = repeated_sentences(
        (
            row["ticket_id"],
            category_by_ticket[row["ticket_id"]],
            [strip_greeting(s.strip()) for s in re.split(r"(?<=[.!?])\s+|\n+", row["text"] or "") if s.strip()],
        )
        for row in records
    )
    facts = _facts(tickets)
    chosen: dict[str, tuple] = {}
    links: dict[str, list[str]] = {}
    for row in records:
        ticket_id = row["ticket_id"]
        about = facts.get(ticket_id, {})
        accepted_at = about.get("accepted_at")
        is_accepted = accepted_at is not None and row["created_at"] == accepted_at
        clean = clean_answer(row["text"] or "", repeated)
        links.setdefault(ticket_id, []).extend(clean.links)
        if (
            not MIN_ANSWER_WORDS <= count_words(URL.sub(" ", clean.text)) <= MAX_ANSWER_WORDS
            or clean.kept_share < MIN_KEPT_SHARE
        ):
            continue
        if ticket_id in chosen and not is_accepted:
            continue
        evidence = (
            "accepted_solution" if is_accepted else "one_touch_reply" if about.get("one_touch") else "typical_answer"
        )
        quality = float(about.get("quality", 0.0)) + 1.0 * is_accepted + 0.5 * (evidence == "one_touch_reply")
        chosen[ticket_id] = (
            row["language"] or "und",
            clean.text,
            row["text_hash"],
            evidence,
            quality,
            clean.has_gap,
            row["created_at"],
        )
    found_rows = [
        (ticket, str(category_by_ticket[ticket]), *values[:5], list(dict.fromkeys(links[ticket])), *values[5:])
        for ticket, values in chosen.items()
    ]
    return pd.DataFrame(found_rows, columns=COLUMNS)


def links_by_ticket(comments: pd.DataFrame, ticket_ids: Iterable[str]) -> pd.DataFrame:
    """Frame [ticket x address in a public staff reply]: ticket_id, link."""
    public = comments["is_public"].fillna(False).astype(bool)
    staff = comments[(comments["author_role"] == "staff") & public & comments["ticket_id"].isin(set(ticket_ids))]
    rows = {
        (ticket_id, match.group(0).rstrip(".,;:)]"))
        for ticket_id, text in zip(staff["ticket_id"], staff["text"].fillna(""), strict=True)
        for match in URL.finditer(text)
    }
    return pd.DataFrame(sorted(rows), columns=["ticket_id", "link"])


def _facts(tickets: pd.DataFrame) -> dict[str, dict]:
    facts = {}
    has = set(tickets.columns)
    for row in tickets.to_dict("records"):
        accepted = row.get("solved_at_source") == "accepted_answer" if "solved_at_source" in has else False
        reopens = row.get("count_reopens")
        reopened = bool(reopens and reopens == reopens and reopens > 0)
        csat = row.get("csat")
        facts[row["ticket_id"]] = {
            "accepted_at": row["solved_at"] if accepted and pd.notna(row.get("solved_at")) else None,
            "one_touch": row.get("is_one_touch_resolution") is True or row.get("is_one_touch_resolution") is np.True_,
            "quality": 0.5 * (csat == "good") - 1.0 * (csat == "bad") - 0.5 * reopened,
        }
        if reopened or csat == "bad":
            facts[row["ticket_id"]]["one_touch"] = False
    return facts
