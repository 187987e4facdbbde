"""Words and answers that say the same, and neighbours that do not."""

from assets.retrain_agent.updates.same_words import SameWords, disagree
from tests.encoders import HashingEncoder

WINDOWS = "On Windows open Settings > Apps > Repair and start the app again."
MAC = "On a Mac open Applications, drag the app to the bin and install it again."


def test_the_same_in_other_words_and_not_the_neighbour():
    words = "Please open Settings > Apps on Windows, choose Repair, and start the app again afterwards."
    compared = SameWords([WINDOWS, MAC], [words], HashingEncoder().encode)
    assert compared.says(WINDOWS, words)
    assert not compared.says(MAC, words)


def test_a_text_says_what_it_says_however_it_is_broken_into_lines():
    compared = SameWords([], [], HashingEncoder().encode)
    assert compared.says("One line\nand another", "One line and  another")


def test_other_values_and_opposite_claims_disagree():
    assert disagree("The link works for 60 minutes.", "The link works for 24 hours.")
    assert not disagree("The link works for 60 minutes.", "The link works for an hour.")
    assert not disagree("The link works for 60 minutes.", "Ask your admin.")
