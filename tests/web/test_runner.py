"""What the server says of itself: defects, and nothing of a request."""

from __future__ import annotations

import logging
import sys

from aiohttp.http_exceptions import BadStatusLine

from mem0_tui.web.runner import without_request

TOKEN = "a-token-that-nobody-may-read"


def told(error: Exception) -> str | None:
    """What is written where a request ends with *error*; None for nothing."""
    try:
        raise error
    except Exception:
        record = logging.LogRecord(
            "aiohttp", logging.ERROR, __file__, 1, f"GET /?token={TOKEN}", (), sys.exc_info()
        )
    return logging.Formatter().format(record) if without_request(record) else None


def test_a_defect_is_told_without_the_request() -> None:
    assert told(KeyError(TOKEN)) == "mem0-tui: a request failed: KeyError"


def test_nonsense_that_somebody_sends_is_not_told() -> None:
    assert told(BadStatusLine(TOKEN)) is None
