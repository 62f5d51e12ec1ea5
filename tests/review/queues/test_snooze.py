"""Until when something is snoozed, as a person writes it."""

from __future__ import annotations

from datetime import date

import pytest

from mem0_tui.review.queues.snooze import OFFERED, read_snooze, snooze_problem

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 week", date(2026, 12, 7)),
        (" 1  Month ", date(2026, 12, 30)),
        ("10d", date(2026, 12, 10)),
        ("2w", date(2026, 12, 14)),
        ("2026-12-01", date(2026, 12, 1)),
    ],
)
def test_a_day_is_offered_counted_or_named(text: str, day: date) -> None:
    assert read_snooze(text, TODAY) == day
    assert snooze_problem(text, TODAY) is None


@pytest.mark.parametrize("text", ["", "soon", "2026-11-30", "2026-11-01", "0d", "999999y", "1h"])
def test_what_names_no_day_after_today_is_a_problem(text: str) -> None:
    assert snooze_problem(text, TODAY) is not None


def test_all_that_is_offered_can_be_read() -> None:
    assert all(read_snooze(text, TODAY) > TODAY for text in OFFERED)
