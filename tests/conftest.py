"""What all tests share: no deadline for Hypothesis (machines differ), and the folder of larger data sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("project", deadline=None)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """Return the path of a file of ``../shared/data``, or skip where it is absent, as on a user's machine."""

    def find(name: str) -> Path:
        # A git worktree may stand one folder deeper than the project itself.
        for parent in ROOT.parents[:2]:
            path = parent / "shared" / "data" / name
            if path.is_file():
                return path
        pytest.skip(f"../shared/data/{name} is not on this machine")

    return find
