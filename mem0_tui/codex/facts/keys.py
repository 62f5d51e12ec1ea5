"""MEM0_API_KEY: what Codex will find of it, and where else a key lies; never shown whole."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from mem0_tui.codex.facts.environment import codex_assignments
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.files.json_doc import load_json
from mem0_tui.codex.files.spot import Spot, table, text
from mem0_tui.codex.files.text_file import FileState, read
from mem0_tui.model.record import Record

VARIABLE = "MEM0_API_KEY"
PROFILES = (".zshrc", ".bashrc", ".zprofile", ".bash_profile", ".profile")
"""Shell profiles in the order in which Mem0's hooks search them."""

_ASSIGNED = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$")
_SHAPE = re.compile(r"m0(?:-|sk_)[A-Za-z0-9_\-]{8,}")
_PLACEHOLDERS = re.compile(r"(?i)your|xxx|\.\.\.|<|placeholder|changeme|example")


class HeldKey(Record):
    """A key at some place; only its mask is ever shown."""

    variable: str
    place: str
    """``environment``, a file's name in words, or a file's path."""
    spot: Spot | None
    value: str

    def __repr__(self) -> str:
        return f"HeldKey({self.variable!r}, {self.place!r}, {self.spot!r}, {self.masked!r})"

    @property
    def masked(self) -> str:
        from mem0_tui.model.secret import mask

        return mask(self.value)

    @property
    def fault(self) -> str | None:
        """Why the value cannot work as a bearer token."""
        if not self.value:
            return "is set, but empty"
        if "\n" in self.value or "\r" in self.value:
            return "holds a line break, with which Codex cannot start the server"
        if any(ord(c) < 0x20 or ord(c) == 0x7F for c in self.value):
            return "holds a control character, with which Codex cannot start the server"
        if self.value != self.value.strip():
            return "begins or ends with a blank"
        if self.value[0] in "\"'" and self.value[-1] == self.value[0]:
            return "includes the quotes around it"
        if " " in self.value:
            return "holds a blank"
        return None

    @property
    def header_fault(self) -> str | None:
        """Why Codex leaves out a header that is to hold the value."""
        if not self.value.strip():
            return "is empty"
        return None if self.sendable else "holds a line break or a control character"

    @property
    def sendable(self) -> bool:
        """Whether it can stand in an HTTP header; a server whose token cannot does not start."""
        return not any((ord(c) < 0x20 and c != "\t") or ord(c) == 0x7F for c in self.value)

    @property
    def looks_like_mem0(self) -> bool:
        """Whether it has the shape of a Mem0 key, with or without the scheme of a header."""
        scheme, _, rest = self.value.strip().partition(" ")
        key = rest.strip() if scheme.lower() in ("token", "bearer") and rest else self.value
        return _SHAPE.fullmatch(key) is not None

    @property
    def placeholder(self) -> bool:
        """Whether it is the text of an instruction rather than a key."""
        return _PLACEHOLDERS.search(self.value) is not None


class Keys(Record):
    """Every place where a key was found."""

    held: tuple[HeldKey, ...]
    environ: Mapping[str, str]
    """The environment that Codex works with: the process's, with what ``.env`` sets over it."""

    def in_environment(self, variable: str) -> HeldKey | None:
        """The value of *variable* that Codex works with: ``.env``'s, else the process's."""
        found = (k for k in self.held if k.variable == variable and k.place in _LIVE)
        return next(found, None)

    def elsewhere(self, variable: str) -> list[HeldKey]:
        """The same variable in files that Codex does not read."""
        return [k for k in self.held if k.variable == variable and k.place not in _LIVE]


ENVIRONMENT, DOTENV = "environment", "Codex's .env"
_LIVE = (ENVIRONMENT, DOTENV)


def read_keys(homes: Homes, variables: list[str]) -> Keys:
    """Look for *variables* (and MEM0_API_KEY) in the environment and in the usual files."""
    wanted = list(dict.fromkeys([*variables, VARIABLE]))
    file, given = codex_assignments(homes)
    environ = {**homes.environ, **{one.name: one.value for one in given}}
    held = [
        HeldKey(one.name, DOTENV, Spot(file.path, one.line), one.value)
        for one in given
        if one.name in wanted
    ]
    held += [HeldKey(n, ENVIRONMENT, None, homes.environ[n]) for n in wanted if n in homes.environ]
    for name in PROFILES:
        held += _assigned(os.path.join(homes.home, name), f"~/{name}", wanted)
    held += _from_json(os.path.join(homes.home, ".claude", "settings.json"), ("env", VARIABLE))
    config = os.path.join(homes.mem0, "config.json")
    held += _from_json(config, ("platform", "api_key"), ("api_key",))
    return Keys(tuple(held), environ)


def _assigned(path: str, place: str, wanted: list[str]) -> Iterator[HeldKey]:
    file = read(path)
    if file.state is not FileState.OK or not any(name in file.text for name in wanted):
        return
    last: dict[str, HeldKey] = {}
    for number, line in enumerate(file.text.splitlines(), 1):
        found = _ASSIGNED.match(line)
        if found is None or found[1] not in wanted:
            continue
        value = _unquoted(found[2])
        if value and not value.startswith("$"):
            last[found[1]] = HeldKey(found[1], place, Spot(path, number), value)
    yield from last.values()


def _unquoted(written: str) -> str:
    value = written.strip()
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        return value[1:end] if end > 0 else value[1:]
    return re.split(r"\s#|\s|;", value, maxsplit=1)[0]


def _from_json(path: str, *keys: tuple[str, ...]) -> Iterator[HeldKey]:
    document = load_json(path)
    for key in keys:
        at: object = document.data
        for part in key:
            at = table(at).get(part)
        if value := text(at):
            yield HeldKey(VARIABLE, os.path.basename(path), document.spot(*key), value)


def literal_keys(data: Mapping[str, object], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Key paths of texts in a configuration that look like Mem0 keys."""
    for name, value in data.items():
        here = (*at, name)
        if isinstance(value, dict):
            yield from literal_keys(value, here)
        elif isinstance(value, list):
            if any(isinstance(item, str) and _KEY_IN_TEXT.search(item) for item in value):
                yield here
        elif isinstance(value, str) and _KEY_IN_TEXT.search(value):
            yield here


_KEY_IN_TEXT = re.compile(r"\bm0(?:-|sk_)[A-Za-z0-9_\-]{16,}")
