"""Tone's and length's fix: the entry in fewer words, or what the spec says about replies.

Belongs here: shortening an entry to what people said in fewer words, and limits that tell replies that were judged too long from
those that were not. Does not belong here: entries whose content is wrong (``edit_entry``).
"""

from __future__ import annotations

import numpy as np

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.retrieval.same_answers import LEAST
from assets.configure_behavior.behavior.tone_bounds import count_words, tone_problems
from assets.retrain_agent.fixes.fix import Fix, note, quoted, volume_sentence
from assets.retrain_agent.fixes.proposal import EDIT_ENTRY, REPLY_STYLE, Proposal
from assets.retrain_agent.fixes.right_answers import right_answers, says_what
from assets.retrain_agent.fixes.telling_phrases import telling_phrases
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.whole_entries import as_proposed, ticket_sources, with_sources

TOO_LONG = "too_long"
SHORTER_BY = 0.8
"""Words of a right answer, beside the entry's, from which it is the shorter one."""
LEAST_SEPARATED = 0.75
"""Share of replies on the right side of a limit, of those judged too long and of those judged right, to propose it."""


def reply_style(found: PatternGround) -> Fix:
    """A shorter entry, a limit, words to avoid, or a note."""
    reasons = found.mine["said_reason"].dropna()
    is_length = bool(len(reasons)) and float((reasons == TOO_LONG).mean()) >= 0.5
    fix = _said_shorter(found) or (_limit(found) if is_length else _avoided(found))
    return fix or _read_them(found, is_length)


def _said_shorter(found: PatternGround) -> Fix | None:
    """The entry in the words of people who said the same in fewer, or said it better."""
    ground = found.ground
    name = found.cell("target_entry_id") or found.cell("entry_id") or ""
    row = ground.entries.get(name)
    answers = right_answers(found)
    if row is None or not len(answers.rows):
        return None
    old = str(row["answer"])
    alike = says_what(found, old, answers.rows["answer"].tolist())
    lengths = np.array([count_words(one) for one in answers.rows["answer"]])
    fit = np.flatnonzero((alike >= LEAST) & (lengths <= SHORTER_BY * count_words(old)))
    if not len(fit):
        return None
    first = answers.typical([int(one) for one in fit])
    answer = str(answers.rows["answer"].iloc[first])
    named = ticket_sources(answers, [int(one) for one in fit], first)
    was = as_proposed(row)
    return Fix(
        EDIT_ENTRY,
        Proposal(entries=(as_proposed(row, answer=answer, sources=with_sources(was.sources, named)),)),
        f"Say it in fewer words: {quoted(str(row['question']))} ({name})",
        (
            volume_sentence(found.pattern),
            f"The answer has {count_words(old)} words; people said the same in {count_words(answer)}. Check that nothing is lost "
            "that customers need.",
        ),
        tuple(str(one["id"]) for one in named),
        name,
    )


def _limit(found: PatternGround) -> Fix | None:
    """The number of words between the replies that were judged too long and those that were judged right."""
    long = _lengths(found, wrong=True)
    fine = _lengths(found, wrong=False)
    now = found.ground.behavior.reply.max_words
    if len(long) < 2 or len(fine) < 2:
        return None
    tried = [
        int(one) - 1 for one in np.unique(long) if found.ground.behavior.reply.min_words < one - 1 < now and one > 10
    ]
    if not tried:
        return None
    worth = [(float((long > one).mean()), float((fine <= one).mean()), one) for one in tried]
    caught, kept, limit = max(worth, key=lambda one: (min(one[0], one[1]), one[2]))
    if min(caught, kept) < LEAST_SEPARATED:
        return None
    return Fix(
        REPLY_STYLE,
        Proposal(settings={"reply.max_words": limit}),
        f"Send no reply of more than {limit} words (now {now})",
        (
            volume_sentence(found.pattern),
            f"{caught:.0%} of the replies that were judged too long have more words, and {kept:.0%} of those that were judged right "
            "have not. A longer reply would go to a person as a draft, until its entry is shortened.",
            "The change must be signed.",
        ),
        tuple(found.tickets),
    )


def _lengths(found: PatternGround, *, wrong: bool) -> np.ndarray:
    if wrong:
        replies = found.mine["reply"].dropna()
    else:
        cases = found.ground.cases
        replies = cases.loc[
            ~cases["is_wrong"].fillna(True).astype(bool) & (cases["action"] != "escalate"), "reply"
        ].dropna()
    return np.array([count_words(str(one)) for one in replies])


def _avoided(found: PatternGround) -> Fix | None:
    """Words of the spec's own lines, or of an entry, that these replies share and good ones do not have."""
    ground = found.ground
    cases = ground.cases
    good = cases.loc[~cases["is_wrong"].fillna(True).astype(bool), "reply"].dropna()
    bad = found.mine["reply"].dropna()
    if len(bad) < 2 or len(good) < 5:
        return None
    inside, outside = ([[fold(str(one))] for one in replies] for replies in (bad, good))
    shared = telling_phrases(inside, outside, max(2, int(0.6 * len(bad))))
    problems = [problem for one in bad for problem in tone_problems(str(one), ground.behavior, ground.language)]
    said = f" By the spec's own measure: {problems[0]}" if problems else ""
    standing = [
        one for one in shared if not any(fold(one.words) in fold(str(row["answer"])) for row in ground.entries.values())
    ]
    if not standing:
        return None
    phrase = standing[0].words
    avoid = list(dict.fromkeys([*ground.behavior.tone.avoid, phrase]))
    return Fix(
        REPLY_STYLE,
        Proposal(settings={"tone.avoid": avoid}),
        f"Do not say {quoted(phrase)} any more",
        (
            volume_sentence(found.pattern),
            f"{len(standing[0].inside)} of {len(bad)} of these replies hold it and none of {len(good)} good ones.{said} Such a reply "
            "would go to a person as a draft. The change must be signed.",
        ),
        tuple(found.tickets),
    )


def _read_them(found: PatternGround, is_length: bool) -> Fix:
    name = found.cell("entry_id")
    row = found.ground.entries.get(name or "")
    if row is not None:
        what = "Shorten the entry" if is_length else "Word the entry differently"
        words = f"It has {count_words(str(row['answer']))} words. " if is_length else ""
        return note(
            f"{what}: {quoted(str(row['question']))} ({name})",
            volume_sentence(found.pattern),
            f"{words}Nobody wrote how it should read, and what may be left out is not for a rule to decide.",
            entry_id=name,
        )
    return note(
        "Read these replies together: their content is right, their words are not",
        volume_sentence(found.pattern),
        "Nothing that they share tells them from replies that were judged right.",
    )
