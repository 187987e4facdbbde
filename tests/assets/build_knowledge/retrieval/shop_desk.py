"""A small invented help center of a bicycle shop, with past tickets, for retrieval tests."""

import numpy as np
import pandas as pd

from tests.encoders import HashingEncoder

HOST = "https://help.bikes.example"
TITLES = {
    "brakes": "Adjust squeaking brakes",
    "tyres": "Repair a flat tyre",
    "lights": "Charge the front light",
    "refund": "Return a bicycle and get a refund",
}
BODIES = {
    "brakes": "Turn the barrel adjuster of the brake until the squeaking stops.",
    "tyres": "Take the inner tube out, find the hole and put a patch on it.",
    "lights": "Connect the lamp to the charger until the green diode shows.",
    "refund": "Send the bicycle back within thirty days, the money returns to your card.",
}
WORDS = {
    "brakes": [
        "my brakes squeak terribly",
        "loud noise when stopping",
        "awful screech downhill",
        "brake lever makes noise",
    ],
    "tyres": [
        "puncture on the way to work",
        "no air in the rear wheel",
        "tube lost air overnight",
        "nail went into my wheel",
    ],
    "lights": ["lamp stays dark", "battery of the lamp is empty", "lamp does not glow any more", "dark lamp at night"],
    "refund": ["i want my money back", "wrong size bought", "send it back for cash", "changed my mind about buying"],
}
encoder = HashingEncoder()


def encode(texts):
    return encoder.encode(list(texts)) if len(texts) else np.zeros((0, encoder.dimensions), dtype=np.float32)


def at(day: str) -> pd.Timestamp:
    return pd.Timestamp(day, tz="UTC")


def sections() -> pd.DataFrame:
    rows = [
        {
            "article_id": f"zendesk:{name}",
            "title": title,
            "headings": [],
            "text": BODIES[name],
            "conditions": "{}",
            "position": 0,
            "url": f"{HOST}/en-us/kb/{name}",
            "slug": name,
            "retired_as_of": pd.NaT,
        }
        for name, title in TITLES.items()
    ]
    return pd.DataFrame(rows)


def documents() -> pd.DataFrame:
    rows = [(name, "question", title, "{}") for name, title in TITLES.items()]
    rows += [(name, "passage", f"{TITLES[name]}\n{body}", "{}") for name, body in BODIES.items()]
    return pd.DataFrame(rows, columns=["entry_id", "kind", "text", "conditions"])


def history(copies: int = 5) -> pd.DataFrame:
    """``copies`` tickets of each wording, each with its own number in the text and its own requester."""
    rows = [
        (
            f"shop:{name}-{number}-{copy}",
            f"{words} case {copy}",
            name,
            1.0,
            at("2026-01-10"),
            f"person-{name}-{number}-{copy}",
        )
        for name, wordings in WORDS.items()
        for number, words in enumerate(wordings)
        for copy in range(copies)
    ]
    return pd.DataFrame(rows, columns=["ticket_id", "text", "entry_id", "weight", "answered_at", "requester_id"])


def tickets_and_comments(months=("2026-01", "2026-03")) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tickets of two months with a helper's reply that links the right article a day later."""
    tickets, comments = [], []
    for month in months:
        for name, wordings in WORDS.items():
            for number, words in enumerate(wordings):
                for copy in range(4):
                    ticket = f"shop:{month}-{name}-{number}-{copy}"
                    asked = at(f"{month}-{5 + copy:02d}")
                    tickets.append((ticket, f"p-{ticket}", asked, "en-US", f"{words}", f"please help, case {copy}"))
                    answer = f"Hello! See [this]({HOST}/en-us/kb/{name})."
                    comments.append((ticket, "requester", True, asked, words))
                    comments.append((ticket, "staff", True, asked + pd.Timedelta(days=1), answer))
    columns = ["ticket_id", "requester_id", "created_at", "locale", "subject", "message"]
    return (
        pd.DataFrame(tickets, columns=columns),
        pd.DataFrame(comments, columns=["ticket_id", "author_role", "is_public", "created_at", "text"]),
    )
