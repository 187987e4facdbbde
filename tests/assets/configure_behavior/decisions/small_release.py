"""A release of an invented company, small enough to read and to build in a test."""

import pandas as pd

from assets.audit_tickets.categories.calibration import Calibrator
from assets.audit_tickets.categories.intent_model import IntentModel
from assets.build_knowledge.conditions import dump_conditions
from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.retrieval_index import build_index
from assets.build_knowledge.variants import share_phrasings
from assets.configure_behavior.confidence.confidence_model import ConfidenceModel
from assets.configure_behavior.confidence.thresholds import Threshold, Thresholds
from assets.configure_behavior.releases.agent_release import AgentRelease, ReleaseCategory, ReleaseEntry
from desk.behavior import BehaviorFile
from tests.encoders import HashingEncoder

BUCKETS = {
    "password_reset": "automate",
    "export_data": "automate",
    "mobile_sync": "automate",
    "invoice_copy": "hybrid",
    "cancelling": "hybrid",
    "security_incident": "escalate",
}
PHRASINGS = {
    "password_reset": [
        "How do I reset my password?",
        "I forgot my password",
        "my password does not work any more",
        "the reset link for my password has expired",
        "please reset my password",
        "where can I choose a new password",
        "password rejected at login",
        "I need a new password",
    ],
    "export_data": [
        "How do I export all documents?",
        "can I download all documents at once",
        "I want to export everything to a file",
        "where is the export button",
        "export our workspace as a backup",
        "download a backup of the documents",
        "how to export documents to a file",
        "backup of everything as a download",
    ],
    "mobile_sync": [
        "Why does the app not sync?",
        "the app does not sync since the update",
        "sync is stuck",
        "changes on the phone never sync",
        "my notes do not sync to the app",
        "app says syncing for ever",
        "sync stopped working in the app",
        "offline notes do not sync",
    ],
    "invoice_copy": [
        "Where is my invoice?",
        "please send me the invoice for March",
        "I need an invoice for accounting",
        "where can I download invoices",
        "invoice is missing",
        "our bookkeeper wants the invoice",
        "no invoice came by mail",
        "need all invoices of last year",
    ],
    "cancelling": [
        "How do I cancel my subscription?",
        "please cancel our subscription",
        "I want to end the subscription",
        "cancel the plan at the end of the month",
        "stop the subscription renewal",
        "how can we terminate the subscription",
        "where do I cancel",
        "we would like to cancel the subscription",
    ],
    "security_incident": [
        "somebody logged into my account from another country",
        "our account was hacked",
        "I got a phishing mail in your name",
        "a stranger reads our documents",
        "suspicious login in my account",
        "my laptop with the open account was stolen",
        "account hacked by a stranger",
        "suspicious mail asks for my login",
    ],
}
FOREIGN = ["what is the weather in Paris tomorrow", "who won the match on Sunday", "sing a song of sixpence"]
ENTRIES = [
    (
        "password-standard",
        "password_reset",
        "How do I reset my password?",
        "Choose **Forgot password?** on the login page and follow the link in the mail. The link works for 60 minutes.",
        {"sso": ["false"]},
    ),
    (
        "password-sso",
        "password_reset",
        "How do I reset my password?",
        "Your company manages the password. Ask your IT team to reset it; Lindwurm never stores it.",
        {"sso": ["true"]},
    ),
    (
        "export-all",
        "export_data",
        "How do I export all documents?",
        "Open Settings > Workspace > Export and choose Start. You get a ZIP file by mail within 2 hours.",
        {},
    ),
    (
        "sync-ios",
        "mobile_sync",
        "Why does the app not sync?",
        "On an iPhone, open Settings > Lindwurm and allow Background App Refresh.",
        {"os": ["ios"]},
    ),
    (
        "sync-android",
        "mobile_sync",
        "Why does the app not sync?",
        "On Android, open Settings > Apps > Lindwurm > Battery and choose Unrestricted.",
        {"os": ["android"]},
    ),
    (
        "invoice-standard",
        "invoice_copy",
        "Where is my invoice?",
        "Invoices are under Settings > Billing > Invoices, where the workspace owner can download them.",
        {"plan": ["free", "pro"]},
    ),
    (
        "invoice-legacy",
        "invoice_copy",
        "Where is my invoice?",
        "Invoices for the legacy plan are sent by post on the 5th; write to us for a copy.",
        {"plan": ["legacy"]},
    ),
    (
        "cancel-plan",
        "cancelling",
        "How do I cancel my subscription?",
        "Open Settings > Billing and choose Cancel plan. It ends with the period that is paid.",
        {},
    ),
]
BEHAVIOR = {
    "persona": {"name": "Lin", "description": "the assistant of Lindwurm, an invented company"},
    "tone": {
        "languages": ["en", "de"],
        "greeting": {"en": "Hi {name},", "de": "Hallo {name},"},
        "closing": {"en": "Best wishes, {agent}", "de": "Viele Grüße, {agent}"},
        "avoid": ["guarantee"],
    },
    "reply": {"min_words": 3, "max_words": 120},
    "examples": [
        {"situation": f"case {number}", "customer": "How do I do it?", "reply": "Hi, open Settings and choose Start."}
        for number in range(3)
    ],
    "triggers": [
        {"id": "cancelling", "reason": "the customer wants to leave", "signals": ["churn"], "queue": "retention"},
        {"id": "legal", "reason": "legal steps are announced", "signals": ["legal"], "is_urgent": True},
        {"id": "person", "reason": "the customer asks for a person", "signals": ["asks_for_person"]},
    ],
    "clarify": {
        "sso": {"en": "Do you sign in with your company's single sign-on, or with a password of your own?"},
        "os": {"en": "Which phone do you use, an iPhone or one with Android?"},
        "plan": {"en": "Which plan is your workspace on?"},
    },
    "pages": [
        {
            "id": "pricing",
            "where": {"pages": ["/pricing*"]},
            "means": "compares plans before buying",
            "opening": {"en": "Hello {name}, shall I explain how the plans differ?"},
            "offer_entries": ["invoice-standard", "invoice-legacy", "gone"],
        },
        {
            "id": "billing-error",
            "where": {"pages": ["/billing/error*"]},
            "means": "a payment failed",
            "hand_over": True,
        },
        {"id": "admin", "where": {"pages": ["/admin*"]}, "means": "changes for everybody", "draft_only": True},
    ],
    "handoff": {
        "default_queue": "support",
        "queues": {"invoice_copy": "billing"},
        "message": {"en": "A colleague takes over and answers here.", "de": "Eine Kollegin übernimmt."},
        "max_history_messages": 5,
    },
}


def behavior(**changes) -> BehaviorFile:
    """The spec, with top-level blocks replaced."""
    return BehaviorFile.model_validate({**BEHAVIOR, **changes})


def threshold(category_id: str, at: float | None, risk: float = 0.05) -> Threshold:
    """A threshold as if certified."""
    why = "certified" if at is not None else "only 12 calibration tickets"
    return Threshold(category_id, risk, 0.95, at, "category", 200, 120, 1, 0.04, 0.6, "reviewed", why)


def small_release(spec: BehaviorFile | None = None, at: float | None = 0.3, entries=ENTRIES) -> AgentRelease:
    """The release; ``at`` is every category's threshold."""
    encoder = HashingEncoder()
    texts = [text for category in sorted(PHRASINGS) for text in PHRASINGS[category]]
    labels = [category for category in sorted(PHRASINGS) for _ in PHRASINGS[category]]
    intents = IntentModel(encoder_revision=encoder.revision).fit(texts, encoder.encode(texts), labels)
    # Such as a desk's calibration tickets would set it: what is farther than this from all categories is foreign.
    farthest = float(intents.scores(FOREIGN, encoder.encode(FOREIGN)).max()) + 0.01
    intents.calibrator, intents.foreign_below = Calibrator("temperature", temperature=0.15), farthest
    frame = pd.DataFrame(
        [
            (name, category, question, answer, dump_conditions(conditions), PHRASINGS[category])
            for name, category, question, answer, conditions in entries
        ],
        columns=["entry_id", "category_id", "question", "answer", "conditions", "phrasings"],
    )
    history = pd.DataFrame(columns=["ticket_id", "text", "entry_id", "weight", "answered_at", "requester_id"])
    documents = documents_of_entries(share_phrasings(frame)) if len(frame) else documents_of_entries(frame)
    index = build_index(documents, history, encoder.encode, encoder_revision=encoder.revision)
    return AgentRelease(
        release_id="f" * 64,
        company="Lindwurm",
        behavior=spec or behavior(),
        categories={
            name: ReleaseCategory(name, name.replace("_", " "), bucket, 1, "Invented Owner")
            for name, bucket in BUCKETS.items()
        },
        entries={
            name: ReleaseEntry(name, f"hash-{name}", category, question, answer, conditions, "Invented Owner", [], "x")
            for name, category, question, answer, conditions in entries
        },
        intents=intents,
        index=index,
        confidence=ConfidenceModel(),
        thresholds=Thresholds(tuple(threshold(name, at) for name in BUCKETS)),
        encoder_revision=encoder.revision,
        encode=encoder.encode,
    )
