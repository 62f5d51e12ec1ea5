"""The screen's fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.harness import Bench, bench


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Bench]:
    """Sixty demo memories and everything around them."""
    with bench(tmp_path) as made:
        yield made
