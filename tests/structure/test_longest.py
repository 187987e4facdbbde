"""What is begun first in the suite is there."""

import pytest

from tests.conftest import LONGEST, ROOT


@pytest.mark.parametrize("name", LONGEST)
def test_a_file_that_is_begun_early_is_a_file(name):
    assert (ROOT / "tests" / name).is_file(), "moved or gone: say so in tests/conftest.py"
