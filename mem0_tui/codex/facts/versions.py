"""Which Codex is installed, found without running it, and which of its rules hold.

The rules' first versions were measured with the released command line programs; where only a range
is known, the later version is taken.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TypeAlias

from mem0_tui.codex.facts.paths import real, upwards
from mem0_tui.codex.files.spot import table, text
from mem0_tui.codex.files.text_file import FileState, read
from mem0_tui.codex.rules import Measured, measured, versions
from mem0_tui.model.record import Record

Version: TypeAlias = tuple[int, int, int]

NEWEST_KNOWN: Version = (0, 171, 0)
_NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_IN_PATH = re.compile(r"[/\\](?:Cellar|Caskroom)[/\\]codex[/\\](\d+\.\d+\.\d+)[/\\]")
_PACKAGE = os.path.join("@openai", "codex", "package.json")


class CodexProgram(Record):
    """The ``codex`` that the shell would start."""

    path: str
    version: str | None
    """None where it cannot be read without running the program."""


class Rules(Record):
    """What one version of Codex does with a Mem0 install."""

    version: Version
    assumed: bool
    """Whether no version was found, and the newest known one stands in."""

    @property
    def hooks_by_default(self) -> bool:
        return self.version >= (0, 124, 0)

    @property
    def hooks_key(self) -> str:
        """The feature's own name; the other spelling is an alias where it is known at all."""
        return "hooks" if self.version >= (0, 129, 0) else "codex_hooks"

    @property
    def hook_trust(self) -> bool:
        return self.version >= (0, 129, 0)

    @property
    def plugins(self) -> bool:
        return self.version >= (0, 121, 0)

    @property
    def plugin_commands(self) -> bool:
        """Whether ``codex plugin add`` exists."""
        return self.version >= (0, 131, 0)

    @property
    def plugin_hooks(self) -> str:
        """``never``, ``off`` or ``on`` (the feature ``plugin_hooks``'s default), or ``always``."""
        if self.version >= (0, 134, 0):
            return "always"
        if self.version >= (0, 131, 0):
            return "on"
        return "off" if self.version >= (0, 129, 0) else "never"

    @property
    def strict_hooks_file(self) -> bool:
        """Whether an unknown top-level key makes Codex refuse hooks.json."""
        return self.version >= (0, 150, 0)

    @property
    def semantic_versions(self) -> bool:
        """Whether the active cached version is the semantically highest, not the last as text."""
        return self.version >= (0, 150, 0)

    @property
    def content_trust(self) -> bool:
        """Whether trust in a plugin's hook also covers the plugin's files."""
        return self.version >= (0, 165, 0)

    @property
    def measured(self) -> Measured:
        """The tables that were measured with this version, or the nearest that is not newer."""
        return measured(self.version)

    @property
    def exact(self) -> bool:
        """Whether the tables were measured with this very version."""
        return not self.assumed and self.version in versions()

    @property
    def newer(self) -> bool:
        """Whether this Codex is newer than every measured one."""
        return self.version > versions()[-1]

    @property
    def label(self) -> str:
        """The version in words."""
        number = ".".join(map(str, self.version))
        return f"Codex {number} (assumed: none found)" if self.assumed else f"Codex {number}"


def rules_for(version: str | None) -> Rules:
    """The rules of *version*, or of the newest one known."""
    found = _NUMBER.search(version or "")
    if found is None:
        return Rules(NEWEST_KNOWN, True)
    return Rules((int(found[1]), int(found[2]), int(found[3])), False)


def find_codex(environ: Mapping[str, str]) -> CodexProgram | None:
    """The first ``codex`` on PATH, with the version that its package says."""
    names = ("codex.cmd", "codex.exe", "codex") if os.name == "nt" else ("codex",)
    path = which(names, environ)
    return None if path is None else CodexProgram(path, _version_of(path))


def which(names: tuple[str, ...], environ: Mapping[str, str]) -> str | None:
    """The first program of one of *names* on the PATH of *environ*."""
    for folder in environ.get("PATH", "").split(os.pathsep):
        for name in names:
            path = os.path.join(folder, name)
            if folder and os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return None


def _version_of(path: str) -> str | None:
    program = real(path)
    if found := _IN_PATH.search(program):
        return found[1]
    for folder in list(upwards(os.path.dirname(program)))[:6]:
        if version := _package_version(os.path.join(folder, "package.json")):
            return version
    beside = os.path.dirname(path)
    for way in ("..", "node_modules", os.path.join("..", "lib", "node_modules")):
        if version := _package_version(os.path.join(beside, way, _PACKAGE)):
            return version
    return None


def _package_version(path: str) -> str | None:
    import json

    file = read(path, 1 << 16)
    if file.state is not FileState.OK:
        return None
    try:
        package = table(json.loads(file.text))
    except (ValueError, RecursionError):
        return None
    version = text(package.get("version"))
    if package.get("name") != "@openai/codex" or version is None:
        return None
    found = _NUMBER.match(version)
    return found.group() if found else None
