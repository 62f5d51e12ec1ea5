"""Which settings there are: their names, variables, options, values and defaults, in one table.

A key is no setting: it comes from the environment or from a private file that ``api_key_file``
names, so that a settings file can be shown and shared.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from mem0_tui.model.entity import Scope
from mem0_tui.model.late import late_dataclass

BACKENDS: Final = ("local", "platform", "selfhosted", "mcp", "codex")
DETECT: Final = "auto"
"""The backend where a server is named but not its kind: it is asked when it is first used."""
_YES_OR_NO: Final = ("true", "false")
_COLORS: Final = ("auto", "always", "never")
PLATFORM_URL: Final = "https://api.mem0.ai"


class Source(StrEnum):
    """The kinds of places that a value can come from, weakest first."""

    DEFAULT = "default"
    FILE = "file"
    PROFILE = "profile"
    VARIABLE = "variable"
    OPTION = "option"


class SettingOrigin(NamedTuple):
    """Where one value comes from."""

    source: Source
    where: str
    """``~/.config/mem0-tui/config.toml:3``, ``MEM0_TUI_URL``, ``--url``, or why it is a default."""

    def __str__(self) -> str:
        if self.source is not Source.DEFAULT:
            return self.where
        return f"default: {self.where}" if self.where else "default"


class Setting(NamedTuple):
    """One thing that can be set."""

    name: str
    help: str
    form: str
    """What a value looks like, for messages."""
    read: Callable[[object], Any]
    """Turns a TOML value or a variable's text into the setting's type; ValueError if it is none."""
    variables: tuple[str, ...] = ()
    """Environment variables that set it, the strongest first."""
    option: str | None = None
    default: object = None
    choices: tuple[str, ...] = ()
    """All values that there are, as they are written; empty where they are not a few words."""


@late_dataclass(frozen=True)
class Settings:
    """What the user configured, complete and checked."""

    backend: str
    """One of :data:`BACKENDS`, or :data:`DETECT`."""
    url: str | None
    """Base URL of a remote backend; None for ``local``, and for an MCP server by command."""
    store: Path
    journal: Path
    snapshots: Path
    read_only: bool
    scope: Scope
    """Whom memories belong to that are added here."""
    timeout: float
    """Seconds to wait for a remote backend's answer."""
    allow_plain_http: bool
    """Whether a key may travel unencrypted to another machine."""
    color: str
    """``auto``, ``always`` or ``never``."""
    hold_back: bool = True
    """Whether memories with hard signs of a planted order are left out of what Codex is given."""
    mask_recalled: bool = True
    """Whether our hooks give Codex memories with their secrets masked."""
    theme: str = "mem0-dark"
    """The screen's theme."""
    keys: Mapping[str, object] = field(default_factory=dict)
    """The screen's keys as the file has them: action id to keys; not checked yet."""
    searches: Mapping[str, str] = field(default_factory=dict)
    """Saved searches: name to query."""
    profile: str | None = None
    api_key: str | None = field(default=None, repr=False)
    api_key_file: Path | None = None
    """The file that holds the key where no variable does."""
    command: str | None = None
    """What starts an MCP server; None where there is none, or a URL."""
    demo: bool = False
    codex_home: Path | None = None
    """Codex's own folder, for the backend ``codex``."""
    origins: Mapping[str, SettingOrigin] = field(default_factory=dict, compare=False)
    """Where each setting's value comes from, by the setting's name."""
    warnings: tuple[str, ...] = ()
    """What a person should know about these settings, in short sentences."""

    @property
    def server(self) -> str | None:
        """What a remote backend asks, or Codex's folder, to be shown; None for the embedded
        store."""
        if self.backend == "codex" and self.codex_home is not None:
            return str(self.codex_home / "memories")
        if self.url or not self.command:
            return self.url
        from mem0_tui.model.secret import redact

        return redact(self.command)

    @property
    def command_words(self) -> tuple[str, ...]:
        """The program that starts an MCP server, and its arguments."""
        return _words(self.command) if self.command else ()


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError(value)
    return value.strip()


def _one_of(*choices: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = _text(value).casefold()
        if text not in choices:
            raise ValueError(value)
        return text

    return read


def _path(value: object) -> Path:
    path = Path(_text(value)).expanduser()
    return path if path.is_absolute() else Path.cwd() / path


def _url(value: object) -> str:
    text = _text(value).rstrip("/")
    parts = urlsplit(text)
    _ = parts.port  # urllib checks the port only when asked for it
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(value)
    if parts.query or parts.fragment:
        raise ValueError(value)
    return text


def _words(text: str) -> tuple[str, ...]:
    """*text* as a shell would take it apart; on Windows, a backslash is part of a path."""
    import shlex

    return tuple(shlex.split(text, posix=os.name != "nt"))


def _command(value: object) -> str:
    text = _text(value)
    if not _words(text):
        raise ValueError(value)
    return text


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = _text(value).casefold()
    if text not in _TRUTH:
        raise ValueError(value)
    return _TRUTH[text]


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(value)
    seconds = float(value)
    if not 0.1 <= seconds <= 3600:
        raise ValueError(value)
    return seconds


_TRUTH = {
    **dict.fromkeys(("true", "yes", "1", "on"), True),
    **dict.fromkeys(("false", "no", "0", "off"), False),
}


def _read_only(value: object) -> bool | None:
    """True, False, or None for ``auto``."""
    if isinstance(value, str) and value.strip().casefold() == "auto":
        return None
    return _truth(value)


SETTINGS: Final[Mapping[str, Setting]] = {
    setting.name: setting
    for setting in (
        Setting(
            "backend",
            "where the memories are",
            ", ".join(BACKENDS),
            _one_of(*BACKENDS),
            ("MEM0_TUI_BACKEND",),
            "--backend",
            choices=BACKENDS,
        ),
        Setting(
            "url",
            "base URL of the Mem0 server",
            "an http or https URL without a password in it",
            _url,
            ("MEM0_TUI_URL", "MEM0_BASE_URL"),
            "--url",
        ),
        Setting(
            "command",
            "command that starts an MCP server, instead of a URL",
            "a program and its arguments",
            _command,
            ("MEM0_TUI_COMMAND",),
            "--command",
        ),
        Setting(
            "store", "file of the embedded store", "a path", _path, ("MEM0_TUI_STORE",), "--store"
        ),
        Setting(
            "read_only",
            "whether writing is switched off (auto: for remote backends)",
            "auto, true or false",
            _read_only,
            ("MEM0_TUI_READ_ONLY",),
            "--read-only",
            choices=("auto", *_YES_OR_NO),
        ),
        Setting(
            "api_key_file",
            "file (mode 0600) that holds the key, where MEM0_API_KEY is not set",
            "a path",
            _path,
            ("MEM0_TUI_API_KEY_FILE",),
        ),
        Setting(
            "user_id",
            "user that added memories belong to",
            "an id",
            _text,
            ("MEM0_TUI_USER_ID", "MEM0_USER_ID"),
        ),
        Setting(
            "agent_id",
            "agent that added memories belong to",
            "an id",
            _text,
            ("MEM0_TUI_AGENT_ID",),
        ),
        Setting(
            "app_id",
            "app (project) that added memories belong to",
            "an id",
            _text,
            ("MEM0_TUI_APP_ID", "MEM0_PROJECT_ID"),
        ),
        Setting(
            "run_id", "run that added memories belong to", "an id", _text, ("MEM0_TUI_RUN_ID",)
        ),
        Setting(
            "timeout",
            "seconds to wait for a server",
            "a number from 0.1 to 3600",
            _seconds,
            ("MEM0_TUI_TIMEOUT",),
            default=30.0,
        ),
        Setting(
            "allow_plain_http",
            "whether a key may travel unencrypted to another machine",
            "true or false",
            _truth,
            ("MEM0_TUI_ALLOW_PLAIN_HTTP",),
            default=False,
            choices=_YES_OR_NO,
        ),
        Setting(
            "hold_back",
            "whether Codex is not given memories that hide or disguise an order",
            "true or false",
            _truth,
            ("MEM0_TUI_HOLD_BACK",),
            default=True,
            choices=_YES_OR_NO,
        ),
        Setting(
            "mask_recalled",
            "whether the hooks mask secrets in what Codex is given",
            "true or false",
            _truth,
            ("MEM0_TUI_MASK_RECALLED",),
            default=True,
            choices=_YES_OR_NO,
        ),
        Setting(
            "color",
            "colours in the output",
            "auto, always or never",
            _one_of(*_COLORS),
            ("MEM0_TUI_COLOR",),
            "--no-color",
            default="auto",
            choices=_COLORS,
        ),
        Setting(
            "theme",
            "the screen's colours",
            "a theme such as mem0-dark, mem0-light, mem0-contrast or ansi-dark",
            _text,
            ("MEM0_TUI_THEME",),
            default="mem0-dark",
        ),
        Setting(
            "profile",
            "profile that is used unless another is named",
            "a name",
            _text,
            ("MEM0_TUI_PROFILE",),
            "--profile",
        ),
    )
}

TABLES: Final = ("profiles", "keys", "searches")
"""Tables of the settings file whose names the user chooses or the screen knows."""

KEY_VARIABLES: Final = ("MEM0_TUI_API_KEY", "MEM0_API_KEY")
"""Environment variables that hold the key, the strongest first."""
