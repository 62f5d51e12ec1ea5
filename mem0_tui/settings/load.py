"""Puts the settings together: defaults, then the file, its profile, variables and options.

Each value keeps where it came from, and nothing that is not understood is passed over in silence.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from mem0_tui.model.entity import EntityKind, Scope
from mem0_tui.model.errors import SettingsError
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.text import one_line
from mem0_tui.settings.document import read_document
from mem0_tui.settings.locations import Locations, locations, tilde
from mem0_tui.settings.schema import (
    DETECT,
    KEY_VARIABLES,
    PLATFORM_URL,
    SETTINGS,
    TABLES,
    SettingOrigin,
    Settings,
    Source,
)

_LOOKS = ("theme", "color")
_KEY_WORDS = ("api_key", "apikey", "api-key", "key", "token", "mem0_api_key")


def load(
    options: Mapping[str, object] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    places: Locations | None = None,
) -> Settings:
    """The settings that hold for a command with these *options* (setting name to value).

    Raises:
        SettingsError: with the file and line, variable or option that is not valid.
    """
    environ = os.environ if environ is None else environ
    places = places or locations(environ)
    return _Loader(options or {}, environ, places).settings()


@late_dataclass(frozen=True)
class Looks:
    """What the user configured of how the screen looks and which keys it has."""

    theme: str
    color: str
    keys: Mapping[str, object]
    origins: Mapping[str, SettingOrigin]


def load_looks(*, environ: Mapping[str, str], places: Locations) -> Looks:
    """Theme, colour and keys as they hold for this user, whatever the memories.

    Raises:
        SettingsError: the file is not valid.
    """
    return _Loader({}, environ, places).looks()


def unknown_key(name: str, known: Iterable[str]) -> str:
    """How to go on after the unknown key *name*."""
    import difflib

    known = list(known)
    close = difflib.get_close_matches(name.casefold().replace("-", "_"), known, n=1)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"


class _Loader:
    def __init__(
        self, options: Mapping[str, object], environ: Mapping[str, str], places: Locations
    ) -> None:
        self.options = options
        self.environ = environ
        self.places = places
        self.document = read_document(places.settings_file)
        self.values: dict[str, Any] = {name: s.default for name, s in SETTINGS.items()}
        self.origins = {name: SettingOrigin(Source.DEFAULT, "") for name in SETTINGS}
        self.warnings: list[str] = []

    def settings(self) -> Settings:
        self._take_file()
        rest = tuple(name for name in SETTINGS if name != "profile")
        self._take_variables(rest)
        self._take_options(rest)
        self._warn_about_variables()
        key = self._key()
        self._choose_backend(key)
        self._fill_in()
        return Settings(
            backend=self.values["backend"],
            url=self.values["url"],
            store=self.values["store"],
            journal=self.places.journal,
            snapshots=self.places.snapshots,
            read_only=self.values["read_only"],
            scope=Scope(**{kind.id_field: self.values[kind.id_field] for kind in EntityKind}),
            timeout=self.values["timeout"],
            allow_plain_http=self.values["allow_plain_http"],
            hold_back=self.values["hold_back"],
            mask_recalled=self.values["mask_recalled"],
            color=self.values["color"],
            theme=self.values["theme"],
            keys=self.document.values.get("keys", {}),
            searches=self.document.values.get("searches", {}),
            profile=self.values["profile"],
            api_key=key,
            api_key_file=self.values["api_key_file"],
            command=self.values["command"],
            codex_home=_codex_home(self.environ),
            origins=self.origins,
            warnings=tuple(self.warnings),
        )

    def looks(self) -> Looks:
        """What holds for any memories."""
        self._take_file()
        self._take_variables(_LOOKS)
        return Looks(
            theme=self.values["theme"],
            color=self.values["color"],
            keys=self.document.values.get("keys", {}),
            origins={name: self.origins[name] for name in _LOOKS},
        )

    # what the file says

    def _take_file(self) -> None:
        """The file's settings, and those of the profile in use."""
        self._check_file()
        self._take_table((), Source.FILE)
        self._take_variables(("profile",))
        self._take_options(("profile",))
        if self.values["profile"] is not None:
            self._take_profile(self.values["profile"])

    def _check_file(self) -> None:
        _check_table((), self.document.values, self._place)
        for name in TABLES:
            if not isinstance(self.document.values.get(name, {}), dict):
                written = "profiles.NAME" if name == "profiles" else name
                raise SettingsError(
                    f"{self._place(name)}: {name} is not a table",
                    hint=f"write [{written}] above its settings",
                )
        for name, query in self.document.values.get("searches", {}).items():
            if not isinstance(query, str):
                raise SettingsError(
                    f"{self._place('searches', name)}: the search {one_line(name)} is not text",
                    hint='write it as NAME = "type:decision age>90d"',
                )
        profiles = self.document.values.get("profiles", {})
        for name, table in profiles.items():
            if not isinstance(table, dict):
                raise SettingsError(
                    f"{self._place('profiles', name)}: the profile {name} is not a table",
                    hint=f"write [profiles.{name}] above its settings",
                )
            _check_table(("profiles", name), table, self._place)

    def _take_table(self, table: tuple[str, ...], source: Source) -> None:
        values = self.document.values
        for name in table:
            values = values[name]
        for name, value in values.items():
            if name in SETTINGS:
                self._take(name, value, SettingOrigin(source, self._place(*table, name)))

    def _take_profile(self, profile: str) -> None:
        known = list(self.document.values.get("profiles", {}))
        if profile not in known:
            where = self.origins["profile"]
            raise SettingsError(
                f"{where}: there is no profile {one_line(profile)}",
                hint=unknown_key(profile, known) if known else "the settings file has no profiles",
            )
        self._take_table(("profiles", profile), Source.PROFILE)

    def _place(self, *keys: str) -> str:
        line = self.document.line(*keys)
        path = tilde(self.document.path, self.environ)
        return f"{path}:{line}" if line else path

    # what the environment and the command line say

    def _take_variables(self, names: Iterable[str]) -> None:
        for name in names:
            for variable in SETTINGS[name].variables:
                value = self.environ.get(variable, "").strip()
                if value:
                    self._take(name, value, SettingOrigin(Source.VARIABLE, variable))
                    break

    def _take_options(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self.options:
                option = SETTINGS[name].option or f"--{name}"
                if name == "read_only" and self.options[name] is False:
                    option = "--write"
                self._take(name, self.options[name], SettingOrigin(Source.OPTION, option))

    def _take(self, name: str, value: object, origin: SettingOrigin) -> None:
        setting = SETTINGS[name]
        try:
            self.values[name] = setting.read(value)
        except (ValueError, RuntimeError):
            shown = "that" if name == "url" else one_line(repr(value))
            raise SettingsError(
                f"{origin.where}: {shown} is not a valid {name}", hint=f"expected {setting.form}"
            ) from None
        self.origins[name] = origin

    def _warn_about_variables(self) -> None:
        ours = [variable for variable in sorted(self.environ) if variable.startswith("MEM0_TUI_")]
        if not ours:
            return
        import difflib

        known = {v for setting in SETTINGS.values() for v in setting.variables} | set(KEY_VARIABLES)
        for variable in ours:
            if variable not in known:
                close = difflib.get_close_matches(variable, sorted(known), n=1, cutoff=0.85)
                if close:
                    self.warnings.append(f"{one_line(variable)} is unknown: {close[0]}?")

    # what follows from the rest

    def _key(self) -> str | None:
        for variable in KEY_VARIABLES:
            key = self.environ.get(variable, "").strip()
            if key:
                self.origins["api_key"] = SettingOrigin(Source.VARIABLE, variable)
                return _clean_key(key, variable)
        path: Path | None = self.values["api_key_file"]
        if path is None:
            self.origins["api_key"] = SettingOrigin(Source.DEFAULT, "MEM0_API_KEY is not set")
            return None
        self.origins["api_key"] = SettingOrigin(
            self.origins["api_key_file"].source, tilde(path, self.environ)
        )
        return _clean_key(_read_key_file(path), str(path))

    def _choose_backend(self, key: str | None) -> None:
        if self.values["backend"] is not None:
            return
        store, url = self.origins["store"].source, self.origins["url"]
        named = url.source is not Source.DEFAULT and url.where != "MEM0_BASE_URL"
        command = self.origins["command"]
        if store is Source.OPTION and Source.OPTION not in (url.source, command.source):
            self._conclude("backend", "local", "--store is given")
        elif command.source is not Source.DEFAULT and not (named and _outranks(url, command)):
            self._conclude("backend", "mcp", f"{command.where} is given")
        elif named and self.values["url"].endswith("/mcp"):
            self._conclude("backend", "mcp", f"{url.where} ends in /mcp")
        elif named:
            self._conclude("backend", DETECT, f"{url.where} is given; the server is asked")
        elif key is not None:
            self._conclude("backend", "platform", "a key is set")
        else:
            self._conclude("backend", "local", "no key is set")

    def _fill_in(self) -> None:
        backend = self.values["backend"]
        url, command = self.origins["url"], self.origins["command"]
        if backend != "mcp" or _outranks(url, command):
            self.values["command"] = None
        if backend in ("local", "codex") or self.values["command"] is not None:
            self.values["url"] = None
        elif backend == "platform" and self.values["url"] is None:
            self._conclude("url", PLATFORM_URL, "Mem0's own")
        elif self.values["url"] is None and self.values["command"] is None:
            raise SettingsError(
                f"the {backend} backend needs the URL of its server",
                hint="pass --url http://HOST:PORT/mcp or --command COMMAND"
                if backend == "mcp"
                else "pass --url http://HOST:PORT, or set url in the settings",
            )
        if self.values["store"] is None:
            self._conclude("store", self.places.store, "the data folder")
        if self.values["read_only"] is None:
            remote = backend != "local"
            why = "a remote backend is, until --write" if remote else "a local store is not"
            self._conclude("read_only", remote, why)
        if self.values["user_id"] is None:
            self._conclude("user_id", _os_user(self.environ), "the name you are logged in with")

    def _conclude(self, name: str, value: object, why: str) -> None:
        self.values[name] = value
        self.origins[name] = SettingOrigin(Source.DEFAULT, why)


def _codex_home(environ: Mapping[str, str]) -> Path:
    """Codex's own folder."""
    named = environ.get("CODEX_HOME", "")
    home = environ.get("USERPROFILE" if os.name == "nt" else "HOME") or os.path.expanduser("~")
    return Path(named).absolute() if named else Path(home) / ".codex"


def _outranks(one: SettingOrigin, other: SettingOrigin) -> bool:
    """Whether *one* comes from a place that counts more than that of *other*."""
    ranks = list(Source)
    return ranks.index(one.source) > ranks.index(other.source)


def _check_table(
    table: tuple[str, ...], values: Mapping[str, Any], place: Callable[..., str]
) -> None:
    known = [name for name in SETTINGS if not (table and name == "profile")]
    for name in values:
        if name in known or (not table and name in TABLES):
            continue
        if name.casefold() in _KEY_WORDS:
            raise SettingsError(
                f"{place(*table, name)}: API keys are not read from the settings file",
                hint="set MEM0_API_KEY, or name a file of mode 0600 with api_key_file",
            )
        raise SettingsError(
            f"{place(*table, name)}: there is no setting {one_line(name)}",
            hint=unknown_key(name, known),
        )


def _read_key_file(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise SettingsError(
            f"the key file {path} cannot be read: {reason}", hint="check api_key_file"
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise SettingsError(
            f"the key file can be read by others: {path} (mode {mode & 0o777:04o})",
            hint=f"chmod 600 {path}",
        )
    return text


def _clean_key(key: str, where: str) -> str:
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(
            f"{where} does not hold an API key: it is empty, or holds spaces or control characters",
            hint="put only the key into the file",
        )
    return key


def _os_user(environ: Mapping[str, str]) -> str:
    named = environ.get("USER") or environ.get("USERNAME")
    if named:
        return named
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "default"
