"""The small desk as trials take it: its frames, and the release that was learnt from them. All of it is invented."""

import functools

import pandas as pd

from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
from assets.configure_behavior.confidence.thresholds import Thresholds
from assets.configure_behavior.releases.agent_release import AgentRelease, ReleaseCategory
from assets.configure_behavior.releases.build_release import release_entries
from assets.retrain_agent.trials.trial_release import Material, learn_categories, learn_retrieval
from tests.assets.configure_behavior.confidence import small_desk
from tests.assets.configure_behavior.decisions.small_release import behavior, threshold

encode = small_desk.encode


@functools.cache
def _material() -> Material:
    desk = small_desk.whole()
    live = desk.live.assign(
        content_hash=[f"hash-{name}" for name in desk.live["entry_id"]], owner="Invented Owner", valid_from=pd.NaT,
        valid_until=pd.NaT,
    )  # fmt: skip
    category = desk.ticket_intents.set_index("ticket_id")["assigned_category_id"]
    tickets = desk.tickets.assign(
        updated_at=desk.tickets["created_at"],
        label_category_id=pd.array(desk.tickets["ticket_id"].map(category), dtype="string"),
    )
    return Material(
        live=live,
        aside=live.iloc[:0].assign(why_not_live=pd.Series([], dtype="object")),
        articles=desk.articles.assign(text="", title="", retired_as_of=pd.NaT),
        tickets=tickets,
        intents=desk.ticket_intents.assign(assigned_by="label", label_category_id=category.to_numpy()),
        splits=desk.splits,
        comments=desk.comments,
        texts=desk.ticket_texts,
        categories=small_desk.CATEGORIES.assign(tier=1, owner="Invented Owner", examples=[[], []]),
    )


def small_material() -> Material:
    """The frames; whoever changes one copies it first, as the product does."""
    return _material()


@functools.cache
def base_release() -> AgentRelease:
    """The release learnt from them."""
    material = small_material()
    return AgentRelease(
        release_id="b" * 64,
        company="Invented Desk",
        behavior=behavior(),
        categories={
            name: ReleaseCategory(name, title, bucket, 1, "Invented Owner")
            for name, title, bucket in small_desk.CATEGORIES.itertuples(index=False)
        },
        entries={one.entry_id: one for one in release_entries(material.live)},
        intents=learn_categories(material, encode, "words").model,
        index=learn_retrieval(material, encode, "words"),
        confidence=ConfidenceModel(),
        thresholds=Thresholds(tuple(threshold(name, 0.3) for name in small_desk.CATEGORIES["category_id"])),
        encoder_revision="words",
        encode=encode,
    )


def decisions(release: AgentRelease, material: Material, side: str = "holdout") -> list[dict]:
    """What is decided about the tickets of a side, without the release's name."""
    from assets.configure_behavior.decisions.decide import decide

    ours = set(material.splits.loc[material.splits["split"] == side, "ticket_id"])
    context = dict(zip(material.tickets["ticket_id"], material.tickets["sso"], strict=True))
    return [
        {**decide(text, [], {"sso": context[ticket]}, release).to_dict(), "release_id": ""}
        for ticket, text in zip(material.texts["ticket_id"], material.texts["text"], strict=True)
        if ticket in ours
    ]
