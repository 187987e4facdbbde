"""The shape of the files a support team writes: ``desk.yaml``, ``categories.yaml`` and ``releases.csv``.

Belongs here: one pydantic model a block, with the words a person reads when a value is wrong.
Does not belong here: reading files (``loading``), proposing a desk (``scaffold``), what the platform writes.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from desk.learning import Learning
from desk.mapping import Mapping
from desk.review_mapping import Reviews
from desk.schedule import Schedule
from desk.service import ServiceSettings

Kind = Literal["zendesk", "freshdesk", "intercom", "generic"]
Bucket = Literal["automate", "hybrid", "escalate"]

SignedKind = Literal["roadmap", "knowledge", "behavior", "release", "pilot", "review"]

DEFAULT_SIGNERS: dict[SignedKind, list[str]] = {
    "knowledge": ["knowledge owner", "support lead"],
    "behavior": ["support lead"],
    "release": ["support lead"],
    "pilot": ["support lead"],
    "review": ["reviewer", "support lead"],
}
"""Roles that sign (or, for reviews, tag answers) where a desk names none. The roadmap has no default: nobody signs it by
accident."""

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")


def _slug(value: str) -> str:
    if not SLUG.match(value):
        raise ValueError(f"'{value}' must be lower-case letters, digits, '-' or '_', such as 'password_reset'")
    return value


Slug = Annotated[str, AfterValidator(_slug)]


class Block(BaseModel):
    """A block of a desk file: unknown keys are mistakes, not extras."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bots(Block):
    """How answers of a bot that is already in use are recognised."""

    author_ids: list[str] = []
    author_names: list[str] = []
    tags: list[str] = []


class Markers(Block):
    """What marks a ticket as spam, automated or merged; texts are compared without regard to case."""

    spam_tags: list[str] = []
    automated_tags: list[str] = []
    automated_senders: list[str] = []
    automated_subjects: list[str] = []
    merged_tags: list[str] = []


class Helpdesk(Block):
    """One source of tickets: which exports are its own and how its custom fields are called."""

    name: Slug
    kind: Kind
    exports: str = Field(description="glob over the inbox's top-level entries, such as 'zendesk-*'")
    fields: dict[Slug, str] = Field(
        default={}, description="context name to custom field title, id, key or path, such as plan: cf_plan"
    )
    bots: Bots = Bots()
    markers: Markers = Markers()
    mapping: Mapping | None = None
    reviews: Reviews | None = Field(
        default=None, description="tags and fields by which people judge the agent's answers"
    )

    @model_validator(mode="after")
    def _generic_needs_mapping(self) -> Helpdesk:
        if self.kind == "generic" and self.mapping is None:
            raise ValueError("a helpdesk of kind 'generic' needs a 'mapping' block that names its columns")
        if self.kind != "generic" and self.mapping is not None:
            raise ValueError(f"'mapping' is for kind 'generic' only, and this helpdesk is '{self.kind}'")
        return self

    @model_validator(mode="after")
    def _reviews_read_known_fields(self) -> Helpdesk:
        if self.reviews is not None and self.mapping is None:
            for field in (self.reviews.field, self.reviews.reason_field):
                if field is not None and field not in self.fields:
                    raise ValueError(f"'reviews' reads the field '{field}', which is not under 'fields'; name it there")
        return self


class Labels(Block):
    """Which values of the helpdesk name a category, so that they can be learnt from."""

    fields: list[Slug] = Field(default=["topic"], description="context fields whose values are categories")
    tags: bool = Field(default=True, description="whether a tag may match a label in categories.yaml")
    ignore: list[str] = Field(default=[], description="values that say nothing, such as 'other'")


class Audit(Block):
    """What the roadmap looks at."""

    window_days: int = Field(default=90, ge=7, le=3660)
    top: int = Field(default=15, ge=1, le=200)
    min_training_examples: int = Field(default=30, ge=2)
    risk_share: float = Field(
        default=0.15, gt=0, le=1, description="share of risky tickets that makes a category 'escalate'"
    )


class DeprecatedTerm(Block):
    """A name that customers may still use and answers may not: what it was, and what to say instead."""

    term: str = Field(min_length=2)
    ended: dt.date | None = Field(default=None, description="since when the term is out of use; empty: for ever")
    instead: str | None = None


class Knowledge(Block):
    """What entries must be to count, and what answers may not say."""

    folder: str = Field(default="knowledge", description="folder of the entry files, beside desk.yaml")
    review_every_days: int = Field(
        default=180, ge=1, le=3660, description="how long a review counts when an entry names no review_by"
    )
    suspect_after_days: int = Field(
        default=365, ge=1, le=3660, description="an article untouched for longer is suspect until someone verifies it"
    )
    min_entries: int = Field(default=3, ge=1, le=50, description="live entries a first-tier category needs")
    min_phrasings: int = Field(default=3, ge=0, le=50, description="phrasings an entry needs")
    deprecated_terms: list[DeprecatedTerm] = []
    internal_names: list[str] = Field(default=[], description="names of systems, rooms and projects not for customers")

    @field_validator("folder", mode="after")
    @classmethod
    def _is_a_local_folder(cls, value: str) -> str:
        if "://" in value or not value.strip():
            raise ValueError("must be a folder on this machine: people edit the files in it")
        return value


_KEY_SETTINGS = frozenset(("api_key", "apikey", "key", "token", "secret", "password", "authorization"))


class LanguageModel(Block):
    """A language model that proposes entries and names; people judge what it proposes. Off without ``base_url``."""

    base_url: str | None = Field(
        default=None, description="an OpenAI-compatible endpoint, such as https://models.example.com/v1; empty: off"
    )
    model: str = Field(default="", description="name of the model at that endpoint")
    api_key_env: str = Field(
        default="UNDERSTUDY_LANGUAGE_MODEL_KEY",
        description="environment variable that holds the key; never the key itself",
    )
    usd_per_million_input_tokens: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    usd_per_million_output_tokens: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    max_cost_usd: float = Field(default=5.0, ge=0, allow_inf_nan=False, description="what a run may cost at most")
    max_calls: int = Field(default=200, ge=0, description="requests a run may send at most, repeated ones included")
    max_output_tokens: int = Field(default=2000, ge=16, le=32_000, description="length of one reply at most")
    timeout_seconds: float = Field(default=60.0, gt=0, le=600)
    temperature: float = Field(default=0.0, ge=0, le=2)

    @property
    def is_on(self) -> bool:
        """Whether the desk uses one."""
        return self.base_url is not None

    @model_validator(mode="before")
    @classmethod
    def _holds_no_key(cls, value: Any) -> Any:
        # Said here, for the message about an unknown setting would repeat what somebody wrote.
        if isinstance(value, dict) and {str(name).casefold() for name in value} & _KEY_SETTINGS:
            raise ValueError(
                "a key must not stand in this file: set it in the environment variable that 'api_key_env' names"
            )
        return value

    @field_validator("api_key_env", mode="after")
    @classmethod
    def _names_a_variable(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,127}", value):
            raise ValueError("must be the name of an environment variable, in capitals, never the key itself")
        return value

    @field_validator("base_url", mode="after")
    @classmethod
    def _is_a_plain_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        # No part of the address is repeated here: somebody may have written the key into it.
        try:
            parts = urlsplit(value)
            is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            is_plain = False
        if not is_plain or re.search(r"\s", value):
            raise ValueError("must be an address such as https://models.example.com/v1")
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise ValueError("must hold no user, password or '?': the key stands in the environment alone")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _names_its_model(self) -> LanguageModel:
        if self.is_on and not self.model.strip():
            raise ValueError("needs 'model': the name of the model at 'base_url'")
        return self


class EncoderChoice(Block):
    """The sentence encoder: a packaged model, a hub name or a folder."""

    name: str = "all-MiniLM-L6-v2"
    max_tokens: int = Field(default=256, ge=16, le=8192)
    precision: Literal["fp32", "bf16"] = Field(
        default="fp32", description="bf16 is nearly twice as fast on CPUs that have it, at a cosine of 0.9998 to fp32"
    )


class Storage(Block):
    """Where state lives. PostgreSQL holds Dagster's runs and the ledger when an URL is given."""

    postgres_url_env: str = Field(
        default="UNDERSTUDY_POSTGRES_URL", description="environment variable that holds the PostgreSQL URL"
    )


class DeskFile(Block):
    """``desk.yaml``."""

    desk_id: Slug = Field(description="salts pseudonyms and splits: chosen once, never changed")
    company: str = Field(min_length=1)
    fictional: bool = False
    languages: list[str] = ["en"]
    inbox: str = Field(
        default="inbox", description="folder beside desk.yaml, absolute path, or URL such as s3://bucket/exports"
    )
    help_center: str = "help_center"
    helpdesks: list[Helpdesk] = Field(min_length=1)
    labels: Labels = Labels()
    signers: dict[SignedKind, list[str]] = Field(
        default={"roadmap": ["support lead"], **DEFAULT_SIGNERS},
        description="roadmap, behavior, release: roles that must all sign; knowledge: roles any one of which accepts an "
        "entry",
    )
    owners: dict[Slug, str] = {}
    audit: Audit = Audit()
    knowledge: Knowledge = Knowledge()
    language_model: LanguageModel = LanguageModel()
    encoder: EncoderChoice = EncoderChoice()
    storage: Storage = Storage()
    service: ServiceSettings = ServiceSettings()
    schedule: Schedule = Schedule()
    learning: Learning = Learning()

    @field_validator("signers", mode="after")
    @classmethod
    def _somebody_signs(cls, value: dict[SignedKind, list[str]]) -> dict[SignedKind, list[str]]:
        return {**value, **{kind: value.get(kind, roles) for kind, roles in DEFAULT_SIGNERS.items()}}

    @model_validator(mode="after")
    def _names_are_unique(self) -> DeskFile:
        names = [helpdesk.name for helpdesk in self.helpdesks]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"helpdesk name used twice: {', '.join(twice)}; every helpdesk needs a name of its own")
        return self


class Category(Block):
    """An accepted category and what was decided about it."""

    id: Slug
    name: str = Field(min_length=1)
    description: str = ""
    labels: list[str] = []
    examples: list[str] = []
    bucket: Bucket | None = None
    tier: int | None = Field(default=None, ge=1)
    owner: str | None = None
    merged_from: list[str] = []


class CategoriesFile(Block):
    """``categories.yaml``; ``proposed`` is written by the platform and ignored until a person moves it up."""

    categories: list[Category] = []
    proposed: list[dict] = []

    @model_validator(mode="after")
    def _ids_and_labels_are_unique(self) -> CategoriesFile:
        seen: dict[str, str] = {}
        for category in self.categories:
            for key in {f"id {category.id}", *(f"label {label.casefold().strip()}" for label in category.labels)}:
                if key in seen:
                    raise ValueError(f"{key} belongs to both '{seen[key]}' and '{category.id}'; keep it in one of them")
                seen[key] = category.id
        return self


class ReleaseEvent(Block):
    """A row of ``releases.csv``: a change that can make knowledge stale or volumes spike."""

    date: dt.date
    kind: Literal["product", "price", "policy"]
    name: str
    version: str = ""
    description: str = ""
    affects: str = ""
