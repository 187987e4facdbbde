"""Numbers and links of an answer that stand in none of its sources."""

import pytest

from assets.build_knowledge.language_model.support import foreign_link, unsupported_number

SOURCE = (
    "Refunds take 3 to 5 business days and cost 4.50 EUR. Backups stay for fourteen days, at most 1,500 files of 25 MB. "
    "Since version 140.2 see [the guide](https://help.example.com/refunds) or write to help@example.com."
)


@pytest.mark.parametrize(
    "text",
    [
        "Backups stay for 14 days.",
        "Backups stay two weeks.",
        "It takes 3 to 5 business days.",
        "It costs €4.50, for 1500 files.",
        "1. Open it.\n2. Press one button.\n12) Done.",
        "You need 140.2.",
        "No numbers.",
    ],
)
def test_numbers_of_the_sources_are_supported(text):
    assert unsupported_number(text, [SOURCE]) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Backups stay for 14 hours.", "14 hours"),
        ("Backups stay for 15 days.", "15 days"),
        ("Backups stay for thirty days.", "thirty days"),
        ("It takes 5 days.", "5 days"),
        ("It takes 1 to 5 business days.", "1 to 5 business days"),
        ("It costs $4.50.", "$4.50"),
        ("At most 16 files.", "16"),
        ("Press seven buttons.", "seven"),
        ("Since version 141.2.", "141.2"),
    ],
)
def test_other_numbers_and_other_units_are_not(text, number):
    assert unsupported_number(text, [SOURCE]) == number


@pytest.mark.parametrize(
    "text",
    [
        "See [this](https://help.example.com/refunds).",
        "See https://help.example.com/refunds, or HELP@example.com.",
        "Open Settings > Account. Then e.g. press Save.",
    ],
)
def test_links_of_the_sources_are_supported(text):
    assert foreign_link(text, [SOURCE]) is None


@pytest.mark.parametrize(
    "text",
    [
        "See [this](https://help.example.com/refunds/now).",
        "See [https://help.example.com/refunds](https://evil.example.net).",
        "See https://evil.example.net/x.",
        "See evil.example.net for more.",
        "See [this](/account/delete).",
        "Write to other@example.com.",
        "See HTTPS://EVIL.example.net.",
    ],
)
def test_other_links_are_not(text):
    assert foreign_link(text, [SOURCE]) is not None
