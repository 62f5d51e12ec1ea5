"""What an HTTP answer that is no success means: one error of our tree, in the server's words.

Mem0's servers put their words in ``detail``, ``error``, ``message`` or ``details.message``,
depending on the endpoint; validation errors are a list. No key gets through.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from mem0_tui.model.errors import (
    AuthError,
    BackendError,
    InvalidRequestError,
    NetworkError,
    NotFoundError,
    RateLimitedError,
    ResponseError,
    ServerError,
)
from mem0_tui.model.text import one_line

_LONGEST = 300


def error_for(
    status: int,
    body: str,
    *,
    what: str,
    retry_after: float | None,
    clean: Callable[[str], str],
) -> BackendError:
    """The error for an answer with *status* (400 or more) to the request *what*.

    Args:
        status: the HTTP status.
        body: the answer's text.
        what: the request, such as ``GET /v1/ping/``.
        retry_after: seconds the server asked to wait, if it did.
        clean: takes secrets out of a text.
    """
    reason = _shortened(clean(reason_in(body)))
    message = f"{reason} (HTTP {status}, {what})" if reason else f"HTTP {status} to {what}"
    if status in (401, 403):
        return AuthError(message)
    if status == 429:
        return RateLimitedError(message, retry_after=retry_after)
    if status == 408:
        return NetworkError(message)
    if status in (404, 410):
        return NotFoundError(message) if reason else ResponseError(message)
    if status == 405:
        return ResponseError(message)
    return ServerError(message) if status >= 500 else InvalidRequestError(message)


_OF_AN_ERROR = frozenset(("error", "detail", "details", "message", "code", "status", "success"))


def reason_in(body: str) -> str:
    """The server's own words in an error's body; empty where it has none to show."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return _reason(value)


def error_in_answer(value: Any) -> str:
    """The server's words where *value*, the body of a successful answer, is an error nevertheless:
    an object with an error and nothing but what belongs to it. Otherwise empty."""
    is_error = isinstance(value, dict) and value.get("error") and value.keys() <= _OF_AN_ERROR
    return _shortened(_reason(value)) if is_error else ""


def _reason(value: Any) -> str:
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    details = value.get("details")
    inner = details.get("message") if isinstance(details, dict) else None
    for found in (inner, value.get("detail"), value.get("error"), value.get("message")):
        words = _words(found)
        if words:
            code = value.get("code")
            return f"{words} [{code}]" if isinstance(code, str) and code else words
    return ""


def _words(found: Any) -> str:
    if isinstance(found, str):
        return found
    if isinstance(found, dict):
        return next((_words(item) for item in found.values() if _words(item)), "")
    if isinstance(found, list):
        return "; ".join(filter(None, (_complaint(item) for item in found[:5])))
    return ""


def _complaint(item: Any) -> str:
    """One entry of a validation error: where, and what is wrong."""
    if not isinstance(item, dict) or not isinstance(item.get("msg"), str):
        return _words(item)
    where = item.get("loc")
    path = ".".join(str(part) for part in where) if isinstance(where, list) else ""
    return f"{path}: {item['msg']}" if path else item["msg"]


def _shortened(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """A ``Retry-After`` header, seconds or an HTTP date, as seconds from *now*; None if neither."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - now).total_seconds()
    return max(0.0, seconds) if seconds == seconds else None
