"""What the snapshots and the screenshots show: the app on made-up memories, always the same.

The clock stands still, the memories come from a seed, nothing moves, and no path is real.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import patch

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from mem0_tui.backends.http.request_log import RequestLogEntry
from mem0_tui.codex.prompt.block import PromptBlock, PromptEntry, SourcePreview
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.evidence.event import FoundKind, FoundSource
from mem0_tui.evidence.origin import STORED, Origin
from mem0_tui.evidence.sessions import CodexSession, SessionFile, SessionTurn
from mem0_tui.evidence.terms import meaning_of
from mem0_tui.evidence.transcript import Step, TurnText
from mem0_tui.evidence.use import Coverage, Use, UseRow
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import Query
from mem0_tui.presenting.prompt import preview_lines
from mem0_tui.presenting.spans import Line
from mem0_tui.presenting.use import met_in, origin_lines
from mem0_tui.settings.load import load
from mem0_tui.settings.locations import locations
from mem0_tui.store.journal.audits import Audits
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.scope_list import ScopeList
from tests.codex.homes import Home
from tests.codex.scenarios import ALL
from tests.tui.harness import Bench, bench, browse, find, press, settle

Scene: TypeAlias = Callable[[Pilot[Any], Bench], Awaitable[None]]

INSTALL = "h_seed_full"
"""The scenario that the install sidebar shows: every hook runs twice."""


@contextlib.contextmanager
def stage(folder: Path, *, count: int = 60) -> Iterator[Bench]:
    """A store with *count* demo memories, and an install in which something is wrong."""
    home = Home(folder / "machine")
    next(scenario for scenario in ALL if scenario.name == INSTALL).build(home)
    report = home.report()
    with bench(folder, count=count) as desk, _no_blinking():
        parts = replace(
            desk.parts,
            title="local",
            target="~/.local/share/mem0-tui/memories.db",
            doctor=lambda: report,
            searches={"Auth": "auth type:decision"},
        )
        yield replace(desk, parts=parts)


@contextlib.contextmanager
def _no_blinking() -> Iterator[None]:
    """Cursors that stay as they are when they get the focus."""
    with (
        patch.object(Input, "_toggle_cursor", lambda _self: None),
        patch.object(TextArea, "_toggle_cursor_blink_visible", lambda _self: None),
    ):
        yield


def still(app: Mem0App) -> Mem0App:
    """*app* without anything that moves."""
    app.animation_level = "none"
    return app


async def perform(scene: Scene, desk: Bench, pilot: Pilot[Any]) -> None:
    """Lead the app to *scene* and hold it there."""
    await settle(pilot)
    await scene(pilot, desk)
    await settle(pilot)
    pilot.app.clear_notifications()
    await settle(pilot)


async def main(pilot: Pilot[Any], _desk: Bench) -> None:
    """Some marked, some staged, the cursor on a memory with a history."""
    await press(pilot, "j", "j", "space", "space", "j", "d", "P", "k", "k")
    await press(pilot, "U", "j", "space")


async def plan(pilot: Pilot[Any], _desk: Bench) -> None:
    await find(pilot, "type:decision -pinned:yes")
    await press(pilot, "d", "j", "t")
    pilot.app.screen.query_one(Input).value = "convention"
    await press(pilot, "enter", "j", "e")
    area = pilot.app.screen.query_one("#edit-text", TextArea)
    area.text = area.text.replace("the", "every", 1) + " Agreed in November."
    await press(pilot, "ctrl+s", "a", "j", "j")


async def edit(pilot: Pilot[Any], _desk: Bench) -> None:
    await find(pilot, "type:decision -pinned:yes")
    await press(pilot, "e")
    area = pilot.app.screen.query_one("#edit-text", TextArea)
    area.text = area.text.replace(" is ", " was ", 1) + " Checked again."
    pilot.app.screen.query_one("#edit-type", Input).value = "convention"
    pilot.app.screen.query_one("#edit-expires", Input).value = "2027-03-31"


async def merge(pilot: Pilot[Any], _desk: Bench) -> None:
    await find(pilot, "type:decision -pinned:yes")
    await press(pilot, "space", "space", "space", "M", "down", "down", "right", "space")
    area = pilot.app.screen.query_one("#merge-text", TextArea)
    area.text = area.text.replace("The other", "All other", 1) + " Checked again."


async def report(pilot: Pilot[Any], desk: Bench) -> None:
    await find(pilot, "type:decision -pinned:yes")
    changed = browse(pilot.app).memories.current  # type: ignore[arg-type]
    assert changed is not None
    await press(pilot, "d", "d", "a")
    await desk.backend.update(changed.id, Edit(text="somebody else was here"))
    await press(pilot, "y")


async def scope_delete(pilot: Pilot[Any], _desk: Bench) -> None:
    await press(pilot, "1")
    tree = pilot.app.screen.query_one(ScopeList)
    while tree.current is None or tree.current.id != "infra":
        await press(pilot, "j")
    await press(pilot, "D", "n")
    pilot.app.screen.query_one(Input).value = "app:inf"


async def keys(pilot: Pilot[Any], _desk: Bench, *, pressed: tuple[str, ...]) -> None:
    await press(pilot, *pressed)


async def palette(pilot: Pilot[Any], _desk: Bench) -> None:
    await press(pilot, "ctrl+p")
    pilot.app.screen.query_one(Input).value = "user:kim"
    await settle(pilot)


async def trash(pilot: Pilot[Any], _desk: Bench) -> None:
    await find(pilot, "type:decision -pinned:yes")
    await press(pilot, "d", "d", "d", "a", "y", "T", "space")


async def command(pilot: Pilot[Any], _desk: Bench) -> None:
    await press(pilot, "colon")
    pilot.app.screen.query_one(CommandLine).input.value = "trahs"
    await press(pilot, "enter")


async def searched(pilot: Pilot[Any], _desk: Bench, *, query: str) -> None:
    await find(pilot, query)


async def meaning(pilot: Pilot[Any], _desk: Bench) -> None:
    await press(pilot, "slash", "tab")
    await find(pilot, "where are the tokens signed")
    await press(pilot, "enter")


async def prompted(pilot: Pilot[Any], desk: Bench) -> None:
    """What Codex would be given, with a delete staged."""
    del desk
    await press(pilot, "d", "I")
    await press(pilot, *("space" if c == " " else c for c in "where do the orders live"))
    await press(pilot, "enter")
    await settle(pilot)


def given(prompt: str, *, plan: Plan | None) -> list[Line]:
    """Two made-up sources, one of which loses its first memory to a plan."""
    heading = "Mem0 found these relevant memories from earlier work in this repository:"
    notes = ("Orders live in PostgreSQL", "Prices are integers of cents", "Kim likes small commits")

    def block(texts: tuple[str, ...]) -> PromptBlock:
        lines = [f"{rank}. {text}" for rank, text in enumerate(texts, 1)]
        entries = [PromptEntry(rank, f"id{text[:2]}", text) for rank, text in enumerate(texts, 1)]
        return PromptBlock("\n".join([heading, *lines]), tuple(entries))

    after = None if plan is None else block(notes[1:])
    why = PromptBlock(nothing="there is no summary yet")
    found = [
        SourcePreview("codex", "/home/kim/.codex/memories/memory_summary.md", "start", why),
        SourcePreview("plugin-0.3", "mem0@mem0-plugins", "prompt", block(notes), after),
    ]
    return list(preview_lines(found, "/home/kim")) if prompt else []


class MadeUpSessions:
    """One made-up session, in which every memory was stored."""

    async def use(self, memory: Memory) -> Use:
        del memory
        return Use(3, DEMO_NOW, ("01a22cf7-0134-7500-81a1-f26b23bd8024",), best_rank=1, cited=1)

    async def uses(self, memories: Sequence[Memory]) -> Mapping[str, Use]:
        return {memory.id: await self.use(memory) for memory in memories}

    async def order(self) -> Sequence[str]:
        return ()

    async def told(self, query: Query) -> Query:
        return query

    async def origin(self, memory: Memory) -> Origin:
        session = CodexSession(
            *("01a22cf7-0134-7500-81a1-f26b23bd8024", "", "", "", ""),
            started=DEMO_NOW,
            seen=DEMO_NOW,
            folder="/home/kim/src/shop-api",
            branch="main",
            commit="",
            version="0.171.0",
            memory_mode="",
            files=(SessionFile("/", False, ""),),
            rows=(UseRow(memory.id, FoundKind.WRITTEN, FoundSource.TOOL, "", "t2", 0, 0),),
        )
        turns = tuple(SessionTurn(name, DEMO_NOW, "/", 0) for name in ("t1", "t2", "t3"))
        return Origin(STORED, session, turns, 1)

    async def turn(self, origin: Origin, at: int) -> list[Line]:
        assert origin.session is not None
        steps = (
            Step("prompt", "Please make the nightly build of the shop faster."),
            Step("command", "make -j4 nightly"),
            Step("file", "build/nightly.mk"),
            Step("answer", "It takes half the time now: the linker runs once, and all tests pass."),
        )
        turn = origin.turns[at]
        met = [(word, key, None) for word, key in met_in(origin.session, turn)]
        return list(origin_lines(origin, turn, TurnText(steps), met, DEMO_NOW))


class MadeUpUses(MadeUpSessions):
    """Sessions of the last 150 days, which were given every third of these memories."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._uses = {
            id_: Use(1 + at % 5, DEMO_NOW, cited=int(at % 4 == 0))
            for at, id_ in enumerate(sorted(ids)[::3])
        }

    async def told(self, query: Query) -> Query:
        covered = Coverage(DEMO_NOW - timedelta(days=150))
        return query.told(lambda term: meaning_of(term, self._uses, covered, DEMO_NOW))


async def statistics(pilot: Pilot[Any], desk: Bench) -> None:
    """After some weeks of scans, with the cursor on a day before this one."""
    opener = browse(pilot.app).controllers.stats  # type: ignore[arg-type]
    ids = [memory.id for memory in (await desk.store.page(limit=1000)).items]
    opener.parts = replace(opener.parts, recorded=MadeUpUses(ids))
    target = await desk.curator.target()
    for week in range(24):
        clock = FrozenClock(DEMO_NOW - timedelta(weeks=24 - week))
        left = max(0, 18 - week)
        counts = {"inbox": 60 + 12 * week, "repeats": 7 + week // 2, "secrets": left // 3}
        counts |= {"conflicts": week % 5, "instructions": 2, "noise": 4 * left, "stale": week // 4}
        await Audits(desk.curator.journal, target, clock).keep(16 * week, counts)
    await press(pilot, "C", "left", "left", "up")


SCENES: Mapping[str, Scene] = {
    "main": main,
    "plan": plan,
    "edit": edit,
    "merge": merge,
    "report": report,
    "scope-delete": scope_delete,
    "confirm": partial(keys, pressed=("d", "d", "q")),
    "prompt": partial(keys, pressed=("t",)),
    "help": partial(keys, pressed=("question_mark",)),
    "palette": palette,
    "trash": trash,
    "log": partial(keys, pressed=("at",)),
    "settings": partial(keys, pressed=("comma",)),
    "stats": statistics,
    "given": prompted,
    "origin": partial(keys, pressed=("O",)),
    "welcome": partial(keys, pressed=()),
    "command": command,
    "query-error": partial(searched, query="type:decision created:yesterdayish"),
    "words": partial(searched, query="deploy type:decision,task_learning"),
    "meaning": meaning,
    "nothing": partial(searched, query="no such words anywhere"),
    "read-only": partial(keys, pressed=("d",)),
}


def parts_of(name: str) -> dict[str, Any]:
    """What the app of a scene has that the others have not."""
    if name == "log":
        return {"requests": lambda: REQUESTS}
    if name == "given":
        return {"prompt": given}
    if name == "origin":
        return {"recorded": MadeUpSessions()}
    if name == "settings":
        environ = {"HOME": "/home/kim", "MEM0_TUI_TIMEOUT": "12", "MEM0_API_KEY": "m0-" + "x" * 40}
        # No settings file is read, not even where somebody's home is that of the scene.
        places = locations(environ, "linux")._replace(config=Path("/nowhere"))
        return {"settings": load({"user_id": "kim"}, environ=environ, places=places)}
    if name == "welcome":
        return {"first_run": True}
    if name == "read-only":
        target = "https://api.mem0.ai"
        return {"read_only": True, "remote": True, "title": "platform", "target": target}
    return {}


REQUESTS = (
    RequestLogEntry("GET", "/v1/ping/", 200, 31.0, 1, DEMO_NOW, None),
    RequestLogEntry("POST", "/v3/memories/?page=1&page_size=100", 200, 212.0, 1, DEMO_NOW, None),
    RequestLogEntry("POST", "/v3/memories/?page=2&page_size=100", 429, 40.0, 2, DEMO_NOW, None),
    RequestLogEntry("GET", "/v1/entities/", None, 10000.0, 3, DEMO_NOW, "timed out"),
)
