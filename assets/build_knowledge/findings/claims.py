"""What a sentence says is so or not so: accepted or not, can or cannot, kept or deleted.

Belongs here: reading such claims in English, German and Spanish. Does not belong here: which sentences are about the
same thing (``aligned_sentences``).

A claim is a predicate and a sign. Only plain statements count: questions, conditions ("if you cannot …") and
statements with an exception ("cannot … unless") say nothing that another sentence could contradict by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.findings.sentences import stem, stems, without_marks


@dataclass(frozen=True)
class Claim:
    """That ``predicate`` holds or does not; ``words`` are the stems that state it, ``about`` all those of its clause."""

    predicate: str
    is_positive: bool
    words: frozenset[str]
    about: frozenset[str]


_IS = r"(?:is|are|was|were|will be|gets?|ist|sind|wird|werden|es|son|sera|seran|esta|estan|se)"
_FILL = r"(?:(?:also|still|now|then|fully|always|all|auch|noch|immer|alle|tambien|siempre|be|been)\s+){0,2}"
# predicate: (what states it, what states its opposite)
_PREDICATES: dict[str, tuple[str, str]] = {
    "accepted": (r"accept(?:s|ed|ing)?|akzeptier\w+|acept\w+|(?:we|they) (?:do not |don't |also |only |never )?take|nehmen wir|you can pay (?:by|with)|pay (?:by|with)", r"reject(?:s|ed)?|refuse[sd]?"),
    "possible": (r"possible(?! to)|moeglich|posible", r"impossible(?! to)|unmoeglich|imposible"),
    "allowed": (r"allow(?:s|ed)?|permit(?:s|ted)?|erlaubt|gestattet|permitid[oa]s?", r"forbidden|prohibited|disallowed|verboten|prohibid[oa]s?"),
    "restored": (
        r"(?:restor|recover|undelet|retriev|undo)\w*|undone|(?:get|bring|got|brought) (?:it |them |\w+ )?back|wiederherst\w+|wiederhergestellt|recuper\w+|restaur\w+",
        r"permanent(?:ly)?|irreversibl[ey]|irrevocabl[ey]|for good|unrecoverabl[ey]|gone for ?ever|endgueltig|unwiderruflich|definitivamente",
    ),
    "refunded": (r"refund(?:s|ed|able)?|money back|erstatt\w+|reembols\w+", r"non-?refundable"),
    "included": (r"includ(?:es?|ed)|part of|comes with|enthalten|inbegriffen|inklusive|incluid[oa]s?|incluye", r"excluded|extra cost|at extra|ausgeschlossen"),
    "supported": (r"support(?:s|ed)|compatible|works? (?:with|on|in)|unterstuetz\w+|kompatibel|compatibles?|admite", r"unsupported|incompatible"),
    "available": (r"available|offer(?:s|ed)?|verfuegbar|disponibles?", r"unavailable"),
    "required": (r"required|necessary|mandatory|needs? (?:a|an|to|the|your)|must|erforderlich|notwendig|muss|muessen|obligatori[oa]s?|necesari[oa]s?", r"optional"),
    "kept": (
        rf"{_IS}\s+{_FILL}(?:kept|preserved|retained|stored|saved)|stays?|remains?|bleib\w+|(?:we|us) keep|keeps? (?:your|the|all|its|their)|erhalten|se conserv\w+|se guard\w+",
        rf"{_IS}\s+{_FILL}(?:deleted|removed|lost|erased|wiped|gone|geloescht|entfernt|borran?|eliminan?|pierden?)|(?:we|us) delete|(?:lose|loses) (?:your|the|all|access)",
    ),
    "ends": (
        r"ends|ended|will end|(?:not|never|to) end|expires?|expired|runs? out|terminates?|endet|enden|ablaufen|laeuft ab|termina|caduca",
        r"for ?ever|for life|lifetime|unlimited time|no end date|fuer immer|auf lebenszeit|para siempre|de por vida",
    ),
    "free": (
        r"free of charge|for free|at no (?:extra |additional )?(?:cost|charge)|without (?:any )?(?:extra )?(?:charge|cost|fees?)|no (?:extra )?(?:charge|cost|fees?)|(?:is|are) free|kostenlos|gratis|sin coste",
        r"(?:is|are|be) charged|costs? extra|extra fee|for a fee|kostenpflichtig|de pago",
    ),
}  # fmt: skip
_COMPILED = {
    name: (re.compile(rf"(?<![\w-])(?:{stated})(?!\w)"), re.compile(rf"(?<![\w-])(?:{opposite})(?!\w)"))
    for name, (stated, opposite) in _PREDICATES.items()
}
_MODAL = re.compile(
    r"(?<!\w)(?P<modal>can(?:not|'t| not| never| no longer)?|could(?:n't| not)?|(?:is|are) (?:not |never )?able to|(?:is|are) unable to|(?:(?:is|are) )?(?:not |im)?possible to)\s+"
    r"(?:(?:also|still|only|easily|simply|always|be|been|then|either|now|both)\s+){0,3}(?P<verb>[a-z]{3,})(?:\s+(?P<particle>back|up|out|off|on))?"
)
_COMMON_VERBS = frozenset(
    map(stem, ("use", "used", "see", "find", "get", "have", "make", "take", "want", "need", "know", "look", "try"))
)
_NEGATION = re.compile(
    r"(?<!\w)(?:not|never|no|none|neither|nor|nobody|cannot|without|no longer|nicht|kein\w*|nie|niemals|weder|ohne|nunca|tampoco|ningun\w*|sin|jamas)(?!\w)|n't(?!\w)"
)
_CLAUSE = re.compile(r"[,;:()–—]|\s(?:but|and|so|because|which|that|aber|und|weil|sondern|pero|y|porque)\s")
_CLAUSE_BREAK = re.compile(
    r"[;:()–—]|,?\s(?:but|because|which|so that|since|although|while|in order to|aber|weil|sondern|damit|pero|porque|aunque)\s|,\s(?:and|so|then|und|y)\s"
)
_SUPPOSED = re.compile(
    r"(?<!\w)(?:if|when|whenever|once|in case|whether|as soon as|wenn|falls|sobald|ob|si|cuando)\s[^,;.]*(?:[,;]|$)"
)
_EXCEPTION = re.compile(
    r"(?<!\w)(?:unless|otherwise|or else|sonst|except\w*|only|until|without|other than|apart from|depending|usually|normally|sometimes|might|ausser|nur|bis|es sei denn|meist\w*|salvo|excepto|solo|solamente|hasta|a menos)(?!\w)"
)
_INSTRUCTION = re.compile(
    r"\W*(?:then |now |please |dann |bitte |ahora )?(?:click|press|tap|select|choose|open|go to|enter|type|check|uncheck|tick|make sure|use|see|klicken?|druecken?|waehlen?|"
    r"oeffnen?|pulsa|pulse|haz clic|selecciona|elige|abre|ve a)(?!\w)"
)
_LABELLED = re.compile(r"\W*\w+(?:[ -]\w+){0,2}:\s+\S")  # "Never: no cookies are accepted" tells what a setting does
_ANSWER = re.compile(
    r"^\W*(?P<yes>yes|ja|si|sure|of course)\b(?=[,.!:;–—\s])|^\W*(?P<no>no|nope|nein|unfortunately not|leider nein)\b(?=[,.!:;–—])"
)


def claims_in(sentence: str) -> list[Claim]:
    """The plain statements of a sentence; none for a question, an instruction, or one with an exception."""
    text = fold(without_marks(sentence)).strip()
    if text.endswith("?") or _EXCEPTION.search(text) or _INSTRUCTION.match(text) or _LABELLED.match(text):
        return []
    text = _SUPPOSED.sub(lambda match: " " * (len(match[0]) - 1) + ",", text)
    found: dict[str, Claim] = {}
    for name, (stated, opposite) in _COMPILED.items():
        for pattern, sign in ((stated, True), (opposite, False)):
            match = pattern.search(text)
            if match:
                is_positive = sign != _is_negated(text, match.start(), match.end())
                words = frozenset(stem(word) for word in re.findall(r"[a-z]{3,}", match[0]))
                found.setdefault(name, Claim(name, is_positive, words, _clause_stems(text, *match.span())))
    for match in _MODAL.finditer(text):
        verb = stem(match["verb"])
        if verb in _COMMON_VERBS:
            continue
        is_negative = (
            bool(_NEGATION.search(match["modal"])) or re.search(r"unable|impossible", match["modal"]) is not None
        )
        is_negative = is_negative != _is_negated(text, match.start(), match.start())
        predicate = f"can {verb} {match['particle'] or ''}".strip()
        found.setdefault(
            predicate, Claim(predicate, not is_negative, frozenset((verb, "can")), _clause_stems(text, *match.span()))
        )
    return list(found.values())


def opposed_claims(one: list[Claim], other: list[Claim]) -> tuple[Claim, Claim] | None:
    """A claim of each side with one predicate and opposite signs; None where any shared predicate agrees."""
    by_name = {claim.predicate: claim for claim in other}
    shared = [(claim, by_name[claim.predicate]) for claim in one if claim.predicate in by_name]
    opposed = [(a, b) for a, b in shared if a.is_positive != b.is_positive]
    return opposed[0] if opposed and len(opposed) == len(shared) else None


def yes_or_no(answer: str) -> bool | None:
    """Whether an answer begins with Yes or with No; None where it begins with neither."""
    match = _ANSWER.match(fold(without_marks(answer)))
    return None if match is None else match["yes"] is not None


def _clause_stems(text: str, start: int, end: int) -> frozenset[str]:
    """Content words of the clause around a claim; an enumeration stays whole."""
    begin = max((match.end() for match in _CLAUSE_BREAK.finditer(text, 0, start)), default=0)
    stop = match.start() if (match := _CLAUSE_BREAK.search(text, end)) else len(text)
    return frozenset(stems(text[begin:stop]))


def _is_negated(text: str, start: int, end: int) -> bool:
    """Whether an odd number of negations stands in the clause before a statement, or right behind its verb."""
    clause_starts = [match.end() for match in _CLAUSE.finditer(text, 0, start)]
    begin = clause_starts[-1] if clause_starts else 0
    inside = text[begin:start] + " " + (" ".join(text[start:end].split()[:-1]) if end > start else "")
    count = len(_NEGATION.findall(inside))
    if "neither" in inside and "nor" in inside:
        count = 1
    behind = re.match(r"\s+(?:not|nicht|keine?\w*|nunca)(?!\w)", text[end:]) if end > start else None
    return (count + bool(behind)) % 2 == 1
