"""The pages of a contract are built when it is validated; those of other contracts stand as they were."""

from pathlib import Path

from expectations.validation import validate
from tests.expectations.test_contracts import good_frame

ONE, OTHER = "ticket_intents_contract", "fix_queue_contract"


def pages(site: Path, contract: str) -> dict[Path, int]:
    """The pages of a contract's results and of the contract itself, and when each was written."""
    files = [*(site / "validations" / contract).rglob("*.html"), site / "expectations" / f"{contract}.html"]
    return {file: file.stat().st_mtime_ns for file in files}


def test_a_validation_builds_its_own_pages_and_the_index_leads_to_all(tmp_path):
    site = validate(ONE, good_frame(ONE), tmp_path).page.parent
    first = pages(site, ONE)
    validate(OTHER, good_frame(OTHER), tmp_path)
    assert pages(site, ONE) == first
    frame = good_frame(ONE)
    frame.loc[0, "confidence"] = 7.0
    page = validate(ONE, frame, tmp_path).page
    newest = max(pages(site, ONE).keys() - first.keys())
    assert "Failed" in newest.read_text(encoding="utf-8")
    index = page.read_text(encoding="utf-8")
    for file in [*pages(site, ONE), *pages(site, OTHER)]:
        assert str(file.relative_to(site)) in index, file
    assert len(pages(site, ONE)) == len(first) + 1
