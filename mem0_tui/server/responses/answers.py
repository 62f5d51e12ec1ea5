"""JSON answers in Mem0's shapes; every refusal carries its text as both ``error`` and ``detail``,
because Mem0's SDK shows people only ``detail`` and its documents name ``error``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import Response

from mem0_tui.model.errors import (
    AuthError,
    FileFormatError,
    InvalidRequestError,
    Mem0TuiError,
    NotFoundError,
    RateLimitedError,
    ReadOnlyError,
    RefusedError,
    StaleError,
    StoreBusyError,
    StoreFullError,
    UsageError,
)

_STATUSES: tuple[tuple[type[Mem0TuiError], int], ...] = (
    (NotFoundError, 404),
    (AuthError, 401),
    (RateLimitedError, 429),
    (ReadOnlyError, 403),
    (StaleError, 409),
    (StoreBusyError, 503),
    (StoreFullError, 507),
    (InvalidRequestError, 400),
    (FileFormatError, 400),
    (UsageError, 400),
    (RefusedError, 400),
)

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """*body* as a JSON answer."""
    return answer_text(_encode(body), status, headers)


def answer_page(place: Mapping[str, Any], results: Iterable[str]) -> Response:
    """A page as a JSON answer: its *place* among others, and *results* that are JSON already."""
    return answer_text(f'{_encode(place)[:-1]},"results":[{",".join(results)}]}}')


def answer_text(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """*text*, which is JSON already, as an answer."""
    return Response(
        text.encode("utf-8", "backslashreplace"),
        status,
        headers=headers,
        media_type="application/json",
    )


def refusal(
    status: int, text: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """The answer that says no because of *text*; *more* are further members of its body."""
    return answer({"error": text, "detail": text, **more}, status, headers)


def refusal_of(error: Mem0TuiError) -> Response:
    """The answer for an error of ours; the store's own failures are 5xx, never with a traceback."""
    for kind, status in _STATUSES:
        if isinstance(error, kind):
            return refusal(status, error.message)
    return refusal(500, f"{error.title}: {error.message}")
