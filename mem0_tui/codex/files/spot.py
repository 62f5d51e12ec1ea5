"""A value together with the file and line it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from mem0_tui.model.record import Record

KeyPath = tuple[str | int, ...]


class Spot:
    """A place in a file; *line* is 1-based, or None where the file as a whole is meant.

    A line may also be given as what finds it, and is looked for when somebody reads it: a doctor
    that only says how the install is reads none.
    """

    def __init__(self, path: str, line: int | Callable[[], int | None] | None = None) -> None:
        self.path = path
        self._line = line

    @property
    def line(self) -> int | None:
        if callable(self._line):
            self._line = self._line()
        return self._line

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"

    def __repr__(self) -> str:
        return f"Spot({self.path!r}, {self.line})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spot) and (self.path, self.line) == (other.path, other.line)

    def __hash__(self) -> int:
        return hash((self.path, self.line))


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
        return Spot(self.path, lambda: self._line_of(key))

    def _line_of(self, key: KeyPath) -> int | None:
        found = (self.lines.get(key[:length]) for length in range(len(key), 0, -1))
        return next((line for line in found if line is not None), None)


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
