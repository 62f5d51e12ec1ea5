"""Terminal-safe text: nothing a terminal would obey gets through, nothing is silently dropped."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mem0_tui.model.text import (
    encodable,
    from_editable,
    has_hidden,
    one_line,
    to_editable,
    visible,
)

any_text = st.text(st.characters(), max_size=60)
dangerous = st.text(
    st.sampled_from(
        "\x00\x07\x08\x1b\x7f\x9b\x9d\r\n\t\u202e\u2066\u200b\u200d\ufeff\U000e0041a[👩é"
    )
)


def _obeyed(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or (
        unicodedata.bidirectional(character) in ("LRE", "RLE", "PDF", "LRO", "RLO")
        or character in "\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    )


@given(any_text | dangerous)
@settings(deadline=None, max_examples=300)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert not any(_obeyed(character) for character in one_line(text))
    assert not any(_obeyed(character) for character in visible(text) if character != "\n")


@given(st.text(st.sampled_from("abc äöü 日本 😀.,-[]{}/\\'\""), max_size=40))
@settings(deadline=None)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text
    assert not has_hidden(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;ZXZpbA==\x07", "␛]52;c;ZXZpbA==␇"),
        ("a\x9bb", "a<U+009B>b"),
        ("user\u202ecod.exe", "user<U+202E>cod.exe"),
        ("pass\u200bword", "pass<U+200B>word"),
        ("hi\U000e0041\U000e007f", "hi<U+E0041><U+E007F>"),
        ("👩\u200d💻 ok ❤\ufe0f", "👩‿💻 ok ❤"),
        ("👩🏽\u200d💻", "👩<U+1F3FD>‿💻"),
        ("1\ufe0f\u20e3", "1\u20e3"),
        ("❤\ufe0f\ufe0f", "❤<U+FE0F>"),
        ("क्\u200dष", "क्\u200dष"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200db", "a<U+200D>b"),
        ("e" + "\u0301" * 40 + "!", "e" + "\u0301" * 6 + "<+34 marks>!"),
        ("\ud800", "<U+D800>"),
        ("[b]not markup[/b]", "[b]not markup[/b]"),
        ("a\tb", "a    b"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a␍b"),
    ],
)
def test_what_is_shown_instead(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_one_line_shows_where_the_lines_ended() -> None:
    assert one_line("  first\n\n   second\r\nthird ") == "first ⏎ second ⏎ third"


EMOJI = "👩🏽👍💻❤⭐©1\u20e3🏳🌈\u200d\ufe0e\ufe0f ab"
UNEVEN = "\u200d\ufe0e\ufe0f🏻🏼🏽🏾🏿"


@given(st.text(st.sampled_from(EMOJI), max_size=12))
@settings(deadline=None, max_examples=300)
def test_what_is_shown_of_emoji_is_as_wide_as_its_parts(text: str) -> None:
    # Terminals that join and those that do not then agree with what the screen is laid out for.
    shown = one_line(text)
    assert cell_len(shown) == sum(map(cell_len, shown))
    assert not set(shown) & set(UNEVEN)


@pytest.mark.parametrize("text", ["⚠\ufe0f careful", "👩\u200d💻", "👍🏽"])
def test_emoji_in_everyday_use_hide_nothing(text: str) -> None:
    assert not has_hidden(text)


@given(st.text(st.characters(exclude_characters=UNEVEN), max_size=60))
@settings(deadline=None)
def test_hidden_text_is_noticed_exactly_when_it_is_shown_differently(text: str) -> None:
    plain = text.replace("\r\n", "\n").replace("\t", "    ")
    assert has_hidden(text) == (visible(plain) != plain)


@given(any_text)
@settings(deadline=None)
def test_encodable_text_is_utf8_and_otherwise_unchanged(text: str) -> None:
    stored = encodable(text)
    assert stored.encode().decode() == stored
    if not any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        assert stored == text


@given(any_text | dangerous | st.text(st.sampled_from("⟦⟧U+27E6F\x1b\u202e")))
@settings(deadline=None, max_examples=300)
def test_what_an_editor_is_given_hides_nothing_and_comes_back_exactly(text: str) -> None:
    given_ = to_editable(text)
    assert from_editable(given_) == text
    assert from_editable(to_editable(text, even=True)) == text
    assert not any(_obeyed(character) for character in given_ if character not in "\n\t")


def test_an_editor_is_given_hidden_characters_spelled_out() -> None:
    assert to_editable("a\u202eb\tc ❤\ufe0f") == "a⟦U+202E⟧b\tc ❤\ufe0f"
    assert to_editable("❤\ufe0f 👩\u200d💻", even=True) == "❤⟦U+FE0F⟧ 👩⟦U+200D⟧💻"
    assert from_editable("⟦U+FFFFFF⟧") == "\U0010ffff"
