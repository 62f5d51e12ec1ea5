"""What Codex refuses or ignores in its configuration.

Of one file it judges the syntax; types, words and what may stand beside what it judges in what the
files add up to (0.171.0).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from mem0_tui.codex.facts import config_rules as configrules
from mem0_tui.codex.facts import hook_rules as hookrules
from mem0_tui.codex.files.spot import KeyPath, Spot
from mem0_tui.codex.files.text_file import FileState
from mem0_tui.codex.files.toml_doc import TomlDocument
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record


class FaultKind(StrEnum):
    """What is wrong with a place in config.toml."""

    SYNTAX = "syntax"
    UNREADABLE = "unreadable"
    TYPE = "type"
    REFERENCE = "reference"
    """It names something that is not there."""
    FORBIDDEN = "forbidden"
    PROFILE = "profile"
    REFUSED = "refused"
    """Codex itself refuses it, for a reason that the rules do not know."""
    UNKNOWN = "unknown"
    MISSPELT = "misspelt"
    DANGLING = "dangling"


FATAL = frozenset(
    {
        *(FaultKind.SYNTAX, FaultKind.UNREADABLE, FaultKind.TYPE, FaultKind.REFERENCE),
        *(FaultKind.FORBIDDEN, FaultKind.PROFILE, FaultKind.REFUSED),
    }
)


class ConfigFault(Record):
    """One thing that Codex refuses or ignores."""

    kind: FaultKind
    message: str
    spot: Spot
    key: KeyPath = ()
    column: int | None = None
    meant: str | None = None
    """The spelling that was probably meant."""

    @property
    def fatal(self) -> bool:
        return self.kind in FATAL


Fault = tuple[FaultKind, KeyPath, str]
"""A wrong value: its kind, its key, and why Codex refuses it."""


def value_faults(config: Mapping[str, object], rules: Measured) -> Iterator[Fault]:
    """Every value of *config*, several layers merged or one, that Codex refuses."""
    for key, message in configrules.type_faults(config, rules):
        yield (FaultKind.FORBIDDEN if _is_forbidden(key, message) else FaultKind.TYPE), key, message
    for key, message in hookrules.inline_faults(config.get("hooks"), rules):
        yield FaultKind.TYPE, key, message
    if config.get("profile") is not None:
        message = "is no longer accepted; start Codex with --profile NAME instead"
        yield FaultKind.PROFILE, ("profile",), message


def document_faults(layer: str, document: TomlDocument, rules: Measured) -> Iterator[ConfigFault]:
    """What is wrong with one file by itself; *layer* is the name of its layer."""
    problem = document.problem
    if document.file.state is FileState.DANGLING and layer == "user":
        yield ConfigFault(FaultKind.DANGLING, document.file.words, Spot(document.path))
    if problem is not None:
        kind = FaultKind.SYNTAX if document.file.state is FileState.OK else FaultKind.UNREADABLE
        yield ConfigFault(kind, problem.message, problem.spot, column=problem.column)
        return
    for message in _number_faults(document.table):
        yield ConfigFault(FaultKind.SYNTAX, message, Spot(document.path))
    yield from _misspelt(document, rules)


def _is_forbidden(key: KeyPath, message: str) -> bool:
    return key[0] == "mcp_servers" and "must be" not in message


def _number_faults(data: object) -> Iterator[str]:
    pending: list[tuple[object, int]] = [(data, 0)]
    while pending:
        value, depth = pending.pop()
        if depth > _MAX_DEPTH:
            yield "nested too deeply"
            return
        if isinstance(value, bool):
            continue
        if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
            yield "a number is too large"
        elif isinstance(value, dict):
            pending.extend((item, depth + 1) for item in value.values())
        elif isinstance(value, list):
            pending.extend((item, depth + 1) for item in value)


_MAX_DEPTH = 80


def _misspelt(document: TomlDocument, rules: Measured) -> Iterator[ConfigFault]:
    """Every key that Codex does not know, with the one that was probably meant."""
    for key in configrules.unknown(document.table, rules):
        problem, meant = "is not a setting of Codex", None
        name = str(key[-1])
        if len(key) == 1:
            found = isinstance(document.table.get(name), dict)
            meant = configrules.MISSPELT_TABLES.get(name) if found else None
        elif key[0] == "mcp_servers" and len(key) == 3:
            problem = "is not a setting of an MCP server"
            meant = configrules.MISSPELT_SERVER_KEYS.get(name)
        elif key[0] == "features" and len(key) == 2:
            problem, meant = "is not a feature of Codex", _close_feature(name)
        kind = FaultKind.MISSPELT if meant else FaultKind.UNKNOWN
        yield ConfigFault(kind, problem, document.spot(*key), key, meant=meant)


def _close_feature(name: str) -> str | None:
    if name in ("hooks", "codex_hooks", "plugins", "plugin_hooks", "apps"):
        return None
    squeezed = "".join(sorted(set(name.lower().replace("_", "").replace("-", ""))))
    known = {"hoks": "hooks", "cdehkosx": "codex_hooks", "gilnpsu": "plugins", "hok": "hooks"}
    return known.get(squeezed) or known.get("".join(dict.fromkeys(name.lower())))
