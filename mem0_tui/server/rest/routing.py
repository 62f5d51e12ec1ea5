"""Finds the handler of a path: ids are percent-decoded per segment, after splitting on ``/``, and
literal segments win over ids, so that an entity named ``a/b`` or ``history`` stays reachable.

A path with and without its final slash is the same one; nothing is ever redirected, because Mem0's
clients follow no redirect.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.responses import Response

Handler: TypeAlias = Callable[..., Awaitable[Response]]
"""``await handler(request, *ids)``, the ids in the order of the path."""


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """A handler with the decoded ids of the path."""

    handler: Handler
    ids: tuple[str, ...]

    async def __call__(self, request: Request) -> Response:
        return await self.handler(request, *self.ids)


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The path exists, for these methods only."""

    allowed: tuple[str, ...]


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    id: _Node | None = None
    handlers: dict[str, Handler] = field(default_factory=dict)


class Routes:
    """All paths that the server answers."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, method: str, pattern: str, handler: Handler) -> None:
        """Answer *pattern*, in which ``{}`` stands for one segment that is an id."""
        node = self._root
        for segment in _split(pattern):
            if segment == "{}":
                node.id = node.id or _Node()
                node = node.id
            else:
                node = node.literals.setdefault(segment, _Node())
        if method in node.handlers:
            raise ValueError(f"{method} {pattern} is there twice")
        node.handlers[method] = handler

    def find(self, method: str, raw_path: bytes) -> RouteMatch | WrongMethod | None:
        """What answers *method* on *raw_path* (still percent-encoded); None if nothing does.

        Raises:
            UnicodeDecodeError: a segment is not UTF-8.
        """
        segments = _split(raw_path.decode("latin-1"))
        if b"%" in raw_path or not raw_path.isascii():
            segments = [unquote_to_bytes(segment).decode() for segment in segments]
        reached = _walk(self._root, segments, 0, ())
        if reached is None:
            return None
        node, ids = reached
        handler = node.handlers.get(method)
        return RouteMatch(handler, ids) if handler else WrongMethod(tuple(sorted(node.handlers)))


def _split(path: str) -> list[str]:
    return path.removeprefix("/").removesuffix("/").split("/")


def _walk(
    node: _Node, segments: list[str], at: int, ids: tuple[str, ...]
) -> tuple[_Node, tuple[str, ...]] | None:
    if at == len(segments):
        return (node, ids) if node.handlers else None
    segment = segments[at]
    literal = node.literals.get(segment)
    reached = _walk(literal, segments, at + 1, ids) if literal else None
    if reached is None and node.id is not None and segment:
        reached = _walk(node.id, segments, at + 1, (*ids, segment))
    return reached
