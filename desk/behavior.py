"""The shape of ``behavior.yaml``: how the agent speaks, when it steps aside, and what travels to the person.

Belongs here: one pydantic model a block, with the words a person reads when a value is wrong, and the hash that is
signed. Does not belong here: reading the file (``loading``), running triggers or measuring tone
(``assets.configure_behavior``).
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from desk.conditions import parse_conditions
from desk.models import Block, Slug
from desk.patterns import pattern_problem

Signal = Literal[
    "billing_dispute",
    "refund",
    "legal",
    "distress",
    "self_harm",
    "churn",
    "security_incident",
    "press",
    "anger",
    "asks_for_person",
]
"""Risk signals that a trigger may listen to; the audit counts the same ones."""

HandoffPart = Literal["history", "sentiment", "attempted", "entries", "reason", "suggested_reply"]

MAX_PHRASE_CHARS = 200
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WORD = re.compile(r"\w")


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f"'{value}' is no language; write its ISO 639 code, such as en or de")
    return value


def _same(text: str) -> str:
    return " ".join(text.casefold().split())


def _texts(value: Any) -> Any:
    """One text stands for English."""
    return {"en": value} if isinstance(value, str) else value


def _with_words(value: list[str]) -> list[str]:
    """A phrase without a word would fit everywhere or nowhere."""
    for phrase in value:
        if not _WORD.search(phrase):
            raise ValueError(f"the phrase '{phrase}' holds no word; write words, or remove it")
        if len(phrase) > MAX_PHRASE_CHARS:
            raise ValueError(f"a phrase has {len(phrase)} characters; at most {MAX_PHRASE_CHARS} are allowed")
    return value


Language = Annotated[str, AfterValidator(_language)]
Texts = Annotated[dict[Language, str], BeforeValidator(_texts)]
"""A text by language; a customer of another language gets the first one."""


def text_in(texts: dict[str, str], language: str) -> str:
    """The text in a language, else in the first one given; empty when there is none."""
    return texts.get(language) or next(iter(texts.values()), "")


class Persona(Block):
    """Who speaks."""

    name: str = Field(min_length=1, max_length=80)
    description: str = Field(default="", description="who the agent is and is not, in a sentence or two")


class Tone(Block):
    """How it speaks."""

    formality: float = Field(default=0.5, ge=0, le=1, description="0 formal, 1 conversational")
    thoroughness: float = Field(default=0.4, ge=0, le=1, description="0 brief, 1 thorough")
    languages: list[Language] = Field(default=["en"], min_length=1, description="languages it may answer in")
    greeting: Texts = Field(default={}, description="first line of a reply by language; {name} is the customer's")
    closing: Texts = Field(default={}, description="last line of a reply by language; {agent} is the persona's name")
    say_instead: dict[str, str] = Field(default={}, description="a word not to use, and the one to use")
    avoid: list[str] = Field(default=[], description="words and phrases that must not occur in a reply")

    @field_validator("avoid", mode="after")
    @classmethod
    def _hold_words(cls, value: list[str]) -> list[str]:
        return _with_words(value)

    @field_validator("say_instead", mode="after")
    @classmethod
    def _differ(cls, value: dict[str, str]) -> dict[str, str]:
        _with_words(list(value))
        for word, instead in value.items():
            if _same(word) in _same(instead).split():
                raise ValueError(f"'{word}' is to be said as '{instead}', which holds it again; name another word")
        return value


class ReplyLength(Block):
    """How long a reply may be, greeting and closing included."""

    min_words: int = Field(default=5, ge=0)
    max_words: int = Field(default=220, ge=10, le=2000)

    @model_validator(mode="after")
    def _is_a_range(self) -> ReplyLength:
        if self.min_words >= self.max_words:
            raise ValueError(f"min_words ({self.min_words}) must be below max_words ({self.max_words})")
        return self


class ExampleReply(Block):
    """One reply that sets the voice; it must itself keep to the tone's bounds."""

    situation: str = Field(min_length=1)
    customer: str = Field(min_length=1)
    reply: str = Field(min_length=1)
    language: Language = "en"


class Tenure(Block):
    """How long somebody has been a customer, in days; read from the context's ``days_as_customer``."""

    at_least: int | None = Field(default=None, ge=0)
    below: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _is_a_time(self) -> Tenure:
        if self.at_least is None and self.below is None:
            raise ValueError("tenure names no days: give at_least, below or both")
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            raise ValueError(f"at_least ({self.at_least}) must be below 'below' ({self.below})")
        return self


class Scope(Block):
    """For which customers and tickets something holds: all that is named must fit; nothing named fits everybody."""

    categories: list[Slug] = Field(default=[])
    languages: list[Language] = Field(default=[])
    pages: list[str] = Field(default=[], description="patterns over the context's page, such as '/billing*'")
    context: dict[str, Any] = Field(default={}, description="conditions as entries have them, such as {plan: [pro]}")
    tenure: Tenure | None = None

    @field_validator("context", mode="after")
    @classmethod
    def _are_conditions(cls, value: dict[str, Any]) -> dict[str, Any]:
        return dict(parse_conditions(value))

    @property
    def is_everybody(self) -> bool:
        """Whether nothing is named."""
        return not (self.categories or self.languages or self.pages or self.context or self.tenure)


class Sample(Block):
    """A message, or the customer's turns of a conversation, to try a trigger on."""

    turns: list[str] = Field(min_length=1)
    context: dict[str, str | bool | int | float] = Field(default={})
    category: Slug | None = None
    language: Language | None = None


def _sample(value: Any) -> Any:
    if isinstance(value, str):
        return {"turns": [value]}
    return {"turns": value} if isinstance(value, list) else value


Samples = list[Annotated[Sample, BeforeValidator(_sample)]]


class Trigger(Block):
    """When a conversation goes to a person, whatever the confidence.

    It fires for who is in ``only_for`` and not in ``except_for``, when any of ``signals``, ``phrases`` or ``patterns``
    is found in what the customer wrote; with ``amount_above`` only where an amount of money above it is named beside;
    with ``frustration_above`` when more than so many of the customer's messages are frustrated. Naming none of these, it
    fires for everybody in ``only_for``.
    """

    id: Slug
    reason: str = Field(min_length=1, description="why a person takes over, in words")
    signals: list[Signal] = Field(default=[])
    phrases: list[str] = Field(default=[], description="plain words; case, accents and quotes do not count")
    patterns: list[str] = Field(default=[], description="regular expressions over lower-case text")
    unless: list[str] = Field(default=[], description="phrases that, in the same sentence, explain a hit away")
    amount_above: float | None = Field(default=None, ge=0)
    fires_without_amount: bool = Field(default=False, description="with amount_above: also where no amount is named")
    frustration_above: int | None = Field(default=None, ge=0, description="fires at more frustrated messages than this")
    only_for: Scope = Scope()
    except_for: Scope | None = None
    is_urgent: bool = False
    queue: str | None = Field(default=None, description="who takes over; else the handoff's")
    fires_on: Samples = Field(default=[], description="messages it must fire on")
    quiet_on: Samples = Field(default=[], description="messages it must not fire on")

    @field_validator("patterns", mode="after")
    @classmethod
    def _are_safe(cls, value: list[str]) -> list[str]:
        for problem in filter(None, map(pattern_problem, value)):
            raise ValueError(problem)
        return value

    @field_validator("phrases", "unless", mode="after")
    @classmethod
    def _hold_words(cls, value: list[str]) -> list[str]:
        return _with_words(value)

    @model_validator(mode="after")
    def _says_when(self) -> Trigger:
        listens = self.signals or self.phrases or self.patterns or self.frustration_above is not None
        if not listens and self.only_for.is_everybody:
            raise ValueError(
                f"trigger '{self.id}' would fire for everybody: name signals, phrases, patterns, frustration_above or only_for"
            )
        if self.amount_above is not None and not (self.signals or self.phrases or self.patterns):
            raise ValueError(f"trigger '{self.id}': amount_above needs signals, phrases or patterns beside it")
        return self


class BucketConfidence(Block):
    """What a bucket promises. ``risk`` is the share of wrong answers allowed among those given."""

    risk: float = Field(default=0.05, gt=0, lt=0.5)


class Confidence(Block):
    """How sure the agent must be to answer by itself; thresholds are certified on calibration tickets."""

    risk_levels: list[Annotated[float, Field(gt=0, lt=0.5)]] = Field(
        default=[0.02, 0.05, 0.1], description="risks a threshold is sought for and published"
    )
    certainty: float = Field(default=0.95, ge=0.5, lt=1, description="how sure the bound on the risk must be")
    automate: BucketConfidence = BucketConfidence()
    categories: dict[Slug, BucketConfidence] = Field(default={}, description="a category's own risk")
    share_a_bound: bool = Field(
        default=True,
        description="categories with too few calibration tickets of their own share one bound over all of them",
    )

    def risk_of(self, category_id: str | None) -> float:
        """The risk allowed in an ``automate`` category."""
        return self.categories.get(category_id or "", self.automate).risk

    @property
    def all_risks(self) -> list[float]:
        """Every risk a threshold is needed for, ascending."""
        return sorted({*self.risk_levels, self.automate.risk, *(one.risk for one in self.categories.values())})


class PageRule(Block):
    """What it means where a customer is, and what that changes."""

    id: Slug
    where: Scope
    means: str = Field(min_length=1, description="what a customer there usually needs, for people to read")
    opening: Texts = Field(default={}, description="what is said before a word is typed")
    offer_entries: list[str] = Field(default=[], max_length=8, description="entries to offer with the opening")
    prefer_categories: list[Slug] = Field(default=[], description="decides between two categories that are in question")
    hand_over: bool = Field(default=False, description="everybody there goes to a person")
    draft_only: bool = Field(default=False, description="nothing is answered there without a person")

    @model_validator(mode="after")
    def _is_somewhere(self) -> PageRule:
        if self.where.is_everybody:
            raise ValueError(f"page rule '{self.id}' holds for everybody: name pages, context, languages or tenure")
        return self


class Handoff(Block):
    """What travels to the person, and what the customer is told."""

    parts: list[HandoffPart] = Field(
        default=["history", "sentiment", "attempted", "entries", "reason", "suggested_reply"]
    )
    max_history_messages: int = Field(default=20, ge=1, le=200)
    default_queue: str = "support"
    queues: dict[Slug, str] = Field(default={}, description="queue by category")
    message: Texts = Field(default={}, description="what the customer reads while a person takes over")


class BehaviorFile(Block):
    """``behavior.yaml``."""

    persona: Persona
    tone: Tone = Tone()
    reply: ReplyLength = ReplyLength()
    examples: list[ExampleReply] = Field(min_length=3, max_length=5)
    triggers: list[Trigger] = Field(min_length=1)
    confidence: Confidence = Confidence()
    clarify: dict[str, Texts] = Field(
        default={}, description="how to ask for a fact that decides, by condition field, such as sso"
    )
    pages: list[PageRule] = Field(default=[])
    handoff: Handoff = Handoff()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> BehaviorFile:
        for kind, ids in (
            ("trigger", [one.id for one in self.triggers]),
            ("page rule", [one.id for one in self.pages]),
        ):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise ValueError(f"{kind} id used twice: {', '.join(twice)}; every one needs an id of its own")
        return self


def behavior_content(behavior: BehaviorFile) -> dict[str, Any]:
    """The spec in its one form, JSON-ready, defaults included: what is signed."""
    return behavior.model_dump(mode="json")


def behavior_hash(behavior: BehaviorFile) -> str:
    """SHA-256 over the canonical form, as the ledger takes it; 64 hex digits."""
    text = json.dumps(behavior_content(behavior), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
