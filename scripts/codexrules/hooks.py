"""Measures hooks.json: what Codex takes in it, and what it makes of each event.

Asked by the app-server's ``hooks/list``, which reads the file anew each time. Codex ignores fields
that it does not know, so the known ones are found by values that none takes. What only counts
within a value (a null inside an MCP tool's ``input``) and the form of a matcher are not measured:
both are whole grammars.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.codexrules.judge import Judge
from scripts.codexrules.probe import LEAST, MOST, Rules
from scripts.codexrules.session import Ended, Refused, Session

SAMPLES: dict[str, object] = {
    "s": "zz",
    "b": True,
    "i": 1,
    "f": 1.5,
    "a": [],
    "t": {},
    "n": None,
}
"""A value of each kind that JSON has; ``n`` is null."""

_WORDS = re.compile(r"unknown variant `zz`, expected (?:one of )?(.*)")
_MISSING = re.compile(r"missing field `([^`]+)`")
_CAMEL = re.compile(rb"[a-z]+(?:[A-Z][a-z]+|_[a-z]+)*")
_NEAR = 250
_NEITHER: tuple[object, ...] = ([[]], {"zz": [[]]})
"""Values that no field takes: one for those that are no lists, one for those that are."""
_LONG = 1_000_000
_COMMAND = {"type": "command", "command": "true"}
_SEEDS = (
    "async additionalContextLimit allowedEnvVars args command commandWindows command_windows cwd"
    " env headers if input matcher model name once prompt server shell statusMessage status_message"
    " timeout timeoutMs timeoutSec tool url"
)


def hooks(judge: Judge) -> Rules:
    """The rules of ``file``, ``group``, each type of handler and each of ``events``."""
    asked = Asked(judge, _names(judge.program))
    try:
        events = asked.events()
        asked.event = next(e for e in asked.known if events[f"events.{e}"].get("limited"))
        return {**asked.file(), **asked.handlers(), **events}
    finally:
        asked.session.close()


def _names(program: str) -> list[str]:
    """Names that a handler may have: those beside one that every version knows."""
    data = Path(program).read_bytes()
    found = set(_SEEDS.split())
    for match in re.finditer(rb"statusMessage", data):
        near = data[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        for run in _CAMEL.findall(near):
            parts = re.findall(rb"[A-Z_]?[a-z]+", run)
            for start in range(len(parts)):
                for end in range(start + 1, min(len(parts), start + 4) + 1):
                    name = b"".join(parts[start:end])
                    # What stands before it is often run together with it: cut at every letter.
                    found |= {name[cut:].decode() for cut in range(len(parts[start]))}
    return sorted(name for name in found if name[0].islower() and 2 <= len(name) <= 30)


class Asked:
    """Codex, asked about hooks.json files in one home."""

    def __init__(self, judge: Judge, names: list[str]) -> None:
        self.judge, self.home, self.names = judge, judge.home(), names
        (self.home / "config.toml").write_text("[hooks]\n")
        self.session: Session = judge.session(self.home)
        shown = self.session.ask("config/read")["config"]["hooks"]
        self.known = [name for name, value in shown.items() if isinstance(value, list)]
        """The events in Codex's order."""
        self.event = self.known[0]
        """The one at which handlers are tried."""

    def listed(self, document: object) -> Mapping[str, Any]:
        """``hooks/list`` of a hooks.json that holds *document*, its members on lines of their own.

        Raises:
            Refused: Codex cannot list them.
        """
        try:
            return self._listed(document)
        except Ended:  # what *document* made it do, it does again; what else ended it is over
            return self._listed(document)

    def _listed(self, document: object) -> Mapping[str, Any]:
        if self.session.ended:
            self.session.close()
            self.session = self.judge.session(self.home)
        (self.home / "hooks.json").write_text(json.dumps(document, indent=1))
        data = self.session.ask("hooks/list", {"cwds": [str(self.home)]})["data"]
        found: Mapping[str, Any] = data[0]
        return found

    def refusal(self, document: object) -> str | None:
        """Why Codex takes nothing of *document*, None where it takes it."""
        try:
            said = self.listed(document)["warnings"]
        except Refused as error:
            return str(error)
        return next((line for line in said if "failed to parse" in line), None)

    def kinds(self, place: Any) -> str:
        """The kinds of value that are taken where *place* puts them."""
        return "".join(k for k, value in SAMPLES.items() if self.refusal(place(value)) is None)

    def file(self) -> Rules:
        closed = self.refusal({"zz_unknown": 1}) is not None
        top = {"is": self.kinds(lambda value: value), **({"closed": True} if closed else {})}
        group = self.kinds(lambda value: _file(self.event, value))
        return {
            "file": top,
            "file.description": {"is": self.kinds(lambda value: {"description": value})},
            "file.hooks": {"is": self.kinds(lambda value: {"hooks": value}), "events": self.known},
            "group": {"is": group},
            "group.matcher": {
                "is": self.kinds(lambda value: _file(self.event, {"matcher": value}))
            },
            "group.hooks": {
                "is": self.kinds(lambda value: _file(self.event, {"hooks": value})),
            },
        }

    def handlers(self) -> Rules:
        words = _WORDS.search(self.refusal(self.handler({"type": "zz"})) or "")
        types = re.findall(r"`([^`]+)`", words[1]) if words else []
        found: Rules = {"handler.type": {"is": "s", "words": sorted(types)}}
        for kind in types:
            needs = self.needs({"type": kind})
            rule: dict[str, Any] = {"is": "t"}
            if needs:
                rule["needs"] = sorted(needs)
            whole = {"type": kind, **dict.fromkeys(needs, "true")}
            if not self.listed(self.handler(whole))["hooks"]:
                rule["skipped"] = True
            found[kind] = rule
            for name in sorted({*needs, *self.fields(whole)}):
                found[f"{kind}.{name}"] = self.field(whole, name)
        return found

    def handler(self, handler: object) -> dict[str, Any]:
        return _file(self.event, {"hooks": [handler]})

    def needs(self, handler: Mapping[str, object]) -> list[str]:
        """The fields without which Codex does not take *handler*."""
        found: list[str] = []
        while missing := _MISSING.search(
            self.refusal(self.handler({**handler, **dict.fromkeys(found, "true")})) or ""
        ):
            found.append(missing[1])
        return found

    def fields(self, whole: Mapping[str, object]) -> set[str]:
        """The names of fields of which some value makes Codex refuse the handler *whole*."""
        found: set[str] = set()
        for value in _NEITHER:
            parts = [[name for name in self.names if name not in whole]]
            while parts:
                part = parts.pop()
                if not self.refusal(self.handler({**whole, **dict.fromkeys(part, value)})):
                    continue
                if len(part) > 1:
                    parts += [part[: len(part) // 2], part[len(part) // 2 :]]
                else:
                    found |= {*part}
        return found

    def field(self, whole: Mapping[str, object], name: str) -> dict[str, Any]:
        def place(value: object) -> dict[str, Any]:
            return self.handler({**whole, name: value})

        rule: dict[str, Any] = {"is": self.kinds(place)}
        if "i" in rule["is"]:
            edges = [n for n in (LEAST, -1, 0, 1, MOST, MOST + 1) if self.refusal(place(n)) is None]
            if min(edges) > LEAST:
                rule["min"] = min(edges)
            if max(edges) <= MOST:
                rule["max"] = max(edges)
        return rule

    def events(self) -> Rules:
        """What Codex makes of the same handler at each event."""
        plain, long = self.made(_COMMAND), self.made({**_COMMAND, "timeout": _LONG})
        limited = self.made({**_COMMAND, "additionalContextLimit": 5})
        found: Rules = {}
        for event in self.known:
            rule: dict[str, Any] = {"is": "a", "timeout": plain[event]["timeoutSec"]}
            if plain[event]["matcher"] is None:
                rule["unmatched"] = True
            if long[event]["timeoutSec"] < _LONG:
                rule["longest"] = long[event]["timeoutSec"]
            if limited[event].get("additionalContextLimit") is not None:
                rule["limited"] = True
            found[f"events.{event}"] = rule
        return found

    def made(self, handler: Mapping[str, object]) -> dict[str, Mapping[str, Any]]:
        """What Codex lists of *handler* for each event."""
        groups = {event: [{"matcher": "x", "hooks": [handler]}] for event in self.known}
        listed = {
            hook["eventName"].lower(): hook for hook in self.listed({"hooks": groups})["hooks"]
        }
        return {event: listed[event.lower()] for event in self.known}


def _file(event: str, group: object) -> dict[str, Any]:
    return {"hooks": {event: [group]}}
