"""A text in one row with its marks pointed out: as wide as asked for, and nothing to obey."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mem0_tui.detect.suspicion import Mark
from mem0_tui.model.text import has_hidden
from mem0_tui.tui.marked_text import marked_headline

PORT = "the gateway listens on port 8080, as it always did"


def drawn(text: str, *marks: Mark, cells: int = 60, bracketed: bool = False) -> tuple[str, str]:
    """The line, and what is pointed out of it."""
    pieces = marked_headline(text, marks, cells, bracketed=bracketed)
    line = "".join(piece for piece, _ in pieces)
    assert cell_len(line) == cells
    return line.rstrip(), "|".join(piece for piece, pointed_out in pieces if pointed_out)


def test_what_differs_is_pointed_out_where_it_stands() -> None:
    assert drawn(PORT, Mark(28, 32)) == (PORT, "8080")
    assert drawn(PORT, Mark(28, 32), Mark(4, 11)) == (PORT, "gateway|8080")


def test_without_colours_it_stands_in_brackets() -> None:
    line, marked = drawn(PORT, Mark(28, 32), bracketed=True)
    assert line == PORT.replace("8080", "[8080]")
    assert marked == "[8080]"


def test_what_has_no_room_before_it_begins_shortly_before_the_mark() -> None:
    line, marked = drawn(PORT, Mark(28, 32), cells=24)
    assert line == "…ens on port 8080, as i…"
    assert marked == "8080"
    line, marked = drawn(PORT, Mark(40, 46), cells=24)
    assert line == "…8080, as it always did", "as much of the end as there is room for"
    assert marked == "always"


def test_marks_count_characters_of_the_whole_text_also_behind_a_pin() -> None:
    line, marked = drawn(f"[PINNED] {PORT}", Mark(37, 41))
    assert line == PORT
    assert marked == "8080"


def test_lines_that_overlap_are_pointed_out_once() -> None:
    assert drawn("abcdef", Mark(1, 4), Mark(2, 3), Mark(3, 5)) == ("abcdef", "bcd|e")


@pytest.mark.parametrize(
    "marks", [(), (Mark(90, 95),), (Mark(3, 3),)], ids=["none", "far", "empty"]
)
def test_marks_that_are_nowhere_change_nothing(marks: tuple[Mark, ...]) -> None:
    assert drawn(PORT, *marks) == (PORT, "")


def test_line_breaks_and_controls_are_shown_not_obeyed() -> None:
    line, marked = drawn("one\ntwo\x1b[31m three", Mark(4, 12))
    assert line == "one ⏎ two␛[31m three"
    assert marked == "two␛[31m"


@given(
    st.text(max_size=300),
    st.lists(st.tuples(st.integers(0, 320), st.integers(0, 320)), max_size=5),
    st.integers(1, 120),
    st.booleans(),
)
def test_any_text_with_any_marks_fills_its_cells_safely(
    text: str, spans: list[tuple[int, int]], cells: int, bracketed: bool
) -> None:
    marks = [Mark(start, end) for start, end in spans]
    line = "".join(piece for piece, _ in marked_headline(text, marks, cells, bracketed=bracketed))
    assert cell_len(line) == cells
    assert not has_hidden(line)
    assert "\n" not in line
