from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assets.audit_tickets.categories.candidate_frame import COLUMNS, empty_candidates
from assets.audit_tickets.categories.candidate_matching import Group, match_candidates
from assets.audit_tickets.categories.candidates import CandidateSettings, Discovery, candidate_id, discover_candidates
from assets.audit_tickets.categories.text_clusters import (
    NO_CLUSTER,
    ClusterSettings,
    centred,
    cluster_texts,
    language_means,
)
from tests.assets.audit_tickets.categories.ticket_topics import TOPICS, make_tickets, vectors_of

AS_OF = pd.Timestamp("2026-06-01", tz="UTC")
LATER = pd.Timestamp("2026-06-08", tz="UTC")
ALL = list(TOPICS)


def pool_of(tickets: pd.DataFrame, split: str = "train") -> pd.DataFrame:
    return tickets.assign(split=split, is_unknown=True)


def run(pool: pd.DataFrame, as_of: pd.Timestamp = AS_OF, revision: str = "hashing", **options) -> Discovery:
    return discover_candidates(pool, vectors_of(pool), as_of=as_of, encoder_revision=revision, **options)


@pytest.fixture(scope="module")
def pool() -> pd.DataFrame:
    return pool_of(make_tickets(ALL, 40))


@pytest.fixture(scope="module")
def found(pool: pd.DataFrame) -> Discovery:
    return run(pool)


def topics_of(pool: pd.DataFrame, found: Discovery) -> pd.DataFrame:
    joined = found.members.merge(pool[["ticket_id", "topic"]], on="ticket_id")
    return joined.groupby("candidate_id")["topic"].agg(lambda topics: topics.value_counts(normalize=True).iloc[0])


def test_candidates_are_of_one_topic_each_and_cover_most_tickets(pool: pd.DataFrame, found: Discovery):
    assert topics_of(pool, found).min() > 0.9
    assert len(found.members) > 0.8 * len(pool)
    joined = found.members.merge(pool[["ticket_id", "topic"]], on="ticket_id")
    assert set(joined["topic"]) == set(ALL)
    assert found.candidates["count_tickets"].sum() == len(found.members)
    assert found.candidates["share_of_unknown"].sum() == pytest.approx(len(found.members) / len(pool))


def test_the_frame_has_the_columns_it_promises(found: Discovery):
    assert list(found.candidates.columns) == list(COLUMNS)
    assert found.candidates.dtypes.to_dict() == {**empty_candidates().dtypes.to_dict()}
    assert found.candidates["candidate_id"].str.fullmatch(r"cand_[0-9a-f]{8}").all()
    assert found.candidates["name"].is_unique
    assert set(found.candidates["matched_from"]) == {"new"}


def test_the_same_tickets_in_another_order_give_the_same_candidates(pool: pd.DataFrame, found: Discovery):
    again = run(pool.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(again.candidates, found.candidates)
    pd.testing.assert_frame_equal(again.members, found.members)


@pytest.mark.parametrize("share", [0.1, 0.2])
def test_new_tickets_keep_ids_names_and_first_sighting(pool: pd.DataFrame, found: Discovery, share: float):
    more = pd.concat([pool, pool_of(make_tickets(ALL, int(40 * share), seed=9))], ignore_index=True)
    again = run(more, as_of=LATER, previous=found.candidates)
    before, after = found.candidates.set_index("candidate_id"), again.candidates.set_index("candidate_id")
    kept = before.index.intersection(after.index[after["is_present"]])
    assert len(kept) >= 0.95 * len(before)
    for column in ("name", "first_seen_as_of", "status"):
        assert (before.loc[kept, column] == after.loc[kept, column]).all()
    assert (after.loc[kept, "matched_from"] == "recognised").all()
    assert (after.loc[kept, "last_seen_as_of"] == LATER).all()
    assert after.loc[kept, "count_tickets"].sum() > before["count_tickets"].sum()
    assert all(before.loc[name, "centroid"] == after.loc[name, "centroid"] for name in kept)


def test_ids_survive_a_new_encoder_through_their_tickets(pool: pd.DataFrame, found: Discovery):
    rng = np.random.default_rng(0)
    turn, _ = np.linalg.qr(rng.normal(size=(128, 128)))
    again = discover_candidates(
        pool, vectors_of(pool) @ turn, as_of=LATER, encoder_revision="turned", previous=found.candidates
    )
    kept = set(found.candidates["candidate_id"]) & set(
        again.candidates.loc[again.candidates["is_present"], "candidate_id"]
    )
    assert len(kept) >= 0.75 * len(found.candidates)
    assert set(again.candidates.loc[again.candidates["is_present"], "encoder_revision"]) == {"turned"}


def test_a_vanished_candidate_stays_in_the_frame_and_comes_back_under_its_id(pool: pd.DataFrame, found: Discovery):
    without = run(pool[pool["topic"] != "printer"], as_of=LATER, previous=found.candidates)
    gone = without.candidates[~without.candidates["is_present"]]
    assert len(gone) >= 1
    assert (gone["count_tickets"] == 0).all()
    # Nothing of a ticket that is gone is quoted any more.
    assert gone["examples"].map(len).sum() == 0
    back = run(pool, as_of=LATER, previous=without.candidates)
    assert set(gone["candidate_id"]) <= set(back.candidates.loc[back.candidates["is_present"], "candidate_id"])


def test_holdout_tickets_are_assigned_but_form_nothing_and_are_not_shown(pool: pd.DataFrame, found: Discovery):
    held = pool_of(make_tickets(ALL, 20, seed=7, source="held"), "holdout")
    both = run(pd.concat([pool, held], ignore_index=True))
    assert set(both.candidates["candidate_id"]) == set(found.candidates["candidate_id"])
    assert both.members["ticket_id"].str.startswith("held:").sum() > 20
    shown = both.candidates["example_ticket_ids"].explode()
    assert not shown.str.startswith("held:").any()
    columns = ["candidate_id", "name", "examples", "centroid", "count_training_tickets"]
    one, other = (
        frame.sort_values("candidate_id")[columns].reset_index(drop=True)
        for frame in (both.candidates, found.candidates)
    )
    pd.testing.assert_frame_equal(one, other)
    assert run(pool_of(make_tickets(ALL, 40), "holdout")).candidates.empty


def test_candidates_given_to_a_category_are_closed(pool: pd.DataFrame, found: Discovery):
    first = found.candidates["candidate_id"].iloc[0]
    previous = found.candidates.copy()
    previous.loc[previous["candidate_id"] == first, "status"] = "accepted"
    again = run(pool, as_of=LATER, previous=previous).candidates.set_index("candidate_id")
    assert first not in set(run(pool, as_of=LATER, previous=previous).members["candidate_id"])
    assert again.loc[first, "member_ticket_ids"] == found.candidates["member_ticket_ids"].iloc[0]
    assert again.loc[first, "status"] == "accepted"


def test_looking_like_a_known_category_is_said(pool: pd.DataFrame):
    guesses = pool.assign(predicted_category_id=np.where(pool["topic"] == "invoice", "billing", None))
    candidates = run(guesses).candidates
    alike = candidates[candidates["looks_like_category_id"] == "billing"]
    assert len(alike) >= 1
    assert (alike["looks_like_share"] >= 0.6).all()
    assert candidates["looks_like_category_id"].isna().sum() >= 2


def test_known_tickets_and_too_few_tickets_propose_nothing(pool: pd.DataFrame):
    assert run(pool.assign(is_unknown=False)).candidates.empty
    assert run(pool.head(5)).candidates.empty
    assert run(pool.head(0)).members.empty


def test_an_id_is_of_content_not_of_order():
    assert candidate_id(["a", "b"]) == candidate_id(["b", "a"]) != candidate_id(["a", "c"])


def test_languages_are_grouped_apart_and_small_ones_only_join(pool: pd.DataFrame):
    spanish = pool.assign(language="es", ticket_id="es:" + pool["ticket_id"])
    both = pd.concat([pool, spanish], ignore_index=True)
    space = centred(
        vectors_of(both), both["language"].tolist(), language_means(vectors_of(both), both["language"].tolist())
    )
    settings = ClusterSettings(min_language_texts=100)
    labels = cluster_texts(both["text"].tolist(), space, both["language"].tolist(), settings)
    mixed = pd.crosstab(labels[labels != NO_CLUSTER], both["language"][labels != NO_CLUSTER]).min(axis=1)
    assert (mixed <= 3).mean() > 0.8
    few = cluster_texts(
        both["text"].tolist(), space, both["language"].tolist(), replace(settings, min_language_texts=1000)
    )
    assert few.max() < labels.max()


def test_more_texts_than_memory_allows_are_sampled_and_the_rest_joins(pool: pd.DataFrame):
    settings = CandidateSettings(clusters=ClusterSettings(max_texts=100))
    sampled = run(pool, settings=settings)
    assert topics_of(pool, sampled).min() > 0.8
    assert len(sampled.members) > 0.35 * len(pool)


def test_vectors_of_zeros_or_nan_are_no_error(pool: pd.DataFrame):
    vectors = vectors_of(pool)
    vectors[:10] = 0
    vectors[10:20] = np.nan
    found = discover_candidates(pool, vectors, as_of=AS_OF, encoder_revision="hashing")
    assert found.candidates["cohesion"].between(-1, 1).all()


def group(*tickets: str, centre: list[float] | None = None) -> Group:
    return Group(frozenset(tickets), None if centre is None else np.array(centre))


def test_matching_pairs_by_shared_tickets_and_by_centre():
    previous = [group("a", "b", "c"), group("d", "e", centre=[0, 1])]
    matching = match_candidates(previous, [group("x", "y", centre=[0.1, 0.995]), group("a", "b", "z")])
    assert matching.recognised == {0: 1, 1: 0}


def test_matching_never_gives_one_id_to_two_groups_and_tells_splits_and_merges():
    split = match_candidates([group("a", "b", "c", "d", "e")], [group("a", "b", "c"), group("d", "e")])
    assert split.recognised == {0: 0}
    assert split.split_from == {1: 0}
    merge = match_candidates([group("a", "b", "c"), group("d", "e")], [group("a", "b", "c", "d", "e")])
    assert len(merge.recognised) == 1
    assert merge.absorbed == {1: 0} or merge.absorbed == {0: 0}


def test_matching_leaves_strangers_alone():
    matching = match_candidates([group("a", "b", "c", "d", centre=[1, 0])], [group("a", "x", "y", "z", centre=[0, 1])])
    assert matching.recognised == {}
    assert match_candidates([], [group("a")]).recognised == {}
