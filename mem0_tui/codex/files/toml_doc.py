"""TOML as Codex reads it: a byte order mark and TOML 1.1 are fine; the line of every key is known.

`tomllib` decides wherever it accepts the text. What it refuses goes to `tomlkit`, which agrees with
Codex's parser on TOML 1.1 (multi-line inline tables, trailing commas, the escapes ``\\x``
and ``\\e``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

from mem0_tui.codex.files.spot import ConfigDocument, KeyPath, Problem, Spot
from mem0_tui.codex.files.text_file import FileState, TextFile, read

_LIMIT = 16 << 20
"""Bytes of a config.toml that are read; Codex has no limit of its own (0.171)."""

_SECOND_OPINION = 1 << 18
"""Longest text that is handed to tomlkit, which is slow on large files."""

_AT = re.compile(r"^(?P<said>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)$", re.DOTALL)


class TomlDocument(ConfigDocument):
    """A TOML file; `data` is an empty table where it does not parse."""

    def __init__(self, file: TextFile, data: object, problem: Problem | None = None) -> None:
        super().__init__(file.path, file.text, data, problem)
        self.file = file

    @property
    def exists(self) -> bool:
        return self.file.state is not FileState.ABSENT

    def index(self) -> Mapping[KeyPath, int]:
        from mem0_tui.codex.files.toml_lines import toml_lines

        return toml_lines(self.text)


def load_toml(path: str) -> TomlDocument:
    """Read and parse *path*; absent, and a symbolic link to nothing, are an empty table."""
    file = read(path, _LIMIT)
    if file.state in (FileState.ABSENT, FileState.DANGLING):
        return TomlDocument(file, {})
    if file.state is not FileState.OK:
        return TomlDocument(file, {}, Problem(file.words, Spot(path)))
    return parse_toml(file)


def parse_toml(file: TextFile) -> TomlDocument:
    """Parse text that was read; see :func:`load_toml`."""
    try:
        return TomlDocument(file, tomllib.loads(file.text))
    except tomllib.TOMLDecodeError as error:
        problem = _problem(file.path, str(error), _AT, file.text)
    except RecursionError:
        return TomlDocument(file, {}, Problem("nested too deeply", Spot(file.path)))
    except ValueError as error:  # an impossible date or a number of thousands of digits
        return TomlDocument(file, {}, Problem(str(error), Spot(file.path)))
    if len(file.text) > _SECOND_OPINION:
        return TomlDocument(file, {}, problem)
    return _second_opinion(file, problem)


def _second_opinion(file: TextFile, first: Problem) -> TomlDocument:
    from tomlkit import parse
    from tomlkit.exceptions import TOMLKitError

    try:
        return TomlDocument(file, parse(file.text).unwrap())
    except (TOMLKitError, RecursionError):
        return TomlDocument(file, {}, first)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return TomlDocument(file, {}, first)  # tomlkit trips over some broken documents


def _problem(path: str, message: str, pattern: re.Pattern[str], text: str) -> Problem:
    found = pattern.match(message)
    if found:
        problem = found["said"]
        return Problem(_lower(problem), Spot(path, int(found["line"])), int(found["column"]))
    problem = message.removesuffix(" (at end of document)")
    last = text.count("\n") + (0 if text.endswith("\n") or not text else 1)
    return Problem(_lower(problem), Spot(path, max(last, 1)))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
