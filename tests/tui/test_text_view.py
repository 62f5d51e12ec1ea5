"""Wrapping: nothing is lost, nothing is wider than the view, and it always ends."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mem0_tui.presenting.spans import line
from mem0_tui.tui.widgets.text_view import wrap

TEXT = st.text(st.sampled_from("ab  xyz部署\u0301é👩🏽\u200d"), max_size=40)


@given(st.lists(TEXT, max_size=4), st.integers(1, 30), st.integers(0, 12))
@settings(deadline=None, max_examples=300)
def test_what_is_wrapped_is_all_there_and_fits(texts: list[str], width: int, indent: int) -> None:
    wrapped = wrap(line(*((text, "") for text in texts), indent=indent), width)
    joined = "".join(text for row in wrapped for text, _ in row)
    assert joined.replace(" ", "") == "".join(texts).replace(" ", "")
    for row in wrapped:
        # Each piece is a segment, which Textual measures by itself: a joiner at its end joins none.
        assert sum(cell_len(part) for part, _ in row) <= max(width, 2)


def test_a_word_of_a_megabyte_is_wrapped_in_one_go() -> None:
    assert len(wrap(line("x" * 1_000_000), 50)) == 20_000
    assert len(wrap(line("部" * 1000), 1)) == 1000
