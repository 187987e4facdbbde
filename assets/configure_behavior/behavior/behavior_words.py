"""A behavior spec as words: what each setting means for customers and for the people who approve it.

Belongs here: every sentence of the page and the commands that is made from the spec. Does not belong here: HTML
(``behavior_page``), what changed (``diff_behavior``), what is wrong (``behavior_problems``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assets.audit_tickets.roadmap.risk_patterns import SIGNALS
from assets.configure_behavior.behavior.tone_bounds import (
    BRIEF_BELOW,
    CONVERSATIONAL_ABOVE,
    FORMAL_BELOW,
    THOROUGH_ABOVE,
)
from assets.configure_behavior.triggers.mine_triggers import TriggerRate
from assets.configure_behavior.triggers.scopes import conditions_in_words
from desk.behavior import BehaviorFile, PageRule, Scope, Trigger

LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
}
PARTS = {
    "history": "the conversation so far, at most {count} messages",
    "sentiment": "how the customer sounds: frustrated messages, risk signals",
    "attempted": "what the agent has tried",
    "entries": "the entries used or considered, and for whom they hold",
    "reason": "why it was handed over",
    "suggested_reply": "a reply the person may send or change",
}


def language_name(code: str) -> str:
    """``German`` for ``de``; a code that has no name here stays as it is."""
    return LANGUAGES.get(code, code)


def and_list(words: Sequence[str], last: str = "and") -> str:
    """``a, b and c``."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def tone_in_words(behavior: BehaviorFile) -> list[tuple[str, str]]:
    """Pairs of a heading and what it is set to."""
    tone, reply = behavior.tone, behavior.reply
    register = _between(
        tone.formality,
        FORMAL_BELOW,
        CONVERSATIONAL_ABOVE,
        "formal",
        "between formal and conversational",
        "conversational",
    )
    depth = _between(tone.thoroughness, BRIEF_BELOW, THOROUGH_ABOVE, "brief", "between brief and thorough", "thorough")
    rows = [
        ("Register", f"{register} ({tone.formality:g}, where 0 is formal and 1 conversational)"),
        ("Depth", f"{depth} ({tone.thoroughness:g}, where 0 is brief and 1 thorough)"),
        ("Answers in", and_list([language_name(one) for one in tone.languages])),
        ("Length of a reply", f"{reply.min_words} to {reply.max_words} words, greeting and closing included"),
    ]
    if tone.avoid:
        rows.append(("Never says", ", ".join(f"“{one}”" for one in tone.avoid)))
    if tone.say_instead:
        rows.append(("Says instead", "; ".join(f"“{new}”, not “{old}”" for old, new in tone.say_instead.items())))
    return rows


def scope_in_words(scope: Scope) -> str:
    """``everybody``, or who is meant: all parts must be known to fit."""
    parts = []
    if scope.categories:
        parts.append(f"questions about {and_list(scope.categories, 'or')}")
    if scope.languages:
        parts.append(f"messages in {and_list([language_name(one) for one in scope.languages], 'or')}")
    if scope.pages:
        parts.append(f"customers on the page {and_list(scope.pages, 'or')}")
    if scope.context:
        parts.append(f"customers with {conditions_in_words(scope.context)}")
    if scope.tenure:
        days = [
            f"for {scope.tenure.at_least:,} days or more" if scope.tenure.at_least is not None else "",
            f"for fewer than {scope.tenure.below:,} days" if scope.tenure.below is not None else "",
        ]
        parts.append(f"customers {and_list([one for one in days if one])}")
    return ", and ".join(parts) or "everybody"


def trigger_in_words(trigger: Trigger) -> list[str]:
    """When a trigger fires, as sentences."""
    sentences = []
    heard = []
    if trigger.signals:
        heard.append(f"the customer {and_list([SIGNALS[signal] for signal in trigger.signals], 'or')}")
    if trigger.phrases:
        heard.append(
            f"one of {len(trigger.phrases)} phrases is found" if len(trigger.phrases) > 1 else "a phrase is found"
        )
    if trigger.patterns:
        patterns = len(trigger.patterns)
        heard.append(f"one of {patterns} patterns fits" if patterns > 1 else "a pattern fits")
    if heard:
        sentence = f"Fires when {and_list(heard, 'or')}"
        if trigger.amount_above is not None:
            otherwise = ", or no amount is named" if trigger.fires_without_amount else ""
            sentence += f", and an amount of money above {trigger.amount_above:,.2f} is named{otherwise}"
        sentences.append(f"{sentence}.")
    if trigger.frustration_above is not None:
        also = "Also fires" if sentences else "Fires"
        sentences.append(
            f"{also} when more than {trigger.frustration_above} of the customer's messages sound frustrated; a furious "
            "one counts twice."
        )
    if not sentences:
        sentences.append("Fires whatever is written.")
    if not trigger.only_for.is_everybody:
        sentences.append(f"Only for {scope_in_words(trigger.only_for)}.")
    if trigger.except_for is not None and not trigger.except_for.is_everybody:
        sentences.append(f"Not for {scope_in_words(trigger.except_for)}.")
    return sentences


def page_in_words(page: PageRule, entry_questions: Mapping[str, str] | None = None) -> list[str]:
    """What a page rule changes, as sentences."""
    questions = entry_questions or {}
    sentences = []
    if page.hand_over:
        sentences.append("Everybody there goes to a person.")
    if page.draft_only:
        sentences.append("Nothing is answered there without a person: replies are drafts.")
    if page.prefer_categories:
        sentences.append(
            f"Where two categories are in question, {and_list(page.prefer_categories, 'or')} is preferred."
        )
    if page.offer_entries:
        offered = [f"“{questions[one]}” ({one})" if one in questions else one for one in page.offer_entries]
        sentences.append(f"Offers: {'; '.join(offered)}.")
    return sentences or ["Changes nothing; it tells people what the page means."]


def confidence_in_words(behavior: BehaviorFile) -> list[tuple[str, str]]:
    """What each bucket promises, as pairs of bucket and sentence."""
    confidence = behavior.confidence
    sure = f"{confidence.certainty:.0%}"
    rows = [
        (
            "automate",
            f"Answers alone where its calibrated confidence reaches the threshold. Thresholds are chosen on calibration "
            f"tickets so that, with {sure} certainty, at most {confidence.automate.risk:.0%} of the answers given are "
            "wrong. Below it, and where no safe threshold was found, a person sends.",
        ),
        ("hybrid", "Always drafts; a person sends or changes every reply."),
        ("escalate", "Always hands over to a person."),
    ]
    own = {name: one.risk for name, one in confidence.categories.items() if one.risk != confidence.automate.risk}
    if own:
        shown = "; ".join(f"{name} at most {risk:.0%} wrong" for name, risk in own.items())
        rows[0] = ("automate", f"{rows[0][1]} Stricter or looser: {shown}.")
    return rows


def handoff_in_words(behavior: BehaviorFile) -> list[str]:
    """What travels to the person, in the order of the spec."""
    return [PARTS[part].format(count=behavior.handoff.max_history_messages) for part in behavior.handoff.parts]


def rate_in_words(rate: TriggerRate) -> str:
    """``14 of 676 past tickets (2.1%, 1.2–3.4%), 9 of them by no other trigger``."""
    if not rate.count_tickets:
        return "no past ticket was read"
    share = f"{rate.rate:.1%}, {rate.low * 100:.1f}–{rate.high * 100:.1f}%"
    alone = f"; {rate.count_alone:,} of them no other trigger caught" if rate.count_fired else ""
    return f"{rate.count_fired:,} of {rate.count_tickets:,} past tickets ({share}){alone}"


def headline(behavior: BehaviorFile, company: str) -> list[str]:
    """What the spec says, in a few sentences."""
    names = and_list([language_name(one) for one in behavior.tone.languages])
    urgent = sum(one.is_urgent for one in behavior.triggers)
    return [
        f"{behavior.persona.name} answers for {company} in {names}, and only with entries that people accepted.",
        f"{len(behavior.triggers)} triggers hand a conversation to a person whatever the confidence; {urgent} of them are "
        "urgent. They win over everything else on this page.",
        f"Where it may answer alone, at most {behavior.confidence.automate.risk:.0%} of its answers may be wrong, shown "
        f"with {behavior.confidence.certainty:.0%} certainty on past tickets.",
    ]


def title_of(name: str) -> str:
    """``Refund above limit`` for ``refund_above_limit``."""
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def _between(value: float, low: float, high: float, *names: Any) -> str:
    return names[0] if value < low else names[2] if value > high else names[1]
