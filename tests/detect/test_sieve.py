"""What is passed over without being read holds nothing: the quick look never says no wrongly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.detect.sieve import Sieve
from mem0_tui.model.secret import has_form, may_hold
from mem0_tui.model.secret.nouns import ODD, WORDY, is_odd, may_be_wordy
from mem0_tui.model.secret.runs import with_form
from mem0_tui.model.secret.words import WORDS
from tests.detect.labelled import read_set

_PIECES = ["pass", "wi-fi", "PW", "pwd",
           "\n", " ", "a", "B", "7", "-", "!", "#", ".", "(", "é", "ſ",
           "://", "abcdefghijk", "ABCDEF", "lowercaseword", "~/.+-_",
           "你", "\ud800", "key", "to", "ken", "pin", "co", "de", "x-y-z"]  # fmt: skip
_texts = st.lists(st.sampled_from([*_PIECES, *WORDS]), max_size=8).map("".join)
_LABELLED = [row["text"] for name in ("secrets", "lookalikes", "rules") for row in read_set(name)]


@given(st.lists(_texts, max_size=6))
def test_the_texts_with_a_word_are_found_and_no_others(texts: list[str]) -> None:
    lower = [text.lower() for text in texts]
    having = [at for at, text in enumerate(lower) if any(word in text for word in WORDS)]
    assert Sieve(WORDS).sift(lower) == having


@given(st.lists(_texts, max_size=6))
def test_the_form_of_many_texts_is_that_of_each(texts: list[str]) -> None:
    assert with_form(texts) == {at for at, text in enumerate(texts) if has_form(text)}


def test_the_quick_looks_agree_with_the_slow_ones_on_the_labelled_texts() -> None:
    chosen = Sieve(WORDS).sift([text.lower() for text in _LABELLED])
    formed = with_form(_LABELLED)
    assert formed == {at for at, text in enumerate(_LABELLED) if has_form(text)}
    assert 0 < len(chosen) < len(_LABELLED)
    for at, text in enumerate(_LABELLED):
        assert may_hold(text) == (at in chosen or at in formed)


@given(_texts)
def test_odd_and_wordy_texts_are_told_as_their_expressions_tell_them(text: str) -> None:
    assert is_odd(text) == (ODD.search(text) is not None)
    assert may_be_wordy(text) == (WORDY.search(text) is not None)


def test_and_so_are_the_labelled_ones() -> None:
    for text in _LABELLED:
        assert is_odd(text) == (ODD.search(text) is not None)
        assert may_be_wordy(text) == (WORDY.search(text) is not None)
