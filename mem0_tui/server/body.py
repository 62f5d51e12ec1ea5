"""Reads what a client sent: a JSON object of bounded size, and query values.

Whatever is malformed is an :class:`InvalidRequestError`, never a traceback; strings that reach the
store can be stored as UTF-8.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn, TypeGuard

from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.memory import storable_json

MAX_BODY = 10 * 1024 * 1024
"""Bytes that the body of a request may have."""

_PATIENCE = 8 * MAX_BODY
"""Bytes of a body that are read and thrown away, because a client that is still sending when the
connection closes does not get to read why."""

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
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > _PATIENCE:
            break
        if size <= MAX_BODY:
            pieces.append(piece)
        else:
            pieces.clear()
    if size > MAX_BODY:
        raise BodyTooLargeError
    return b"".join(pieces)


def bounded_receive(scope: Scope, receive: Receive) -> Receive | None:
    """*receive* for an application that reads the body itself: past the limit the client counts as
    gone. None if the body is announced to be too large."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > MAX_BODY:
        return None
    size = 0

    async def bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        return message if size <= MAX_BODY else {"type": "http.disconnect"}

    return bounded


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


_decode = json.JSONDecoder(parse_constant=_no_number).decode


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error)


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


def optional_object(value: object, name: str) -> JsonBody | None:
    """*value* as a JSON object or None.

    Raises:
        InvalidRequestError: it is something else.
    """
    if value is None or isinstance(value, dict):
        return value
    raise InvalidRequestError(f"{name} must be an object.")
