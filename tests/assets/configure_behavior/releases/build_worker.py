"""Builds the small release in a process of its own: ``python -m tests....build_worker FOLDER``."""

import sys
from pathlib import Path

from assets.configure_behavior.releases.build_release import build_release
from tests.assets.configure_behavior.releases.small_parts import parts

if __name__ == "__main__":
    print(build_release(parts(), Path(sys.argv[1])).release_id)
