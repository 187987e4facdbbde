"""A name a person can read, key terms and typical questions for each group of tickets.

Belongs here: weighing words by how much they mark a group, choosing a phrase that customers really wrote, and picking
examples. Does not belong here: forming the groups (``text_clusters``) or their ids (``candidates``).

Method: a word's weight is class-based TF-IDF, the share of the group's tickets that hold it times the log of how much
rarer it is elsewhere. Phrases are cut from customers' own subjects and first sentences, so that they read as language;
the phrase with the highest mean weight wins, and no two groups get the same name.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assets.audit_tickets.categories.stop_words import ARTICLES, LINKS, REFUSALS, STOP_WORDS

WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’\-](?=[^\W_]))*")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|<[^<>\s]{1,40}>|\[[^\[\]\n]{1,40}\]|\S+@\S+")
GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|dear|hallo|hola|bonjour|ciao|buongiorno|guten (?:tag|morgen|abend)|buen[oa]s (?:d[ií]as|tardes|noches)"
    r"|good (?:morning|afternoon|evening|day))\b[^,.!\n]{0,30}[,.!\n\-–:]+\s*|(?:thanks|thank you|danke|gracias)\b[^.!\n]{0,40}[.!\n]+\s*)+",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"^(how|what|why|where|when|which|who|can|could|is there|is it|do i|does|should|will|wie|warum|wo|wann|kann|was|welche"
    r"|cómo|como|por qué|dónde|puedo|cuándo|comment|pourquoi|come|perché|hoe|waarom)\b",
    re.IGNORECASE,
)
EXAMPLE_CHARS = 160
COMMON_SHARE = 0.25
OWN_WORD_LIFT = 2.2
MAX_FILLERS = 2
MAX_CONTENT = 4
PARTS_READ = 400
CALM_SHARE = 0.45


@dataclass(frozen=True)
class GroupName:
    """What a group is called and why: ``key_terms`` are its marking words, most marking first."""

    name: str
    key_terms: tuple[str, ...]


@dataclass(frozen=True)
class _Word:
    shown: str
    stem: str
    is_content: bool


def name_groups(
    texts: Sequence[str],
    labels: np.ndarray,
    languages: Sequence[str | None] | None = None,
    taken: Iterable[str] = (),
) -> dict[int, GroupName]:
    """Name every group of texts.

    Args:
        texts: n texts, subject on the first line; those of no group serve as background.
        labels: group numbers (n,), negative for none.
        languages: ISO 639-1 codes (n,); a group is named in its most common language.
        taken: names that are in use already and may not be given again.

    Returns:
        Group number to name; groups named in the order of their size, so that the largest gets the plainest name.
    """
    spoken: list[str] = [language or "" for language in languages] if languages is not None else [""] * len(texts)
    words_of = [_words(text[: EXAMPLE_CHARS * 5]) for text in texts]
    shown = _usual_spelling(words_of)
    present = [{word.stem for word in words if word.is_content} for words in words_of]
    everywhere = Counter(stem for stems in present for stem in stems)
    used = {_name_key(name) for name in taken}
    names: dict[int, GroupName] = {}
    groups, counts = np.unique(labels[labels >= 0], return_counts=True)
    for group in sorted(groups, key=lambda g: (-int(counts[groups == g][0]), int(g))):
        members = np.flatnonzero(labels == group)
        weights = _weights([present[i] for i in members], everywhere, len(texts))
        language = Counter(spoken[i] for i in members).most_common(1)[0][0]
        voices = [int(i) for i in members if spoken[i] == language][:PARTS_READ]
        phrases = _phrases([texts[i] for i in voices], weights)
        terms = tuple(shown[stem] for stem, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:8])
        name = _first_free(phrases, terms, used, shown)
        used.add(_name_key(name))
        names[int(group)] = GroupName(name, terms)
    return names


def example_phrase(text: str) -> str:
    """The sentence that best says what a text asks, at most 160 characters: its subject if that is a sentence, else its
    first question, else its first sentence; greetings are left out."""
    subject, _, body = text.partition("\n")
    subject = _tidy(subject)
    if len(subject.split()) >= 4 and _says_something(subject):
        return _shorten(subject)
    sentences = [
        sentence for sentence in (_tidy(part) for part in SENTENCE_END.split(body)) if _says_something(sentence)
    ]
    asking = next((s for s in sentences if s.endswith("?") or ASKING.match(s)), None)
    return _shorten(asking or (sentences[0] if sentences else subject))


def typical_examples(
    texts: Sequence[str], space: np.ndarray, key_terms: Sequence[str] = (), count: int = 5, variety: float = 0.4
) -> list[int]:
    """Positions of texts that stand for their group and differ from each other (maximal marginal relevance,
    Carbonell and Goldstein 1998): near the centre, but ``variety`` weighs against repeating one already chosen.
    Phrases that hold one of the ``key_terms`` come first, and the same phrase is never taken twice."""
    centre = space.mean(axis=0)
    near = space @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    marking = {_stem(term) for term in key_terms}
    order = np.argsort(-near, kind="stable")[: max(60, count * 10)]
    seen: set[str] = set()
    open_: list[int] = []
    for i in order:
        phrase = example_phrase(texts[i]).casefold()
        if len(phrase.split()) < 2 or phrase in seen:
            continue
        seen.add(phrase)
        open_.append(int(i))
        if marking and marking.isdisjoint(word.stem for word in _words(phrase)):
            near[i] -= 1.0
    chosen: list[int] = []
    while open_ and len(chosen) < count:
        repeats = [max((float(space[i] @ space[j]) for j in chosen), default=0.0) for i in open_]
        best = max(range(len(open_)), key=lambda at: (1 - variety) * float(near[open_[at]]) - variety * repeats[at])
        chosen.append(open_.pop(best))
    return chosen


def _weights(members: list[set[str]], everywhere: Counter[str], total: int) -> dict[str, float]:
    inside = Counter(stem for stems in members for stem in stems)
    size = len(members)
    weights = {}
    for stem, count in inside.items():
        share, base = count / size, (everywhere[stem] + 1) / (total + 1)
        # A desk's own words (its product, "email") stand in a large share of all tickets and mark nothing much.
        is_own = base > COMMON_SHARE and share < OWN_WORD_LIFT * base
        if count >= max(3, 0.07 * size) and share > base and not is_own:
            weights[stem] = share * float(np.log(share / base) + 0.1)
    return weights


def _phrases(texts: list[str], weights: dict[str, float]) -> list[tuple[float, str]]:
    """Phrases of two to four content words with their scores, best first."""
    seen: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    scores: dict[str, float] = {}
    for text in texts:
        subject, _, body = text.partition("\n")
        parts = [subject, *SENTENCE_END.split(body)[:2]]
        for key, span in {span.key: span for part in parts for span in _spans(part[:200], weights)}.items():
            seen[key] += 1
            refused[key] += span.is_refused
            forms[key][span.form] += 1
            scores[key] = span.score
    ranked = []
    for key, score in scores.items():
        support = 1 + 0.35 * float(np.log(seen[key])) if seen[key] > 1 else 0.6
        form = min(forms[key].items(), key=lambda item: (-item[1], item[0]))[0]
        ranked.append((score * support, f"cannot {form}" if refused[key] > 0.5 * seen[key] > 0.5 else form))
    return sorted(ranked, key=lambda item: (-item[0], item[1]))


@dataclass(frozen=True)
class _Span:
    key: str
    form: str
    score: float
    is_refused: bool


def _spans(part: str, weights: dict[str, float]) -> Iterable[_Span]:
    for clause in re.split(r"[,;:.!?()\"“”/|•–—]|\s-\s", NOT_WORDS.sub(" . ", part)):
        words = [word for word in _words(clause) if word.shown.lower() not in ARTICLES]
        for start, first in enumerate(words):
            if not first.is_content:
                continue
            stems: list[str] = []
            shown: list[str] = []
            before = {word.shown.lower() for word in words[max(0, start - 2) : start]}
            for word in words[start:]:
                shown.append(word.shown)
                if not word.is_content:
                    if word.shown.lower() not in LINKS or len(shown) - len(stems) > MAX_FILLERS:
                        break
                    continue
                if word.stem in stems or len(stems) == MAX_CONTENT:
                    break
                stems.append(word.stem)
                if len(stems) >= 2 and sum(stem in weights for stem in stems) >= 2:
                    total = sum(weights.get(stem, 0.0) for stem in stems)
                    yield _Span(
                        " ".join(sorted(stems)), " ".join(shown), total / (len(stems) + 0.7), bool(before & REFUSALS)
                    )


def _first_free(phrases: list[tuple[float, str]], terms: tuple[str, ...], used: set[str], shown: dict[str, str]) -> str:
    for _, phrase in phrases[:40]:
        name = _display(phrase, shown)
        if _name_key(name) not in used:
            return name
    for count in range(min(2, len(terms)), len(terms) + 1):
        name = _display(" ".join(terms[:count]) or "Other questions", shown)
        if _name_key(name) not in used:
            return name
    plain = _display(" ".join(terms[:3]) or "Other questions", shown)
    return next(name for name in (f"{plain} {number}" for number in range(2, 10_000)) if _name_key(name) not in used)


def _display(phrase: str, shown: dict[str, str]) -> str:
    spelled = []
    for word in phrase.split():
        stem = _stem(word)
        usual = shown.get(stem, word)
        spelled.append(usual if usual.casefold() == word.casefold() else _calm(word, usual))
    joined = " ".join(spelled)
    return joined[:1].upper() + joined[1:]


def _calm(word: str, usual: str) -> str:
    if usual[:1].isupper() and not usual.isupper():
        return word[:1].upper() + word[1:].lower()
    return word.lower()


def _usual_spelling(words_of: list[list[_Word]]) -> dict[str, str]:
    """Most common spelling of each stem, counted less at the start of a text; shouting only where nobody speaks calmly."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for words in words_of:
        for at, word in enumerate(words):
            spellings[word.stem][word.shown] += 3 if at else 1
    usual = {}
    for stem, forms in spellings.items():
        calm = {form: count for form, count in forms.items() if not form.isupper()}
        # IMAP stays IMAP although a few write imap; a shouted INVOICE does not become the name of invoices.
        chosen = calm if sum(calm.values()) >= CALM_SHARE * sum(forms.values()) else forms
        usual[stem] = min(chosen.items(), key=lambda item: (-item[1], item[0]))[0]
    return usual


def _words(text: str) -> list[_Word]:
    found = []
    for match in WORD.finditer(NOT_WORDS.sub(" ", text)):
        shown = match.group().replace("’", "'")
        lowered = shown.lower()
        found.append(_Word(shown, _stem(shown), len(lowered) > 1 and lowered not in STOP_WORDS))
    return found


def _stem(word: str) -> str:
    """A crude common form, so that "freezes", "freezing" and "freeze" count together."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    if word in ("e-mail", "e-mails", "emails", "mails", "mail"):
        return "email"
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            word = word.removesuffix(ending)
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def _name_key(name: str) -> str:
    """What makes two names the same: their content words in any form and order, and any number at the end."""
    stems = sorted({word.stem for word in _words(name) if word.is_content})
    return " ".join([*stems, *re.findall(r"\d+$", name)]) if stems else name.casefold()


def _says_something(sentence: str) -> bool:
    return sum(word.is_content for word in _words(sentence)) >= 2


def _tidy(sentence: str) -> str:
    return GREETING.sub("", " ".join(sentence.split())).strip(" -–•*>")


def _shorten(sentence: str) -> str:
    if len(sentence) <= EXAMPLE_CHARS:
        return sentence
    return sentence[: EXAMPLE_CHARS - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
