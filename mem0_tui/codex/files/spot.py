"""A value together with the file and line it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from mem0_tui.model.record import Record

KeyPath = tuple[str | int, ...]


class Spot(Record):
    """A place in a file; *line* is 1-based, or None where the file as a whole is meant."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


class Problem(Record):
    """Why a file does not parse, in words, and where."""

    message: str
    spot: Spot
    column: int | None = None

    def __str__(self) -> str:
        where = str(self.spot) + (f":{self.column}" if self.column else "")
        return f"{where}: {self.message}"


class ConfigDocument:
    """A parsed file that can say on which line each of its values stands."""

    def __init__(
        self,
        path: str,
        text: str,
        data: object,
        problem: Problem | None = None,
    ) -> None:
        self.path = path
        self.text = text
        self.data = data
        self.problem = problem

    def index(self) -> Mapping[KeyPath, int]:
        """Key path to 1-based line; overridden for each format."""
        return {}

    @cached_property
    def lines(self) -> Mapping[KeyPath, int]:
        """Key path to 1-based line, built when it is first asked for."""
        return self.index()

    @property
    def table(self) -> Mapping[str, object]:
        """The top-level table, empty where there is none."""
        return table(self.data)

    def spot(self, *key: str | int) -> Spot:
        """Where *key* stands, or the nearest thing around it that has a line."""
        lines = self.lines
        for length in range(len(key), 0, -1):
            if (line := lines.get(key[:length])) is not None:
                return Spot(self.path, line)
        return Spot(self.path)


def table(value: object) -> Mapping[str, object]:
    """*value* where it is a table with text keys, else an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str | None:
    """*value* where it is text."""
    return value if isinstance(value, str) else None


class LayerOrigin(Record):
    """Where a merged setting came from: the layer's name and the place in its file."""

    layer: str
    spot: Spot

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LayerOrigin) and self.layer == other.layer

    def __hash__(self) -> int:
        return hash(self.layer)
