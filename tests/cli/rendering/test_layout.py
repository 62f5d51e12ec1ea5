"""Text in cells: cut, padded, wrapped, and tables that never break out of their width."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.cli.rendering.layout import Column, cells, cut, pad, table, wrap
from mem0_tui.cli.rendering.output import Output
from mem0_tui.model.text import one_line
from tests.cli.conftest import Program

texts = st.text(max_size=60).map(one_line)


@settings(deadline=None, max_examples=80)
@given(texts, st.integers(1, 40))
def test_a_cut_text_fits_and_begins_the_same(text: str, width: int) -> None:
    shown = cut(text, width)
    assert cells(shown) <= width
    assert text.startswith(shown.removesuffix("…").rstrip()) or shown == text


@settings(deadline=None, max_examples=80)
@given(texts, st.integers(2, 40))
def test_wrapping_keeps_every_word_and_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(texts, texts), max_size=5), st.integers(40, 100))
def test_a_table_stays_within_its_width(rows: list[tuple[str, str]], width: int) -> None:
    columns = [Column("A", limit=12), Column("B")]
    for line in table(Output(width=width), columns, rows):
        assert cells(line) <= width


def test_wide_characters_are_counted_as_two() -> None:
    assert cells("日本") == 4
    assert cut("日本語", 5) == "日本…"
    assert pad("日", 4) == "日  "
    assert pad("7", 3, right=True) == "  7"


@pytest.mark.parametrize("width", [60, 80, 100, 132, 200])
def test_no_line_of_a_listing_is_wider_than_the_terminal(
    demo: Program, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for words in (
        ("list", "--all", "--expired"),
        ("search", "tests", "--keyword", "--limit", "30"),
        (),
        ("entities",),
        ("stats",),
    ):
        for line in demo(*words).out.splitlines():
            assert cells(line) <= width, line


def test_a_pipe_gets_the_whole_text(store: Program) -> None:
    text = "word " * 100
    store.add(text)
    assert text.strip() in store("list").out
