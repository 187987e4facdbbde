"""A small desk with past tickets on every side, its models, and what calibration takes. All of it is invented."""

import functools
import hashlib
from types import SimpleNamespace

import pandas as pd

from assets.audit_tickets.categories.intent_model import IntentModel
from assets.build_knowledge.entry_history import find_answered_tickets, index_history
from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.retrieval_index import build_index
from assets.build_knowledge.variants import share_phrasings
from tests.assets.build_knowledge.drafts.drafting_frames import Desk, embed

HOST = "https://help.desk.example"
ENTRIES = {
    "reset-own": (
        "login", "How do I reset my password?", '{"sso": ["false"]}',
        "Choose forgot password on the login page and open the link in the mail we send within the hour.",
    ),
    "reset-sso": (
        "login", "How do I reset my password?", '{"sso": ["true"]}',
        "Your company manages the account, so ask your administrator to change it at the identity provider.",
    ),
    "invoice-copy": (
        "billing", "Where is my invoice?", "{}",
        "Open billing history below settings, pick the month you need and press download to get a copy.",
    ),
}  # fmt: skip
ASKS = {
    "login": [
        "my password is rejected",
        "cannot sign in any more",
        "forgot which password I chose",
        "locked out of login",
    ],
    "billing": [
        "need the invoice of march",
        "accountant wants a bill copy",
        "where do receipts hide",
        "send me the invoice",
    ],
}
CATEGORIES = pd.DataFrame(
    [("login", "Login", "automate"), ("billing", "Billing", "automate")], columns=["category_id", "name", "bucket"]
)


def live_entries():
    rows = [
        {
            "entry_id": name,
            "category_id": category,
            "question": question,
            "answer": answer,
            "conditions": conditions,
            "phrasings": [],
            "sources": f'[{{"kind": "article", "id": "{name}"}}]',
        }
        for name, (category, question, conditions, answer) in ENTRIES.items()
    ]
    return pd.DataFrame(rows)


def articles():
    rows = [{"article_id": name, "url": f"{HOST}/articles/{name}"} for name in ENTRIES]
    return pd.DataFrame(rows)


def encode(texts):
    return embed([" ".join(text.split()) or "." for text in texts])


def past(copies=8):
    """Tickets of every side; most are answered with an entry, some by a link, with something else, or not at all."""
    desk = Desk()
    for side, count in (("train", copies), ("calibration", max(2, copies * 3 // 4)), ("holdout", 2)):
        for copy in range(count):
            for number, asks in enumerate(ASKS["login"]):
                sso = "true" if (copy + number) % 2 else "false"
                answer = ENTRIES["reset-sso" if sso == "true" else "reset-own"][3]
                desk.ticket("login", f"{asks}, case {copy}", answer, side, sso=sso)
            for asks in ASKS["billing"]:
                desk.ticket("billing", f"{asks}, case {copy}", ENTRIES["invoice-copy"][3], side, sso="false")
        desk.ticket("billing", "send me the invoice by fax", f"See {HOST}/articles/invoice-copy", side, sso="true")
        desk.ticket(
            "billing", "may I pay with cash for the invoice",
            "Cash is welcome in our shop near the harbour on weekdays between nine and noon, please bring small notes.", side,
        )  # fmt: skip
        desk.ticket("billing", "hello there, invoice", None, side)
    return desk


@functools.cache
def _whole(copies):
    tickets, assigned, splits, comments = past(copies).frames()
    splits = splits.assign(group_id=["g" + hashlib.sha256(one.encode()).hexdigest()[:8] for one in splits["ticket_id"]])
    first = comments[comments["author_role"] == "requester"]
    texts = first[["ticket_id", "text"]].reset_index(drop=True)
    side = splits.set_index("ticket_id")["split"]
    category = assigned.set_index("ticket_id")["assigned_category_id"]
    train = texts[texts["ticket_id"].map(side) == "train"]
    model = IntentModel().fit(train["text"].tolist(), encode(train["text"]), category[train["ticket_id"]].tolist())
    held = texts[texts["ticket_id"].map(side) == "calibration"]
    model.calibrate(held["text"].tolist(), encode(held["text"]), category[held["ticket_id"]].tolist())
    intents = model.predict(texts["text"].tolist(), encode(texts["text"]))
    intents = pd.concat([texts[["ticket_id"]], intents], axis=1).merge(assigned, on="ticket_id")
    live, pages = live_entries(), articles()
    answered = find_answered_tickets(live, pages, tickets, intents, splits, comments, encode)
    index = build_index(
        documents_of_entries(share_phrasings(live)), index_history(answered, live, texts, tickets, comments), encode
    )
    return {
        "live": live,
        "articles": pages,
        "answered": answered,
        "tickets": tickets,
        "ticket_intents": intents,
        "splits": splits,
        "comments": comments,
        "ticket_texts": texts,
        "intents": model,
        "index": index,
    }


def whole(copies=8):
    """Everything of the desk by name; frames are copies."""
    found = _whole(copies)
    return SimpleNamespace(
        **{name: one.copy() if isinstance(one, pd.DataFrame) else one for name, one in found.items()}
    )
