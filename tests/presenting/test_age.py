"""Ages, dates and signs read alike on the screen and on the command line."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.presenting.age import age, ago, expiry, when

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("length", "short", "words"),
    [
        (timedelta(seconds=20), "now", "just now"),
        (timedelta(seconds=-20), "now", "just now"),
        (timedelta(minutes=5), "5m", "5m ago"),
        (timedelta(hours=1), "1h", "1h ago"),
        (timedelta(days=9), "9d", "9d ago"),
        (timedelta(days=14), "14d", "14d ago"),
        (timedelta(days=21), "21d", "21d ago"),
        (timedelta(days=95), "3mo", "3mo ago"),
        (timedelta(days=800), "2y", "2y ago"),
        (timedelta(days=-3), "+3d", "in 3d"),
        (timedelta(hours=-5), "+5h", "in 5h"),
    ],
)
def test_ages(length: timedelta, short: str, words: str) -> None:
    assert age(NOW - length, NOW) == short
    assert ago(NOW - length, NOW) == words
    assert when(NOW - length, NOW).endswith(f" UTC · {words}")


@given(st.timedeltas(timedelta(days=-36_000), timedelta(days=36_000)))
def test_an_age_has_one_form_and_four_cells(length: timedelta) -> None:
    assert re.fullmatch(r"now|\+?\d{1,3}(?:m|h|d|mo|y)", age(NOW - length, NOW))
    assert len(age(NOW - length, NOW)) <= (4 if length >= timedelta(0) else 5)


def test_what_is_not_known_is_not_made_up() -> None:
    assert age(None, NOW) == "–"
    assert when(None, NOW) == "not recorded"


def test_days_of_expiry() -> None:
    assert expiry(None, TODAY) == "never"
    assert expiry(TODAY, TODAY) == "2026-06-15 · today"
    assert expiry(date(2026, 6, 16), TODAY) == "2026-06-16 · in 1 day"
    assert expiry(date(2026, 6, 12), TODAY) == "2026-06-12 · expired 3 days ago"
