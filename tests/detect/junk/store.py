"""Makes the memories, each with what a careful person would say of it.

Equal seeds give equal memories. Whoever labels a memory knows how it was made; no detector is
asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count, cycle
from random import Random
from string import ascii_letters, ascii_uppercase, digits
from typing import Any
from uuid import UUID

from mem0_tui.demo import decisions, habits, learnings, surroundings
from mem0_tui.demo.bulk import sentence
from mem0_tui.demo.note import Note
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from tests.detect.junk import wording

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SIZE = 10_134
KEEPERS = 304
_SESSIONS = 60
_TURNS = 40
_CLUSTERS = 284
_OLDER = 40
_PROFILES = tuple(note for n, note in enumerate(surroundings.PROFILES) if n != 2)
_OLD_PROFILE = surroundings.PROFILES[2]
_WORTH_KEEPING = (
    *decisions.NOTES,
    *learnings.NOTES,
    *learnings.BUG_FIXES,
    *habits.CONVENTIONS,
    *habits.PREFERENCES,
    *habits.ANTI_PATTERNS,
    *surroundings.ENVIRONMENTAL,
    *(
        note
        for note in surroundings.UNTYPED
        if not note.text.startswith(("User asked", "The user"))
    ),
)
_MORE = (
    "The label printer in hall 2 takes ZPL only; PDFs have to be converted by labels-svc.",
    "Returns from Switzerland need a customs form; the worker prints it when country is CH.",
    "The nightly export must be done by 05:30, when the accountants' import begins.",
    "Carrier codes in the catalogue are upper case; the carrier's API wants them in lower case.",
    "The demo tenant is reset on Sundays; nothing in it survives a week.",
)
"""Facts in place of those of the demo that are none."""


class Worth(StrEnum):
    """What a careful person would say."""

    KEEP = "keep"
    """Worth keeping."""
    NEWEST = "newest"
    """The newest note that a program wrote of a session, which stands for the others."""
    OLDER = "older"
    """Said something once that has another value now: for a person to decide."""
    JUNK = "junk"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A memory, and what it is."""

    memory: Memory
    worth: Worth
    sort: str
    """Who makes memories such as this one, or what they are."""


def junk_store(seed: int = 5) -> list[Labelled]:
    """All of them, in no telling order."""
    made = list(_Maker(seed).all())
    Random(f"{seed}/order").shuffle(made)
    return made


class _Maker:
    def __init__(self, seed: int) -> None:
        self._random = Random(f"{seed}/junk")
        self._moments = count()
        self._sessions = {self._id(): self._app() for _ in range(_SESSIONS)}

    def all(self) -> Iterator[Labelled]:
        kept = list(self._keepers())
        assert len(kept) == KEEPERS
        yield from kept
        facts = [each for each in kept if each.sort == "fact"]
        made: list[Labelled] = []
        for part in (
            self._turns(),
            self._states(240),
            self._older(facts[-_OLDER:]),
            self._said_again(facts[:_CLUSTERS]),
            self._recalled(facts, 700),
            self._simple("heartbeat", wording.HEARTBEATS, 450),
            self._simple("probe", wording.PROBES, 120),
            self._simple("prompt", wording.PROMPTS, 350),
            self._simple("made up", wording.MADE_UP, 200),
            self._simple("secret", wording.SECRETS, 40),
            self._expired(60),
            self._imports(900),
        ):
            made += part
        yield from made
        yield from self._restated(SIZE - KEEPERS - len(made))

    # -- what is worth keeping

    def _keepers(self) -> Iterator[Labelled]:
        stored = {"confidence": 1.0, "source": "remember_command", "branch": "main"}
        for note in _WORTH_KEEPING:
            metadata = {"type": note.type, **stored} if note.type else stored
            yield self._made(note.text, Worth.KEEP, "fact", metadata, app=note.app)
        for text in _MORE:
            metadata = {"type": "environmental", **stored}
            yield self._made(text, Worth.KEEP, "fact", metadata, app="warehouse")
        for note in _PROFILES:
            yield self._profile(note, Worth.KEEP, timedelta(hours=1))

    def _older(self, facts: Sequence[Labelled]) -> Iterator[Labelled]:
        """The same with an earlier number."""
        for each in facts:
            text, changed = re.subn(
                r"\d+", lambda n: str(int(n.group()) + 1), each.memory.text, count=1
            )
            if changed:
                made = replace(each.memory, id=self._id(), text=text)
                yield Labelled(self._dated(made, NOW - timedelta(days=170)), Worth.OLDER, "older")

    # -- junk

    def _turns(self) -> Iterator[Labelled]:
        for number, (session, app) in enumerate(self._sessions.items()):
            begun = NOW - timedelta(days=2 + number)
            for turn in range(_TURNS):
                text = sentence("session_summary", self._random)
                worth = Worth.NEWEST if turn == _TURNS - 1 else Worth.JUNK
                metadata = self._hook("session_summary", "stop-hook", session)
                made = self._made(text, worth, "turn", metadata, app=app, run=session)
                yield replace(
                    made, memory=self._dated(made.memory, begun + timedelta(minutes=turn))
                )

    def _states(self, number: int) -> Iterator[Labelled]:
        for n in range(number):
            goal, done, open_ = (sentence("task_learning", self._random)[:-1] for _ in range(3))
            text = wording.STATES[n % len(wording.STATES)].format(goal=goal, done=done, open=open_)
            session, app = list(self._sessions.items())[n % _SESSIONS]
            metadata = self._hook("session_state", "pre-compaction", session)
            worth = Worth.NEWEST if n < _SESSIONS else Worth.JUNK
            made = self._made(text, worth, "state", metadata, app=app)
            yield replace(
                made, memory=self._dated(made.memory, NOW - timedelta(days=70, minutes=n))
            )

    def _said_again(self, facts: Sequence[Labelled]) -> Iterator[Labelled]:
        ways = cycle(wording.SAID_AGAIN)
        for each in facts:
            for _ in range(self._random.choice((1, 1, 2, 2, 3))):
                text = each.memory.text
                said = next(ways).format(
                    text=text,
                    low=_lowered(text),
                    loud=text.replace("'", "’").replace(" - ", " – ").replace(", ", " , "),
                    bare=text.rstrip("."),
                )
                scope = each.memory.scope
                yield self._made(said, Worth.JUNK, "said again", self._captured(), app=scope.app_id)

    def _recalled(self, facts: Sequence[Labelled], number: int) -> Iterator[Labelled]:
        for n in range(number):
            some = [each.memory.text for each in self._random.sample(list(facts), 3)]
            text = wording.RECALLED[n % len(wording.RECALLED)].format(
                numbered="\n".join(f"{i}. {each}" for i, each in enumerate(some, 1)),
                dashed="\n".join(f"- {each}" for each in some),
                inline=" / ".join(some),
                app=self._app(),
            )
            yield self._made(text, Worth.JUNK, "recalled", self._captured())

    def _simple(self, sort: str, ways: Sequence[str], number: int) -> Iterator[Labelled]:
        for n in range(number):
            text = ways[n % len(ways)].format_map(_Parts(self._random, n))
            yield self._made(text, Worth.JUNK, sort, self._captured() if n % 3 else {})

    def _expired(self, number: int) -> Iterator[Labelled]:
        for n in range(number):
            made = self._made(sentence("auto_capture", self._random), Worth.JUNK, "expired", {})
            day = (NOW - timedelta(days=1 + n)).date()
            yield replace(made, memory=replace(made.memory, expires_on=day))

    def _imports(self, number: int) -> Iterator[Labelled]:
        """The files of every session before the last one, imported anew each time."""
        for n in range(number):
            note = (*_PROFILES, _OLD_PROFILE)[n % (len(_PROFILES) + 1)]
            yield self._profile(note, Worth.JUNK, timedelta(days=1 + n % 60, minutes=n))

    def _restated(self, number: int) -> Iterator[Labelled]:
        rules = [
            (line.lstrip("- "), note.app)
            for note in _PROFILES
            for line in note.text.split("\n")
            if line.startswith("- ") or (line.count(" ") > 3 and not line.startswith("#"))
        ]
        for n in range(number):
            rule, app = rules[n % len(rules)]
            text = self._random.choice(wording.BOOT_RESTATED).format(rule=rule, app=app)
            metadata = self._captured() if self._random.random() < 0.7 else {}
            yield self._made(text, Worth.JUNK, "boot file restated", metadata, app=app)

    # -- parts

    def _profile(self, note: Note, worth: Worth, age: timedelta) -> Labelled:
        metadata = {"type": "project_profile", "branch": "main", **note.extra}
        made = self._made(note.text, worth, "boot file", metadata, app=note.app)
        return replace(made, memory=self._dated(made.memory, NOW - age))

    def _made(
        self,
        text: str,
        worth: Worth,
        sort: str,
        metadata: dict[str, Any],
        *,
        app: str | None = None,
        run: str | None = None,
    ) -> Labelled:
        scope = Scope(user_id="kim", app_id=app or self._app(), run_id=run)
        created = NOW - timedelta(
            days=1 + 150 * self._random.random(), microseconds=next(self._moments)
        )
        memory = Memory(self._id(), text, scope, metadata, created_at=created, updated_at=created)
        return Labelled(memory, worth, sort)

    def _dated(self, memory: Memory, moment: datetime) -> Memory:
        return replace(memory, created_at=moment, updated_at=moment)

    def _captured(self) -> dict[str, Any]:
        session = self._random.choice(list(self._sessions))
        return {**self._hook("auto_capture", "auto_capture", session), "confidence": 0.7}

    def _hook(self, type_: str, source: str, session: str) -> dict[str, Any]:
        return {"type": type_, "source": source, "session_id": session, "branch": "main"}

    def _app(self) -> str:
        return self._random.choice(("shop-api", "shop_api", "Shop API", "infra", "mobile"))

    def _id(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))


class _Parts(dict[str, str]):
    """What the braces of a wording are filled with."""

    def __init__(self, random: Random, number: int) -> None:
        super().__init__(n=str(number), clock=f"{number % 24:02}:{number * 7 % 60:02} UTC")
        self._random = random

    def __missing__(self, key: str) -> str:
        name, length = key.rstrip(digits), int(key[len(key.rstrip(digits)) :])
        letters = {
            "random": ascii_letters + digits,
            "upper": ascii_uppercase + digits,
            "digits": digits,
        }
        return "".join(self._random.choices(letters[name], k=length))


def _lowered(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
