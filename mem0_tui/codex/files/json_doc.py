"""JSON as Codex (serde_json) reads it: no byte order mark, no NaN, no raw control characters.

Duplicate keys are recorded, not resolved: whether they matter depends on who reads them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from mem0_tui.codex.files.spot import ConfigDocument, KeyPath, Problem, Spot
from mem0_tui.codex.files.text_file import FileState, TextFile, read

_LIMIT = 64 << 20
"""Bytes that are read of one file; Codex reads all of it (20 MiB tried, 0.150.0 to 0.171.0)."""

_MAX_DEPTH = 127
"""serde_json gives up on deeper nesting."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|\n')
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonDocument(ConfigDocument):
    """A JSON file; `data` is None where it does not parse."""

    def __init__(
        self,
        file: TextFile,
        data: object = None,
        problem: Problem | None = None,
        duplicates: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(file.path, file.text, data, problem)
        self.file = file
        self.duplicates = duplicates
        """Names that appear twice within some object of the file."""

    @property
    def exists(self) -> bool:
        return self.file.state is not FileState.ABSENT

    @property
    def unjudged(self) -> bool:
        """Whether it is there and too large to be read here, which Codex does all the same."""
        return self.file.state is FileState.TOO_BIG

    def index(self) -> Mapping[KeyPath, int]:
        return json_lines(self.text)


def load_json(path: str) -> JsonDocument:
    """Read and parse *path*; an absent file has neither data nor problem."""
    file = read(path, _LIMIT)
    if file.state is FileState.ABSENT:
        return JsonDocument(file)
    if file.state is not FileState.OK:
        return JsonDocument(file, problem=Problem(file.words, Spot(path)))
    if file.bom:
        problem = Problem(
            "expected value (the file begins with a byte order mark)", Spot(path, 1), 1
        )
        return JsonDocument(file, problem=problem)
    return parse_json(file)


def parse_json(file: TextFile) -> JsonDocument:
    """Parse text that was read; see :func:`load_json`."""
    duplicates: set[str] = set()

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(items)
        if len(found) != len(items):
            names = [name for name, _ in items]
            duplicates.update(name for name in found if names.count(name) > 1)
        return found

    def constant(name: str) -> object:
        raise ValueError(f"{name} is not JSON")

    text = file.text
    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        problem = Problem(_message(error, text), Spot(file.path, error.lineno), error.colno)
        return JsonDocument(file, problem=problem)
    except RecursionError:
        return JsonDocument(file, problem=Problem("nested too deeply", Spot(file.path)))
    except ValueError as error:
        return JsonDocument(file, problem=Problem(str(error), Spot(file.path)))
    if "\\u" in text and _has_lone_surrogate(data):
        return JsonDocument(file, problem=Problem("half a surrogate pair", Spot(file.path)))
    if text.count("{") + text.count("[") > _MAX_DEPTH and _depth(text) > _MAX_DEPTH:
        return JsonDocument(file, problem=Problem("recursion limit exceeded", Spot(file.path)))
    return JsonDocument(file, data, duplicates=frozenset(duplicates))


def _message(error: json.JSONDecodeError, text: str) -> str:
    if not text.strip():
        return "the file is empty"
    return error.msg[:1].lower() + error.msg[1:]


def _has_lone_surrogate(data: object) -> bool:
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            if _LONE_SURROGATE.search(value):
                return True
        elif isinstance(value, dict):
            pending.extend(value)
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return False


def _depth(text: str) -> int:
    depth = deepest = 0
    for found in _TOKEN.finditer(text):
        token = found.group()
        if token in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif token in "}]":
            depth -= 1
    return deepest


def json_lines(text: str) -> dict[KeyPath, int]:
    """Key path to 1-based line of its key (for a list's item: of its first character).

    Works on text that does not parse as far as its brackets make sense.
    """
    lines: dict[KeyPath, int] = {}
    path: list[str | int] = []
    kinds: list[str] = []
    line, pending, expect_key = 1, None, False
    for found in re.finditer(r'"(?:[^"\\\n]|\\.)*"|[{}\[\],:]|\n|[^\s{}\[\],:"]+', text):
        token = found.group()
        if token == "\n":
            line += 1
            continue
        if expect_key and token[0] == '"' and kinds and kinds[-1] == "{":
            pending, expect_key = _unquote(token), False
            lines.setdefault((*path, pending), line)
            continue
        if token not in "}],:" and kinds and kinds[-1] == "[" and path:
            lines.setdefault(tuple(path), line)
        if token in "{[":
            if len(kinds) > _MAX_DEPTH:
                break
            if kinds and kinds[-1] == "{":
                path.append(pending if pending is not None else "")
            kinds.append(token)
            if token == "[":
                path.append(0)
            expect_key, pending = token == "{", None
        elif token in "}]" and kinds:
            if kinds.pop() == "[" and path:
                path.pop()
            if kinds and kinds[-1] == "{" and path:
                path.pop()
        elif token == ",":
            expect_key = bool(kinds) and kinds[-1] == "{"
            if kinds and kinds[-1] == "[" and path and isinstance(path[-1], int):
                path[-1] += 1
    return lines


def _unquote(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token))
    except ValueError:
        return token[1:-1]
