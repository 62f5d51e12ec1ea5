"""What the first words rule out, quickly, is nothing that the expressions would find."""

from __future__ import annotations

import pytest

from mem0_tui.detect.repeats.wrapper import core, may_be_wrapped

_CORE = "invoices are rounded per line"


@pytest.mark.parametrize(
    "opening",
    [
        "Do not forget that ",
        "For the record: ",
        "For the repository, ",
        "In the previous session, ",
        "In the codebase, ",
        "User asked me to remember that ",
        "The user: ",
        "The user : ",
        "Our team has agreed that ",
        "The reviewer says: ",
        "The developer told us to ",
        "This customer  said that ",
    ],
)
def test_an_opening_is_seen_through(opening: str) -> None:
    text = opening + _CORE
    start, end = core(text)
    assert may_be_wrapped(text)
    assert text[start:end].strip() == _CORE


@pytest.mark.parametrize(
    "text",
    [
        "Do not use SQS in tests: it counted returns as sales",
        "For the voucher engine we take the locks by id",
        "User asked cosign about the pick list",
        "The reviewer will look at the sweeper (475).",
    ],
)
def test_other_sentences_with_the_same_first_words_cost_no_closer_look(text: str) -> None:
    assert not may_be_wrapped(text)
