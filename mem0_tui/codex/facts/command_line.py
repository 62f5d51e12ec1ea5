"""The program that a hook's command line starts, and whether the shell would find it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from enum import StrEnum

from mem0_tui.codex.facts.versions import which
from mem0_tui.model.record import Record

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_INTERPRETERS = frozenset({"bash", "sh", "zsh", "dash", "python", "python3", "node", "env", "uv"})
_SHELL_SYNTAX = re.compile(r"[|&;<>`]|\$\(")


class ProgramState(StrEnum):
    """What the shell would say on starting the program."""

    FOUND = "found"
    MISSING = "missing"
    NOT_EXECUTABLE = "not executable"
    UNQUOTED = "unquoted"
    """The path holds a blank and is not quoted, so that the shell takes half of it."""
    CRLF = "CRLF"
    """The script's first line ends as on Windows, so that its interpreter is not found."""
    UNKNOWN = "unknown"
    """A command line that only a shell can understand."""


class Program(Record):
    """What a command line starts."""

    path: str
    state: ProgramState
    line: str = ""
    """The whole command line, what stands for the plugin's folder put in."""

    @property
    def call(self) -> str:
        """The words of the line, the program's name for its path: what two copies have alike."""
        try:
            words = _words(self.line)
        except ValueError:
            return self.line
        return " ".join(self.name if word == self.path else word for word in words)

    @property
    def name(self) -> str:
        """The file name."""
        return os.path.basename(self.path)


def program_of(
    command: str, environ: Mapping[str, str], *, cwd: str, root: str | None = None
) -> Program:
    """Find the program of *command* as Codex starts it in *cwd*; *root* is the plugin's folder."""
    expanded = _expand(command, environ, root)
    try:
        words = _words(expanded)
    except ValueError:
        return Program("", ProgramState.UNKNOWN, expanded)
    while words and _ASSIGNMENT.match(words[0]):
        words.pop(0)
    if not words:
        return Program("", ProgramState.UNKNOWN, expanded)
    interpreted = os.path.basename(words[0]) in _INTERPRETERS
    if interpreted:
        words = [word for word in words[1:] if not word.startswith("-")][:1] or words
    path = words[0]
    if _SHELL_SYNTAX.search(expanded) and not os.path.isabs(path):
        return Program(path, ProgramState.UNKNOWN, expanded)
    return Program(path, _state(path, expanded, interpreted, environ, cwd), expanded)


def _words(line: str) -> list[str]:
    """*line* split as a shell would; ValueError where a quote does not close."""
    if not any(mark in line for mark in "\"'\\"):
        return line.split()
    import shlex

    return shlex.split(line)


def _expand(command: str, environ: Mapping[str, str], root: str | None) -> str:
    def value(found: re.Match[str]) -> str:
        name = found.group(1) or found.group(2)
        if root is not None and name in ("PLUGIN_ROOT", "CLAUDE_PLUGIN_ROOT"):
            return root
        return environ.get(name, found.group()) if name in ("HOME", "USER") else found.group()

    return re.sub(r"\$(?:\{(\w+)\}|(\w+))", value, command)


def _state(
    path: str, expanded: str, interpreted: bool, environ: Mapping[str, str], cwd: str
) -> ProgramState:
    if "$" in path or path.startswith("~"):
        return ProgramState.UNKNOWN
    if os.sep not in path and "/" not in path:
        found = interpreted or which((path,), environ) is not None
        return ProgramState.UNKNOWN if interpreted else _missing(found)
    full = os.path.join(cwd, path)
    if os.path.isfile(full):
        runs = interpreted or os.access(full, os.X_OK)
        if runs and _is_crlf(full):
            return ProgramState.CRLF
        return ProgramState.FOUND if runs else ProgramState.NOT_EXECUTABLE
    tail = expanded[expanded.find(path) :].strip()
    if " " in tail and any(os.path.isfile(guess) for guess in _longer(tail)):
        return ProgramState.UNQUOTED
    return ProgramState.MISSING


def _is_crlf(path: str) -> bool:
    with contextlib.suppress(OSError), open(path, "rb") as file:
        first = file.readline(256)
        return first.startswith(b"#!") and first.endswith(b"\r\n")
    return False


def _missing(found: bool) -> ProgramState:
    return ProgramState.FOUND if found else ProgramState.MISSING


def _longer(tail: str) -> list[str]:
    words = tail.split(" ")[:12]
    return [" ".join(words[:count]).strip("\"'") for count in range(2, len(words) + 1)]
