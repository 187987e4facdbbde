"""An invented desk in the frames that the roadmap reads. All people, companies and texts are fictional."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pandas as pd

SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "su")
AS_OF = pd.Timestamp("2026-03-31 12:00", tz="UTC")

MACRO = (
    "Open the sign-in page and choose Forgot password. A reset link arrives within two minutes; it is valid for an "
    "hour. If it does not arrive, look in the spam folder and ask your administrator to allow our sender address."
)
SSO_MACRO = (
    "Your company signs in through its identity provider, so the password is kept there and not with us. Please ask "
    "your own administrator to reset it in the directory; afterwards log in with the company button as before."
)
# Prose that shares no words: 1,728 made-up words of three syllables.
WORDS = [a + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]


@dataclass(frozen=True)
class Topic:
    category_id: str
    count: int
    opening: str
    answer: str | None  # None: free prose, different each time
    returns: bool = False
    rising: bool = False


TOPICS = (
    Topic("password_reset", 240, "I forgot my password and cannot sign in to the workspace since this morning", MACRO),
    Topic(
        "report_layout", 180, "The report looks different after the update, where did the columns go", None, True, True
    ),
    Topic("plan_upgrade", 90, "We would like to move from the free plan to pro, what happens to our data", MACRO[::-1]),
    Topic("payments", 60, "I was charged twice this month and want my money back", None),
    Topic("invoice_copy", 12, "Could you send me a copy of the invoice for March, it is missing", None),
)


@dataclass(frozen=True)
class InventedDesk:
    fct_tickets: pd.DataFrame
    fct_ticket_comments: pd.DataFrame
    redacted_comments: pd.DataFrame
    ticket_intents: pd.DataFrame
    category_candidates: pd.DataFrame
    accepted_categories: pd.DataFrame
    ticket_splits: pd.DataFrame


def invented_desk(seed: int = 3, csat: bool = True, topics: tuple[Topic, ...] = TOPICS) -> InventedDesk:
    """Some 600 tickets over 120 days: see `TOPICS`, plus 40 unknown ones in a candidate, spam, and a bot."""
    draw = random.Random(seed)
    tickets: list[dict] = []
    comments: list[dict] = []
    texts: list[dict] = []
    intents: list[dict] = []
    splits: list[dict] = []

    def add(topic: Topic, number: int, category: str | None, candidate: str | None) -> None:
        ticket_id = f"demo:{topic.category_id}-{number}"
        back = draw.random() ** (2 if topic.rising else 1) * 120
        created = AS_OF - pd.Timedelta(days=back, minutes=1)
        sso = "true" if draw.random() < 0.4 else "false"
        answer = SSO_MACRO if topic.answer == MACRO and sso == "true" else topic.answer
        answer = answer or " ".join(draw.sample(WORDS, 14)).capitalize() + "."
        bot_only = topic.category_id == "password_reset" and number % 12 == 0
        turns = [("requester", f"{topic.opening} ({draw.choice(WORDS)} {draw.choice(WORDS)}).", 0)]
        turns.append(("bot" if bot_only else "staff", f"Hello, thank you for writing to us. {answer}", 90))
        if topic.returns:
            turns += [
                ("requester", "That did not help, it still looks wrong to me.", 200),
                ("staff", "Try again.", 400),
            ]
        for position, (role, text, minutes) in enumerate(turns, start=1):
            comment_id = f"{ticket_id}-{position}"
            at = created + pd.Timedelta(minutes=minutes)
            common = {
                "comment_id": comment_id,
                "ticket_id": ticket_id,
                "author_role": role,
                "is_public": True,
                "position": position,
                "created_at": at,
            }
            comments.append(common)
            subject = topic.category_id.replace("_", " ") if position == 1 else None
            texts.append({**common, "subject": subject, "text": text, "language": "en", "language_confidence": 0.99})
        solved = draw.random() < 0.8
        rated = csat and solved and draw.random() < 0.4
        tickets.append(
            {
                "ticket_id": ticket_id,
                "created_at": created,
                "status": "solved" if solved else "open",
                "plan": draw.choice(["free", "pro"]),
                "sso": sso,
                "page": None,
                "os": None,
                "exclusion_reason": None,
                "is_in_audit": True,
                "first_reply_calendar_minutes": 90.0,
                "full_resolution_calendar_minutes": 90.0 + draw.random() * 600 if solved else None,
                "count_staff_replies": sum(role == "staff" for role, *_ in turns),
                "count_reopens": int(draw.random() < 0.1) if csat else None,
                "is_one_touch_resolution": (not topic.returns) if solved else None,
                "csat_offered": csat and solved,
                "csat": draw.choice(["good", "good", "good", "bad"]) if rated else None,
                "has_bot_reply": bot_only,
                "is_bot_only": bot_only,
            }
        )
        split = draw.choices(["train", "calibration", "holdout"], [0.7, 0.15, 0.15])[0]
        splits.append({"ticket_id": ticket_id, "split": split})
        intents.append(
            {
                "ticket_id": ticket_id,
                "model_version": "m1",
                "assigned_category_id": category,
                "candidate_id": candidate,
                "is_unknown": category is None,
            }
        )

    for topic in topics:
        for number in range(topic.count):
            add(topic, number, topic.category_id, None)
    for number in range(40):
        add(
            Topic("webhook", number, "Our webhook gets a 410 since we moved servers", None),
            number,
            None,
            "cand_0a1b2c3d",
        )
    for number in range(9):
        add(Topic("spam", number, "Buy followers cheaply", None), number, None, None)
        tickets[-1] |= {"is_in_audit": False, "exclusion_reason": "spam"}
    empty = {"description": "", "bucket": None, "tier": None, "owner": None, "labels": [], "merged_from": []}
    accepted = [
        {"category_id": t.category_id, "name": t.category_id.replace("_", " ").capitalize(), "examples": [], **empty}
        for t in topics
    ]
    candidate = {
        "candidate_id": "cand_0a1b2c3d",
        "name": "webhook, 410, servers",
        "status": "open",
        "examples": ["Our webhook gets a 410 since we moved servers"],
        "example_ticket_ids": ["demo:webhook-1", "demo:webhook-2", "demo:webhook-3", "demo:webhook-4"],
    }
    return InventedDesk(
        pd.DataFrame(tickets),
        pd.DataFrame(comments),
        pd.DataFrame(texts),
        pd.DataFrame(intents),
        pd.DataFrame([candidate]),
        pd.DataFrame(accepted),
        pd.DataFrame(splits),
    )
