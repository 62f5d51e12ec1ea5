"""Narrowing while typing: what is typed first, what is spelt alike after it, in list order."""

from __future__ import annotations

from mem0_tui.review.fuzzy import Narrower, Rank
from tests.support.memories import memory

TEXTS = [
    "Auth module uses JWT with RS256 keys",
    "keys are rotated by the auth module",
    "never log a token",
    "Authentication tokens expire",
    "postgres runs on 5433",
]


def texts(typed: str) -> list[str]:
    narrower = Narrower([memory(n, text) for n, text in enumerate(TEXTS)])
    return [TEXTS[match.index] for match in narrower.narrow(typed)]


def test_nothing_typed_shows_everything_in_order() -> None:
    assert texts("  ") == TEXTS


def test_case_does_not_count_and_phrases_come_first() -> None:
    assert texts("auth module")[:2] == [TEXTS[0], TEXTS[1]]
    assert texts("keys auth") == [TEXTS[0], TEXTS[1]]


def test_a_slip_of_the_finger_still_finds() -> None:
    assert TEXTS[4] in texts("postgers")
    assert texts("zzzzzz") == []


def test_types_and_scopes_are_searched_too() -> None:
    narrower = Narrower([memory(1, "x"), memory(2, "y", type="anti_pattern")])
    assert [match.index for match in narrower.narrow("anti_pat")] == [1]
    assert len(narrower.narrow("shop-api")) == 2


def test_typing_on_and_deleting_agree_with_starting_afresh() -> None:
    memories = [memory(n, text) for n, text in enumerate(TEXTS * 30)]
    narrower = Narrower(memories)
    for typed in ("a", "au", "auth", "auth k", "auth ke", "auth", "to", "", "key mod"):
        assert narrower.narrow(typed) == Narrower(memories).narrow(typed)


def test_likeness_ranks_below_words() -> None:
    narrower = Narrower([memory(1, "tokne"), memory(2, "token")])
    ranks = [(match.index, match.rank) for match in narrower.narrow("token")]
    assert ranks[0] == (1, Rank.PHRASE)
