"""How times and numbers read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mem0_tui.cli.wording import age, ago, count_of, day_text, moment_text, when
from mem0_tui.model.counting import plural

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "short", "words"),
    [
        (timedelta(seconds=20), "now", "just now"),
        (timedelta(minutes=5), "5m", "5 minutes ago"),
        (timedelta(hours=1), "1h", "1 hour ago"),
        (timedelta(days=9), "9d", "9 days ago"),
        (timedelta(days=21), "3w", "3 weeks ago"),
        (timedelta(days=95), "3mo", "3 months ago"),
        (timedelta(days=800), "2y", "2 years ago"),
    ],
)
def test_ages(length: timedelta, short: str, words: str) -> None:
    assert age(NOW - length, NOW) == short
    assert ago(NOW - length, NOW) == words


def test_what_is_not_known_is_not_made_up() -> None:
    assert age(None, NOW) == "-"
    assert when(None, NOW) == "not recorded"
    assert count_of(50, None) == "50 memories (the total is not known)"


def test_dates_and_numbers() -> None:
    assert moment_text(NOW) == "2026-06-15 12:00 UTC"
    assert ago(NOW + timedelta(days=3), NOW) == "in 3 days"
    assert day_text(None, NOW.date()) == "never"
    assert day_text(date(2026, 6, 14), NOW.date()) == "2026-06-14 (expired)"
    assert day_text(date(2026, 6, 15), NOW.date()) == "2026-06-15 (today)"
    assert day_text(date(2026, 6, 16), NOW.date()) == "2026-06-16 (in 1 day)"
    assert plural(1, "memory") == "1 memory"
    assert plural(1284, "memory") == "1,284 memories"
    assert plural(2, "day") == "2 days"
    assert count_of(3, 1284) == "3 of 1,284 memories"
    assert count_of(3, 3) == "3 memories"
