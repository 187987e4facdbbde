"""Stage 2: what does the agent know, and is it right?

Belongs here: assets that load, call one pure function, and return with metadata. Everything they compute lives in the
modules beside this file.
"""

from typing import Any

import dagster as dg
import pandas as pd

from assets.build_knowledge.decided_categories import decided_roadmap
from assets.build_knowledge.knowledge_texts import knowledge_texts
from orchestration.automation import follow_upstream
from orchestration.previews import preview
from orchestration.resources import DeskResource, EncoderResource, ProgressResource
from orchestration.stages import OWNERS

STAGE = "build_knowledge"
COMMON: dict[str, Any] = {"group_name": STAGE, "owners": OWNERS[STAGE]}
DERIVED: dict[str, Any] = {**COMMON, "automation_condition": follow_upstream()}


def _asked(encoder: EncoderResource, questions: pd.DataFrame) -> dict[str, Any]:
    """The vectors of customers' questions, by text: encoded already, and needed by more than one step."""
    texts = questions["question"].drop_duplicates().tolist()
    return dict(zip(texts, encoder.remembering("customer_questions")(texts), strict=True))


@dg.asset(kinds={"parquet", "python"}, pool="lake", **COMMON)
def ledger_events(desk: DeskResource) -> pd.DataFrame:
    """One row per decision in the ledger, in order: who (a pseudonym), what, when, on which content hash; no words."""
    from ledger.export import events_frame, read_events

    previous = desk.lake.previous("ledger_events")
    after = int(previous["sequence"].max()) if previous is not None and len(previous) else 0
    with desk.ledger as ledger:
        frames = list(read_events(ledger, after))
    known = [] if previous is None or not len(previous) else [previous]
    return pd.concat([*known, *frames], ignore_index=True) if known or frames else events_frame()


@dg.multi_asset(
    outs={
        "help_center_articles": dg.AssetOut(
            description="One row per article section, text for some readers only in a row of its own with its "
            "condition. An article that disappears keeps its rows, with the time it was retired.",
            kinds={"parquet", "python"},
            **COMMON,
        ),
        "rejected_articles": dg.AssetOut(
            description="One row per article that could not be read or is not published: file, line and reason.",
            kinds={"parquet", "python"},
            **COMMON,
        ),
    },
    pool="lake",
)
def help_center(
    context: dg.AssetExecutionContext, fct_tickets: pd.DataFrame, desk: DeskResource, progress: ProgressResource
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Read the help center; unchanged articles are taken over."""
    from assets.build_knowledge.articles.read_help_center import read_help_center
    from assets.build_knowledge.articles.vocabulary import learn_words
    from assets.build_knowledge.drafts.answer_conditions import ticket_contexts

    seen = ticket_contexts(fct_tickets)
    found = read_help_center(
        desk.desk.help_center,
        desk.lake.previous("help_center_articles"),
        desk.as_of(fct_tickets),
        learn_words({str(name): seen[name].dropna().unique() for name in seen}),
        progress("reading articles", context.log),
    )
    report = found.report
    conditions = pd.DataFrame(report.sections_by_condition.items(), columns=["condition", "sections"])
    reasons = pd.DataFrame(report.rejected_by_reason.items(), columns=["reason", "articles"])
    counts = {"articles": report.articles_read, "taken_over": report.articles_taken_over, "sections": report.sections}
    return (
        dg.Output(found.sections, metadata={**counts, "conditions": preview(conditions)}),
        dg.Output(found.rejected, metadata={"reasons": preview(reasons)}),
    )


@dg.multi_asset(
    outs={
        "knowledge_entries": dg.AssetOut(
            description="One row per entry version: question, answer, conditions, phrasings, owner; whether exactly "
            "this version was accepted, by whom, and whether it is in date. Versions are kept.",
            kinds={"parquet", "markdown"},
            **COMMON,
        ),
        "rejected_entries": dg.AssetOut(
            description="One row per entry file that could not be read: file, line, reason and what to correct.",
            kinds={"parquet", "markdown"},
            **COMMON,
        ),
    },
    ins={"ledger_events": dg.AssetIn("ledger_events"), "fct_tickets": dg.AssetIn("fct_tickets")},
    pool="lake",
)
def knowledge_files(
    ledger_events: pd.DataFrame, fct_tickets: pd.DataFrame, desk: DeskResource
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """The entry files as they are now, beside every earlier version, and who accepted which."""
    from assets.build_knowledge.entries.entry_versions import build_entries, rejected_entries
    from desk.knowledge import read_knowledge
    from ledger.knowledge import accepted_entries

    loaded = desk.desk
    files, rejected = read_knowledge(loaded.knowledge, [category.id for category in loaded.categories])
    with desk.ledger as ledger:
        accepted = accepted_entries(ledger)
    entries = build_entries(
        files,
        rejected,
        accepted,
        desk.lake.previous("knowledge_entries"),
        desk.as_of(fct_tickets),
        loaded.settings.knowledge.review_every_days,
    )
    current = entries[entries["is_current"]]
    counts = {"on_file": len(current), "accepted": int(current["is_accepted"].sum()), "decisions": len(ledger_events)}
    return dg.Output(entries, metadata=counts), dg.Output(rejected_entries(rejected))


@dg.asset(kinds={"lancedb", "parquet", "python"}, pool="vectors", **DERIVED)
def customer_questions(
    context: dg.AssetExecutionContext,
    fct_tickets: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per training ticket of a category: the sentence in which the customer asks, redacted. Its vector lies in
    LanceDB. Known flaw: a story without a question gives the sentence nearest to one.
    """
    from assets.build_knowledge.training_tickets import training_questions

    frame = training_questions(fct_tickets, ticket_intents, ticket_splits, redacted_comments)
    encode = encoder.remembering("customer_questions", progress("encoding questions", context.log))
    encode(frame["question"].tolist())
    encode.forget_others()
    shown = frame[["category_id", "question", "strength"]].sort_values("strength", ascending=False)
    return dg.Output(frame, metadata={"clearest": preview(shown)})


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def knowledge_findings(
    context: dg.AssetExecutionContext,
    help_center_articles: pd.DataFrame,
    knowledge_entries: pd.DataFrame,
    release_events: pd.DataFrame,
    customer_questions: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per finding of the content audit: what is stale, contradicts, is doubled, unowned, broken or unsafe, with
    evidence and fix. Known flaw: contradictions are found where both sides say it in comparable sentences.
    """
    from assets.build_knowledge.findings.audit_knowledge import audit_knowledge
    from assets.build_knowledge.findings.audit_settings import AuditSettings
    from ledger.knowledge import audit_decisions

    with desk.ledger as ledger:
        decisions = audit_decisions(ledger)
    encode = encoder.remembering("audited_texts", given=_asked(encoder, customer_questions))
    frame = audit_knowledge(
        help_center_articles,
        knowledge_entries,
        release_events,
        AuditSettings.of(desk.desk.settings.knowledge),
        encode,
        as_of=desk.as_of(fct_tickets),
        customer_questions=customer_questions,
        previous=desk.lake.previous("knowledge_findings"),
        decisions=decisions,
        on_progress=progress("auditing knowledge", context.log),
    )
    encode.forget_others()
    still_open = frame[frame["status"] == "open"]
    by_type = still_open.groupby(["subject_kind", "type"]).size().rename("open").reset_index()
    return dg.Output(frame, metadata={"open": len(still_open), "by_type": preview(by_type)})


@dg.multi_asset(
    outs={
        "live_entries": dg.AssetOut(
            description="One row per entry an answer may come from: accepted in this version, in date, owned, without "
            "an open blocking finding. An entry that fails leaves by itself.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "entries_set_aside": dg.AssetOut(
            description="One row per entry on file that is not live, with what it lacks.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "knowledge_coverage": dg.AssetOut(
            description="One row per category to be trained: live entries, phrasings and owners against what the desk "
            "asks for, and what is missing, the most asked first.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
        "knowledge_vectors": dg.AssetOut(
            description="One row per question, phrasing or passage of a live entry. The vectors lie in LanceDB; an "
            "edited entry is encoded anew, and no other is.",
            kinds={"lancedb", "parquet"},
            **DERIVED,
        ),
    },
    pool="vectors",
)
def live_knowledge(
    context: dg.AssetExecutionContext,
    knowledge_entries: pd.DataFrame,
    knowledge_findings: pd.DataFrame,
    training_roadmap: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame], dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """What is live, what is not and why, and the vectors of exactly what is live.

    One step on purpose: a check that is red stops what comes after, and a stale entry must be out of the vectors even
    then.
    """
    from assets.audit_tickets.vectors.vector_store import VectorStore
    from assets.build_knowledge.coverage import knowledge_coverage
    from assets.build_knowledge.entries.live_entries import live_entries

    live, aside = live_entries(knowledge_entries, knowledge_findings)
    coverage = knowledge_coverage(
        decided_roadmap(training_roadmap, accepted_categories), live, desk.desk.settings.knowledge
    )
    model = encoder.load()
    texts = knowledge_texts(live)
    store = VectorStore(desk.lake.vectors, "knowledge_vectors")
    keyed = texts.rename(columns={"vector_id": "text_hash"})
    report = store.upsert_missing(keyed, model, progress("encoding knowledge", context.log))
    erased = store.prune(set(texts["vector_id"]), {model.revision}).erased
    why = aside.explode("why_not_live")["why_not_live"].value_counts().rename_axis("why").reset_index()
    lacking = coverage.loc[~coverage["is_covered"], ["name", "count_tickets", "count_live_entries", "missing"]]
    return (
        dg.Output(live, metadata={"live": len(live)}),
        dg.Output(aside, metadata={"why": preview(why)}),
        dg.Output(coverage, metadata={"lacking": preview(lacking)}),
        dg.Output(
            texts.assign(encoder_revision=model.revision),
            metadata={"encoded": report.encoded, "reused": report.reused, "erased": erased},
        ),
    )


@dg.multi_asset(
    outs={
        "knowledge_drafts": dg.AssetOut(
            description="One row per proposed entry, with its sources and why it is proposed; nothing of it is used "
            "before a person accepts it. Drawn from training tickets and articles nobody doubts.",
            kinds={"parquet", "scikitlearn"},
            **DERIVED,
        ),
        "drafting_report": dg.AssetOut(
            description="One row per category and thing that was not drafted, with the reason.",
            kinds={"parquet", "python"},
            **DERIVED,
        ),
    },
    pool="lake",
)
def drafted_knowledge(
    context: dg.AssetExecutionContext,
    training_roadmap: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    help_center_articles: pd.DataFrame,
    knowledge_findings: pd.DataFrame,
    knowledge_entries: pd.DataFrame,
    customer_questions: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> tuple[dg.Output[pd.DataFrame], dg.Output[pd.DataFrame]]:
    """Draft entries for categories to be trained that are short of them."""
    from assets.build_knowledge.drafts.draft_knowledge import draft_knowledge
    from assets.build_knowledge.drafts.draft_settings import DraftSettings
    from assets.build_knowledge.language_model.drafting import add_model_drafts
    from ledger.knowledge import draft_decisions

    settings = desk.desk.settings
    with desk.ledger as ledger:
        decisions = draft_decisions(ledger)
    limits = DraftSettings.of(settings.knowledge, settings.languages)
    encode = encoder.remembering("drafting_texts", given=_asked(encoder, customer_questions))
    result = draft_knowledge(
        decided_roadmap(training_roadmap, accepted_categories),
        fct_tickets,
        ticket_intents,
        ticket_splits,
        redacted_comments,
        help_center_articles,
        knowledge_findings,
        knowledge_entries,
        decisions,
        limits,
        encode,
        desk.as_of(fct_tickets),
        progress("drafting entries", context.log),
    )
    encode.forget_others()
    made = add_model_drafts(
        result.drafts,
        result.materials,
        settings.language_model,
        desk.lake.home / "language_model_replies",
        limits,
        desk.as_of(fct_tickets),
        decisions,
        knowledge_entries,
    )
    shown = made.drafts.loc[made.drafts["status"] == "open", ["category_id", "question", "origin", "score", "why"]]
    return (
        dg.Output(
            made.drafts,
            metadata={
                "open": len(shown),
                "drafts": preview(shown),
                "language_model_calls": made.count_calls,
                "language_model_usd": round(made.spent_usd, 4),
                "set_aside": preview(made.set_aside[["subject_id", "reason", "detail"]]),
            },
        ),
        dg.Output(result.report, metadata={"report": preview(result.report[["name", "reason", "detail"]], 30)}),
    )


@dg.asset(kinds={"parquet", "python"}, pool="lake", **DERIVED)
def answered_tickets(
    context: dg.AssetExecutionContext,
    live_entries: pd.DataFrame,
    help_center_articles: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    ticket_intents: pd.DataFrame,
    ticket_splits: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per past training ticket and entry that answered it, with how that is known: the reply linked the
    entry's article, or says what the entry says.
    """
    from assets.build_knowledge.entry_history import find_answered_tickets

    encode = encoder.remembering("answer_texts", progress("encoding answers", context.log))
    frame = find_answered_tickets(
        live_entries, help_center_articles, fct_tickets, ticket_intents, ticket_splits, redacted_comments, encode
    )
    encode.forget_others()
    by_evidence = frame.groupby("evidence")["ticket_id"].nunique().reset_index(name="tickets")
    return dg.Output(frame, metadata={"tickets": frame["ticket_id"].nunique(), "evidence": preview(by_evidence)})


@dg.asset(kinds={"parquet", "scikitlearn"}, pool="lake", **DERIVED)
def retrieval_index(
    context: dg.AssetExecutionContext,
    live_entries: pd.DataFrame,
    knowledge_vectors: pd.DataFrame,
    answered_tickets: pd.DataFrame,
    ticket_vectors: pd.DataFrame,
    fct_tickets: pd.DataFrame,
    redacted_comments: pd.DataFrame,
    desk: DeskResource,
    encoder: EncoderResource,
    progress: ProgressResource,
) -> dg.Output[pd.DataFrame]:
    """One row per live entry in the index that questions are answered from: the version of the entry and of the index.

    The index itself is a folder named by its version: what entries say, what past tickets taught, how signals count.
    """
    from assets.audit_tickets.vectors.vector_store import VectorStore
    from assets.build_knowledge.entry_history import index_history
    from assets.build_knowledge.retrieval.documents import documents_of_entries
    from assets.build_knowledge.retrieval.index_files import save_index
    from assets.build_knowledge.retrieval.retrieval_index import build_index, index_version
    from assets.build_knowledge.variants import share_phrasings

    revision = encoder.load().revision
    texts = VectorStore(desk.lake.vectors, "knowledge_vectors").load_vectors(knowledge_vectors["vector_id"], revision)
    past = ticket_vectors[ticket_vectors["ticket_id"].isin(set(answered_tickets["ticket_id"]))]
    asked = VectorStore(desk.lake.vectors).load_vectors(past["text_hash"], revision)
    known = [*zip(past["text"], asked, strict=True), *zip(knowledge_vectors["text"], texts, strict=True)]
    encode = encoder.remembering("history_texts", given=dict(known))
    index = build_index(
        documents_of_entries(share_phrasings(live_entries)),
        index_history(answered_tickets, live_entries, ticket_vectors, fct_tickets, redacted_comments),
        encode,
        encoder_revision=revision,
        on_progress=progress("learning from history", context.log),
    )
    encode.forget_others()
    version = index_version(index)
    save_index(index, desk.lake.models / version)
    weights = pd.DataFrame(index.combination.weights.items(), columns=["signal", "weight"])
    return dg.Output(
        live_entries[["entry_id", "content_hash"]].assign(index_version=version, encoder_revision=revision),
        metadata={"index_version": version, "past_tickets": len(set(index.history_ids)), "weights": preview(weights)},
    )
