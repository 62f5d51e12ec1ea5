from __future__ import annotations

from array import array

from mem0_tui.review.order import led_by


def test_what_codex_was_given_leads_and_nothing_is_lost_or_said_twice() -> None:
    keys = array("q", [5, 4, 3, 2, 1])
    assert list(led_by([2, 9, 5, 2], keys)) == [2, 5, 4, 3, 1]
    assert list(led_by([], keys)) == [5, 4, 3, 2, 1]
