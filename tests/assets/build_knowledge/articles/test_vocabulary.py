"""Learning the words for kinds of readers from tickets and from articles."""

from assets.build_knowledge.articles.vocabulary import DEFAULT_WORDS, Vocabulary, learn_names, learn_words


def test_plans_are_learnt_from_tickets_and_addresses_are_not():
    words = learn_words({"plan": ["Pro", "free", None, float("nan")], "page": ["/login", "app:mobile", "/doc"]})
    assert set(words["plan"]) == {"pro", "free"}
    assert "page" not in words
    assert words["os"] == DEFAULT_WORDS["os"]


def test_known_fields_keep_their_own_words():
    words = learn_words({"os": ["windows-old", "macos"], "sso": ["true", "false"]})
    assert words == DEFAULT_WORDS


def test_a_field_with_many_values_names_no_kind_of_reader():
    assert "company" not in learn_words(
        {
            "company": [f"company {letter}" for letter in "abcdefghijklmnopqrstuvwxyzäöüß"] * 2
            + [f"firm {n}x" for n in range(9)]
        }
    )


def test_the_longer_name_of_a_plan_is_learnt_from_articles():
    words = learn_words({"plan": ["legacy", "pro"]})
    texts = [
        "Legacy Studio ends. Legacy Studio seats",
        "On Legacy Studio, pay yearly",
        "Pro Tips. Pro is new. Pro costs",
    ]
    learnt = learn_names(words, texts)
    assert "legacy studio" in learnt["plan"]["legacy"]
    assert learnt["plan"]["pro"] == words["plan"]["pro"]


def test_other_words_make_another_vocabulary():
    one, two = Vocabulary.of(learn_words({"plan": ["pro"]})), Vocabulary.of(learn_words({"plan": ["pro", "team"]}))
    assert one.digest != two.digest
    assert one.digest == Vocabulary.of(learn_words({"plan": ["pro", "pro"]})).digest


def test_a_phrase_that_two_fields_claim_names_neither():
    vocabulary = Vocabulary.of({"plan": {"team": ["team"]}, "role": {"team": ["team"]}})
    assert vocabulary.look_up("Team") is None
