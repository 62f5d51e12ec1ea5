"""The report counts what it says it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import source as source_module
from tests.architecture.__main__ import (
    families,
    folder_arrows,
    fullest_folders,
    largest_classes,
    shared_names,
    unnamed_numbers,
)
from tests.architecture.duplicates import shared_runs
from tests.architecture.source import Source

RUN = "".join(f"    value_{n} = {n}\n" for n in range(6))
FILES = {
    "low/base.py": "class Base:\n    def one(self): ...\n    def two(self): ...\n",
    "low/times.py": (
        'class Clock:\n    """Waits for *least* seconds."""\n\n'
        "    def wait(self, what: str, least: float, most: float | None):\n"
        '        """Wait."""\n\n'
        "def told(what: str, least: int, most: int):\n"
        '    """From *least* to *most* bytes."""\n\n'
        "def few(most: int): ...\n"
    ),
    "top/plan_view.py": (
        "from mem0_tui.low.base import Base\n\n"
        "class View(Base):\n    def two(self): ...\n    def three(self): ...\n\n"
        f"def first():\n{RUN}"
    ),
    "top/plan_rows.py": f"class View: ...\n\ndef second():\n{RUN}",
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    """A small package with one of everything that the report names."""
    monkeypatch.setattr(source_module, "ROOT", tmp_path)
    for name, text in FILES.items():
        path = tmp_path / "mem0_tui" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Source(tmp_path / "mem0_tui")


def test_it_names_what_the_house_leans_on(house: Source) -> None:
    assert (3, 2, "View", "mem0_tui/top/plan_view.py") in largest_classes(house)
    assert (2, "mem0_tui/top") in fullest_folders(house)
    assert (2, "mem0_tui/top/plan_*", "plan_rows plan_view") in families(house)
    assert (2, "View", "top.plan_rows top.plan_view") in shared_names(house)
    assert (1, "mem0_tui/top → mem0_tui/low") in folder_arrows(house)
    assert list(unnamed_numbers(house)) == [(2, "wait", "least most", "mem0_tui/low/times.py:4")]
    assert [run[0] for run in shared_runs(house)] == [6]
