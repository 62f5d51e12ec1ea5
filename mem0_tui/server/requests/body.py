"""Reads what a client sent: a JSON object of bounded size, and query values.

Whatever is malformed is an :class:`InvalidRequestError`, never a traceback; strings that reach the
store can be stored as UTF-8.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn, TypeGuard

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.memory import storable_json

MAX_BODY = 10 * 1024 * 1024
"""Bytes that the body of a request may have.

A larger one is refused at once and the connection stays open: uvicorn then throws away what the
client still sends. Many clients send all before they read, and on a connection that was closed with
something unread they find a reset in the place of the answer.
"""

JsonBody = dict[str, Any]


class BodyTooLargeError(InvalidRequestError):
    """The body has more than :data:`MAX_BODY` bytes."""

    def __init__(self) -> None:
        super().__init__(f"The request body is larger than {MAX_BODY:,} bytes.")


async def json_object(request: Request, *, optional: bool = False) -> JsonBody:
    """The request's body as a JSON object; with *optional*, an empty body is ``{}``.

    Raises:
        BodyTooLargeError: it is too large.
        InvalidRequestError: it is no JSON object.
    """
    content = await _content(request)
    if optional and not content.strip():
        return {}
    try:
        value = _decode(content.decode(json.detect_encoding(content), "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError(f"JSON parse error - {_reason(error)}") from error
    if not isinstance(value, dict):
        raise InvalidRequestError("The request body must be a JSON object.")
    body: JsonBody = storable_json(value) if b"\\u" in content else value
    return body


async def _content(request: Request) -> bytes:
    if _announced(request.scope) > MAX_BODY:
        raise BodyTooLargeError
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BODY:
            raise BodyTooLargeError
        pieces.append(piece)
    return b"".join(pieces)


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


class Bounded:
    """An application that reads the body itself, with the limit of all others.

    A body that is too large is answered with *refusal*, whatever the application says of it.
    """

    def __init__(self, app: ASGIApp, refusal: ASGIApp) -> None:
        self._app = app
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _announced(scope) > MAX_BODY:
            await self._refusal(scope, receive, send)
            return
        size, started = 0, False

        async def bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            return message if size <= MAX_BODY else {"type": "http.disconnect"}

        async def unless_too_large(message: Message) -> None:
            nonlocal started
            if size <= MAX_BODY or started:
                started = True
                await send(message)

        try:
            await self._app(scope, bounded, unless_too_large)
        finally:
            if size > MAX_BODY and not started:
                await self._refusal(scope, receive, send)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


_decode = json.JSONDecoder(parse_constant=_no_number).decode


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error).partition("; use sys.")[0]  # the rest is advice to programmers in Python


def whole_number(value: object, name: str, *, least: int, most: int | None = None) -> int:
    """*value*, a JSON number or a query string, as an int within its bounds.

    Raises:
        InvalidRequestError: it is none, or out of bounds.
    """
    number: int | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif _looks_whole(value):
        number = int(value)
    if number is None or number < least or (most is not None and number > most):
        span = f"between {least} and {most}" if most is not None else f"of at least {least}"
        raise InvalidRequestError(f"{name} must be a whole number {span}.")
    return number


def _looks_whole(value: object) -> TypeGuard[float | str]:
    if isinstance(value, str):
        return len(value) < 20 and value.strip().lstrip("+-").isdecimal()
    return isinstance(value, float) and value.is_integer()


def flag(value: object, name: str, *, default: bool) -> bool:
    """*value*, a JSON boolean or a query string, as a bool; *default* if it is missing.

    Raises:
        InvalidRequestError: it is neither true nor false.
    """
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in ("true", "1", "false", "0"):
        return value.strip().casefold() in ("true", "1")
    raise InvalidRequestError(f"{name} must be true or false.")


def optional_text(value: object, name: str) -> str | None:
    """*value* as a string or None.

    Raises:
        InvalidRequestError: it is something else.
    """
    if value is None or isinstance(value, str):
        return value
    raise InvalidRequestError(f"{name} must be a string.")


def texts(value: object, name: str) -> tuple[str, ...]:
    """*value* as strings.

    Raises:
        InvalidRequestError: it is no list of strings.
    """
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidRequestError(f"{name} must be a list of strings.")
    return tuple(value)


def optional_object(value: object, name: str) -> JsonBody | None:
    """*value* as a JSON object or None.

    Raises:
        InvalidRequestError: it is something else.
    """
    if value is None or isinstance(value, dict):
        return value
    raise InvalidRequestError(f"{name} must be an object.")
