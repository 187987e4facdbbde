"""Quoted replies and signatures of e-mail: what was in the message before its author wrote anything.

Belongs here: the marks that mail programs leave, in HTML (`prune_quotes`) and in text (`strip_quotes`). Does not
belong here: other HTML (`html_text`), and forum or chat messages, in which `>` and dashes are the author's own.

The package mail-parser-reply was measured and not used: it has no Spanish, takes a list of `- item` lines for a
signature, and needs more than 40 s for 60 kB of a repeated "On ". These rules look at each line once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_LINE_CHARS = 1_000
MAX_SIGNATURE_LINES = 12

_QUOTED_ELEMENTS = (
    "blockquote[type=cite], blockquote.gmail_quote, .gmail_attr, .gmail_signature, .gmail_signature_prefix, "
    ".yahoo_quoted, .moz-cite-prefix, .moz-signature, .protonmail_quote, .protonmail_signature_block, "
    ".zmail_extra, .AppleMailSignature, #AppleMailSignature, #Signature, #ms-outlook-mobile-signature, "
    "#x_Signature, .tutanota_quote, .gmx_quote, .front-blockquote"
)
_QUOTED_FROM_HERE = "#divRplyFwdMsg, #appendonsend, .OutlookMessageHeader, #x_divRplyFwdMsg, #x_appendonsend"

_FORWARD = re.compile(
    r"-{2,}\s*(?:forwarded message|weitergeleitete nachricht|mensaje reenviado|message transféré)\b.*"
    r"|(?:begin forwarded message|anfang der weitergeleiteten nachricht|inicio del mensaje reenviado)\s*:",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"[-_\s]{3,}(?:original (?:message|e-?mail)|original-?nachricht|ursprüngliche nachricht|mensaje original"
    r"|message d'origine|messaggio originale)[-_\s]{3,}"
    r"|#{2,}-?.{0,60}(?:above this line|über dieser zeile|por encima de esta línea).{0,40}-?#{2,}",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"(?:on\b.{4,}\bwrote|am\b.{4,}\bschrieb\b.*|el\b.{4,}\bescribió|le\b.{4,}\ba écrit|il\b.{4,}\bha scritto"
    r"|em\b.{4,}\bescreveu|op\b.{4,}\bschreef\b.*|.{0,200}@.{0,120}\b(?:wrote|schrieb|escribió))\s?:",
    re.IGNORECASE,
)
_ATTRIBUTION_START = re.compile(r"(?:on|am|el|le|il|em|op)\s+\S", re.IGNORECASE)
_ATTRIBUTION_END = re.compile(r"(?:wrote|escribió|écrit|scritto|escreveu|schrieb\b.*|schreef\b.*)\s?:$", re.IGNORECASE)
_DATE_OR_ADDRESS = re.compile(r"\d.*\d|@")
_HEADER_FROM = re.compile(r"\W{0,4}(?:from|von|de|da)\W{0,4}:\W{0,3}\s*\S", re.IGNORECASE)
_HEADER_OTHER = re.compile(
    r"\W{0,4}(?:sent|date|to|subject|cc|gesendet|datum|an|betreff|enviado(?: el)?|fecha|para|asunto|envoyé|à|objet)"
    r"\W{0,4}:",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_\-=*\s]{8,}")
_DEVICE = re.compile(
    r"(?:sent from (?:my|the|mail|outlook|yahoo|proton)|get outlook for|gesendet (?:von|mit|aus) "
    r"(?:mein|der|outlook|mail|gmx|web)|diese nachricht wurde von meinem|von meinem (?:iphone|ipad|handy)"
    r"|enviado (?:desde|con) (?:mi|el|outlook|correo|gmail)|envoyé (?:de|depuis) mon|obtener outlook para"
    r"|holen sie sich outlook)\b.{0,80}",
    re.IGNORECASE,
)
_VALEDICTION = re.compile(
    r"(?:(?:with |many |very )?(?:(?:best|kind|kindest|warm|warmest) )?(?:regards|wishes)|best|cheers|sincerely"
    r"|yours (?:sincerely|faithfully|truly)|(?:many |kind )?thanks(?: (?:again|in advance|a lot|so much))?"
    r"|thank you(?: (?:very much|in advance|so much|again))?|thx|all the best|take care|rgds|br"
    r"|(?:mit )?(?:freundlich\w*|best\w*|lieb\w*|viel\w*|herzlich\w*|schön\w*)(?: \w+)? gr(?:uß|üße[n]?|uss|uesse[n]?)"
    r"(?: aus \w+)?|gr(?:uß|üße|uss|uesse)|mfg|lg|vg|(?:vielen |besten |herzlichen )?dank(?: (?:im voraus|vorab))?"
    r"|danke"
    r"|(?:un |muchos )?(?:cordial(?:es)? )?saludos?(?: cordial(?:es)?)?|atentamente|(?:muchas )?gracias"
    r"(?: (?:de antemano|por adelantado))?|un abrazo|cordialmente)"
    r"(?:\s*(?:und|and|/|y)\s+\w+(?: \w+)?)?\s*[,.!–-]*",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"p\.?\s?s\.?\s*[:.]?\s+\S", re.IGNORECASE)
_DISCLAIMER = re.compile(
    r"(?:this (?:e-?mail|message|communication)\b.{0,80}(?:confidential|intended)|(?:confidentiality|legal) notice"
    r"|disclaimer\b|diese (?:e-?mail|nachricht)\b.{0,80}vertraulich|este (?:mensaje|correo)\b.{0,80}confidencial"
    r"|please consider the environment)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def is_email_channel(channel: str | None) -> bool:
    """Tell whether messages of this channel are e-mails (`email`, `E-Mail`, `inbound_email`, `mail`, `gmail` …)."""
    return bool(channel) and "mail" in str(channel).casefold().replace("-", "")


def has_words(text: str) -> bool:
    """Tell whether a text says anything: at least one word of two letters."""
    return _WORD.search(text) is not None


def prune_quotes(tree: LexborHTMLParser) -> None:
    """Remove quoted replies and signatures that mail programs mark as such in the HTML.

    Only the quotes go, not their container, so that answers written between quoted paragraphs stay. Forwarded
    messages stay: they are often the matter itself.
    """
    for node in tree.css(_QUOTED_ELEMENTS):
        if "gmail_attr" in (node.attributes.get("class") or "") and _FORWARD.match(node.text(deep=True).strip()):
            continue
        node.decompose()
    for marker in tree.css(_QUOTED_FROM_HERE):
        following: LexborNode | None = marker.next
        while following is not None:
            after = following.next
            if following.tag != "-text":
                following.decompose()
            else:
                following.remove()
            following = after
        marker.decompose()


def strip_quotes(text: str) -> str:
    """Return what the author of an e-mail wrote: without quoted replies, attribution lines, headers and signature.

    Text that would lose all its words is returned as it was. Linear in the length of the text.
    """
    lines = [line if len(line) <= MAX_LINE_CHARS else line[:MAX_LINE_CHARS] for line in text.split("\n")]
    whole = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if _FORWARD.fullmatch(line):
            kept.extend(whole[at:])
            break
        if _ORIGINAL.fullmatch(line) or _starts_header_block(lines, at):
            break
        if span := _attribution_lines(lines, at):
            at += span
            if not _is_quoted_next(lines, at):
                break
            continue
        if not line.startswith(">"):
            kept.append(whole[at])
        at += 1
    while kept and (not kept[-1].strip() or _RULE.fullmatch(kept[-1])):
        kept.pop()
    kept = _without_signature(kept)
    result = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return result if has_words(result) else text


def _attribution_lines(lines: list[str], at: int) -> int:
    """Return how many lines, from `at`, form "On 3 Feb … wrote:"; mail programs wrap it to at most three. 0: none."""
    joined = lines[at].strip()
    if not (_ATTRIBUTION_START.match(joined) or "@" in joined):
        return 0
    for span in (1, 2, 3):
        if _ATTRIBUTION_END.search(joined):
            is_one = _ATTRIBUTION.fullmatch(joined) and _DATE_OR_ADDRESS.search(joined)
            return span if is_one else 0
        if at + span >= len(lines) or not lines[at + span].strip() or len(joined) > 300:
            return 0
        joined = f"{joined} {lines[at + span].strip()}"
    return 0


def _is_quoted_next(lines: list[str], at: int) -> bool:
    following = next((line.strip() for line in lines[at : at + 4] if line.strip()), "")
    return following.startswith(">")


def _starts_header_block(lines: list[str], at: int) -> bool:
    if _RULE.fullmatch(lines[at]) and lines[at].strip():
        at = next((n for n in range(at + 1, min(at + 3, len(lines))) if lines[n].strip()), at)
    if not _HEADER_FROM.match(lines[at]):
        return False
    return sum(bool(_HEADER_OTHER.match(line)) for line in lines[at + 1 : at + 8]) >= 2


def _without_signature(lines: list[str]) -> list[str]:
    """Cut at the first mark of a signature near the end, keeping a postscript below it."""
    first = max(len(lines) - MAX_SIGNATURE_LINES, 0)
    for at in range(first, len(lines)):
        line = lines[at].strip()
        rest = [other.strip() for other in lines[at + 1 :]]
        is_cut = (
            (line in ("--", "—", "__") and at > 0)
            or _DISCLAIMER.match(line)
            or _DEVICE.fullmatch(line)
            or (at > 0 and _VALEDICTION.fullmatch(line) and _is_signature(rest))
        )
        if is_cut:
            postscript = next((n for n, other in enumerate(rest) if _POSTSCRIPT.match(other)), None)
            tail = [] if postscript is None else lines[at + 1 + postscript :]
            return [*lines[:at], *tail]
    return lines


def _is_signature(rest: list[str]) -> bool:
    """Tell whether the lines after a valediction are a name and contact data, and not another paragraph."""
    for line in rest:
        if _POSTSCRIPT.match(line) or _DISCLAIMER.match(line):
            return True
        if len(line) > 80 or "?" in line or len(line.split()) > 9:
            return False
    return True
