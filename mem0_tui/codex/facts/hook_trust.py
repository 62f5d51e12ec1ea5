"""Whether Codex trusts a hook: what it compares, and where it keeps what it compares with.

Trust in a hook is a record under ``[hooks.state]`` that holds a digest of the handler. Trust in a
plugin's hook also covers every file of the plugin (Codex 0.165 and later). Measured with Codex
0.169.0 and 0.171.0, whose ``hooks/list`` prints both digests, joined by a slash.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeAlias

from mem0_tui.codex.facts import hook_rules as hookrules
from mem0_tui.codex.files.sha256 import sha256
from mem0_tui.codex.files.text_file import FileState, note, read_bytes
from mem0_tui.codex.rules import Measured, Rule
from mem0_tui.model.record import Record


class HookTrust(StrEnum):
    """What the user decided about a handler, as Codex reads it."""

    TRUSTED = "trusted"
    MODIFIED = "modified"
    UNTRUSTED = "untrusted"
    MANAGED = "managed"
    NOT_NEEDED = "not needed"
    """This version of Codex runs every hook it finds."""


def fingerprint(
    event: str, matcher: str | None, handler: Mapping[str, object], rules: Measured
) -> str:
    """The ``trusted_hash`` that Codex records for a handler: ``sha256:`` and 64 digits.

    Empty for an MCP tool whose input holds a fraction: Codex digests that as it is spelled.
    """
    if _has_fraction(handler.get("input")):
        return ""
    form = hookrules.hook_form(rules)
    is_tool = handler.get("type") == "mcp_tool"
    identity = _mcp_tool(handler) if is_tool else _command(form.at[event], handler)
    identity["timeout"] = hookrules.timeout_of(event, handler, rules)
    if isinstance(status := handler.get("statusMessage"), str):
        identity["statusMessage"] = status
    whole: dict[str, object] = {"event_name": hookrules.snake(event), "hooks": [identity]}
    if matcher is not None:
        whole["matcher"] = matcher
    compact = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return "sha256:" + sha256(compact.encode("utf-8", "surrogatepass")).hexdigest()


def _command(at: Rule, handler: Mapping[str, object]) -> dict[str, object]:
    identity: dict[str, object] = {
        "async": handler.get("async") is True,
        "command": handler.get("command"),
        "type": "command",
    }
    limit = handler.get("additionalContextLimit")
    if limit is not None and at.get("limited"):
        identity["additionalContextLimit"] = limit
    return identity


def _mcp_tool(handler: Mapping[str, object]) -> dict[str, object]:
    return {
        "input": _digested_input(handler.get("input", {})),
        "server": handler.get("server"),
        "tool": handler.get("tool"),
        "type": "mcp_tool",
    }


def _digested_input(value: object) -> object:
    """An MCP tool's input as it enters the digest, where a number is a table of its text."""
    if isinstance(value, dict):
        return {name: _digested_input(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_digested_input(item) for item in value]
    return {"$serde_json::private::Number": str(value)} if type(value) is int else value


def _has_fraction(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_fraction, value.values()))
    return any(map(_has_fraction, value)) if isinstance(value, list) else type(value) is float


LIMIT = 64 << 20
"""Bytes of a plugin that are digested here; only Codex itself judges a larger one."""

MOST_ENTRIES = 20_000
"""Files and folders of a plugin that are listed here."""

_LEFT_OUT = (b"__pycache__", b".venv")
_PIECE = 1 << 16
_Entry: TypeAlias = tuple[tuple[bytes, ...], bool, int]
"""Path below the root in parts, whether it is a file, and its size in bytes."""


class PluginTree:
    """The files of one cached plugin, as far as Codex's trust covers them.

    Listing them opens none; their bytes are read when the digest is first asked for, and only then,
    so that a scan pays for it only where a record of trust rests on it.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._entries: list[_Entry] = [((), False, 0)]
        self.odd: tuple[str, ...] = tuple(self._walk())
        """Links, FIFOs and what cannot be read: with one of them Codex skips the plugin's hooks."""
        self._digest: str | None = None

    @property
    def too_large(self) -> bool:
        """Whether the plugin is larger than what is digested here."""
        size = sum(size for _, _, size in self._entries)
        return size > LIMIT or len(self._entries) >= MOST_ENTRIES

    @property
    def digest(self) -> str | None:
        """The ``trusted_content_hash`` that Codex would record: ``sha256:`` and 64 digits.

        None where a file cannot be read, or where there is too much to read.
        """
        if self._digest is None and not self.odd and not self.too_large:
            self._digest = self._digested()
        return self._digest

    def _walk(self) -> Iterator[str]:
        top = os.fsencode(self.root)
        pending: list[tuple[bytes, ...]] = [()]
        while pending and len(self._entries) < MOST_ENTRIES:
            parts = pending.pop()
            folder = os.path.join(top, *parts)
            note(os.fsdecode(folder))
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.name in _LEFT_OUT or entry.name.endswith(b".pyc"):
                            continue
                        status = entry.stat(follow_symlinks=False)
                        below = (*parts, entry.name)
                        if stat.S_ISDIR(status.st_mode):
                            pending.append(below)
                            self._entries.append((below, False, 0))
                        elif stat.S_ISREG(status.st_mode):
                            self._entries.append((below, True, status.st_size))
                        else:
                            yield os.fsdecode(entry.path)
            except OSError:
                yield os.fsdecode(folder)

    def _digested(self) -> str | None:
        total = sha256(b"codex-plugin-bundle-v1")
        top = os.fsencode(self.root)
        for parts, is_file, _ in sorted(self._entries):
            path = b"/".join(parts)
            total.update(_length(path) + path)
            if not is_file:
                total.update(b"directory")
                continue
            name = os.fsdecode(os.path.join(top, *parts))
            data, state = read_bytes(name, LIMIT)
            if state is not FileState.OK:
                return None
            total.update(b"file" + _length(data))
            total.update(data)
        return f"sha256:{total.hexdigest()}"


def _length(data: bytes) -> bytes:
    return len(data).to_bytes(8, "little")


def baseline_path(codex_home: str, plugin: str) -> str:
    """The file that keeps the digest with which the hooks of *plugin* were last seen trusted.

    *codex_home* as Codex names it: links followed where CODEX_HOME is set, else not.
    """
    config = os.fsencode(os.path.join(codex_home, "config.toml"))
    owner = plugin.encode()
    name = sha256(_length(config) + config + _length(owner) + owner).hexdigest()
    return os.path.join(codex_home, ".hook-trust", name)


class ContentTrust(Record):
    """What trust in the hooks of one plugin is compared with."""

    tree: PluginTree
    baseline: str
    """Path of the file with the digest last seen; it stands in for a record without one."""

    def judge(self, recorded: str | None) -> HookTrust | None:
        """Whether the plugin's files are those that were trusted; None where Codex alone can tell.

        Args:
            recorded: the record's ``trusted_content_hash``, None where it has none, as those that
                were written by Codex 0.164 and earlier.
        """
        if recorded is None:
            data, state = read_bytes(self.baseline)
            if state is not FileState.OK:
                return HookTrust.TRUSTED
            recorded = data.decode("utf-8", "replace")
        digest = self.tree.digest
        if digest is None:
            return None
        return HookTrust.TRUSTED if recorded == digest else HookTrust.MODIFIED
