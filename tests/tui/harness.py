"""What tests of the screen start from: the app on a real store, journal and curator."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerCancelled

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.backends.local import LocalBackend
from mem0_tui.codex import diagnose, scan
from mem0_tui.curator.purge.carry_out import Purger
from mem0_tui.curator.purge.evidence import Roots
from mem0_tui.curator.service import Curator
from mem0_tui.demo.generator import DEMO_NOW, generate
from mem0_tui.detect.review_queues import ReviewQueues
from mem0_tui.detect.source import LibrarySource
from mem0_tui.model.clock import FrozenClock
from mem0_tui.store import changes
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.rows import row_of
from mem0_tui.store.store import MemoryStore, open_store
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.parts import Parts
from mem0_tui.tui.screens.browse import BrowseScreen
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.pilot_waits import is_to_be_drawn

SIZE = (120, 36)
handled: list[Message] = []
"""The app's own messages whose handlers have not ended yet: no key, worker or queue tells of what
such a handler waits for."""


def tell_what_is_handled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep :data:`handled` up to date from now on."""
    handled.clear()
    dispatch = MessagePump._dispatch_message

    async def handle(pump: MessagePump, message: Message) -> None:
        if not type(message).__module__.startswith("mem0_tui."):
            await dispatch(pump, message)
            return
        handled.append(message)
        try:
            await dispatch(pump, message)
        finally:
            handled[:] = [each for each in handled if each is not message]

    monkeypatch.setattr(MessagePump, "_dispatch_message", handle)


@dataclass(frozen=True, slots=True)
class Bench:
    """A store with the demo set, and what the app is put together from around it."""

    parts: Parts
    store: MemoryStore
    backend: LocalBackend
    curator: Curator
    clock: FrozenClock

    @property
    def store_library(self) -> LocalLibrary:
        """The store's own rows, whatever stands between it and the app."""
        return LocalLibrary(self.store)

    def queues(self, pause: Callable[[], Awaitable[None]]) -> ReviewQueues:
        """What deserves a look among the app's memories, by all detectors that there are."""
        source = LibrarySource(self.parts.library)
        return ReviewQueues(
            source,
            self.curator.verdicts,
            self.clock,
            pause=pause,
            audits=self.curator.audits,
        )

    def app(self, **changes: Any) -> Mem0App:
        """A new app on this store; *changes* replace fields of its parts."""
        return Mem0App(replace(self.parts, **changes))


@contextlib.contextmanager
def bench(folder: Path, *, count: int = 60, seed: int = 7) -> Iterator[Bench]:
    """A store in *folder* with *count* demo memories, all as of ``DEMO_NOW``."""
    clock = FrozenClock(DEMO_NOW)
    (folder / "codex").mkdir(exist_ok=True)
    if not (folder / "memories.db").exists():
        for name, content in _databases(count, seed).items():
            (folder / name).write_bytes(content)
    store = open_store(folder / "memories.db", clock, "kim", durable=False)
    journal = Journal(folder / "journal.db", clock=clock)
    try:
        backend = LocalBackend(store)
        curator = Curator(backend, journal, clock=clock, snapshot_folder=folder / "snapshots")
        parts = Parts(
            library=LocalLibrary(store),
            curator=lambda: curator,
            doctor=lambda: diagnose(
                scan(folder, folder / "codex", folder, {}, system_config=str(folder / "none"))
            ),
            now=clock.now,
            title="demo",
            target="",
            default_user="kim",
            default_app="shop-api",
            takes_categories=lambda: True,
            purger=lambda: Purger(
                curator,
                Roots((folder / "memories.db", folder / "journal.db"), (), temporary=folder),
            ),
        )
        yield Bench(parts, store, backend, curator, clock)
    finally:
        journal.close()
        store.close()


@cache
def _databases(count: int, seed: int) -> Mapping[str, bytes]:
    """A store with *count* demo memories and a journal, by file name: made once, then copied."""
    clock = FrozenClock(DEMO_NOW)
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "memories.db"), Path(folder, "journal.db")
        store = open_store(files[0], clock, "kim", durable=False)
        rows = [row_of(memory, clock) for memory in generate(count, seed, now=DEMO_NOW)]
        author = store.author(None, None)
        store.database.write(lambda c: changes.add(c, rows, author)).result()
        store.close()
        Journal(files[1], clock=clock).close()
        return {file.name: file.read_bytes() for file in files}


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until every worker is done and the screen shows what they brought."""
    app = pilot.app
    for turn in range(6000):
        with contextlib.suppress(WorkerCancelled):
            await app.workers.wait_for_complete()
        await pilot.pause()
        await _turns()
        if not handled and not _under_way(app) and all(each.is_finished for each in app.workers):
            return
        _lay_out(app)
        if handled or turn > 2:  # by a thread, perhaps, which needs time
            await asyncio.sleep(0.01)


async def _turns() -> None:
    """Give every task many turns.

    A message goes from one task to the next, and each of them needs a turn of its own. Where
    others have the processors, a pause of any length may be over after a single turn.
    """
    for _ in range(50):
        await asyncio.sleep(0)


def _under_way(app: App[Any]) -> bool:
    """Whether a key, a message, a movement or a refresh is not done yet, and will be."""
    if app.return_code is not None:
        return False
    if isinstance(app, Mem0App) and (app.keys_under_way or _is_stale(app)):
        return True
    if is_to_be_drawn(app) and not app._batch_count or app._resize_timer is not None:
        return True
    if app.animator._animations or app.animator._scheduled:
        return True
    widgets = (widget for screen in app.screen_stack for widget in screen.walk_children())
    pumps = (app, *app.screen_stack, *widgets)
    if any(pump.message_queue_size or pump._next_callbacks for pump in pumps):
        return True
    return not app._batch_count and any(_is_to_be_laid_out(screen) for screen in _in_sight(app))


def _is_stale(app: Mem0App) -> bool:
    screens = (screen for screen in app.screen_stack if isinstance(screen, BrowseScreen))
    return any(screen.controllers.show.is_stale for screen in screens)


def _in_sight(app: App[Any]) -> list[Screen[Any]]:
    return [screen for screen in app.screen_stack if screen.is_current]


def _is_to_be_laid_out(screen: Screen[Any]) -> bool:
    return bool(screen._layout_required or screen._scroll_required or screen._callbacks)


def _lay_out(app: App[Any]) -> None:
    """Have each screen in sight do now what it would do at its next frame; Textual's own pause
    does so for the uppermost only."""
    for screen in _in_sight(app):
        screen._on_timer_update()


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Wait for what comes with a clock; what never comes is left to the test to tell."""
    for _ in range(600):
        await settle(pilot)
        if condition():
            return
        await pilot.pause(0.05)


async def reached(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Wait for what comes while workers go on; what never comes is left to the test to tell."""
    for _ in range(600):
        if condition():
            return
        await pilot.pause(0.05)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press *keys* as somebody does who looks at what each of them brings."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def find(pilot: Pilot[Any], query: str) -> None:
    """Put *query* into the search box; the cursor is then on the first that matches."""
    pilot.app.screen.query_one(SearchBox).set_text(query)
    await settle(pilot)


def browse(app: Mem0App) -> BrowseScreen:
    """The main screen, wherever in the stack it is."""
    return next(screen for screen in app.screen_stack if isinstance(screen, BrowseScreen))


def focus(app: Mem0App) -> Widget | None:
    """The widget that the keys go to now."""
    return app.focused


def frame_of(app: Mem0App) -> list[str]:
    """The lines of the modal in front, without what is around it."""
    region = app.screen.query_one(".frame").region
    drawn = text_of(app).splitlines()[region.y : region.bottom]
    return [line[region.x : region.right].rstrip() for line in drawn]


def text_of(app: Mem0App) -> str:
    """What the terminal shows, line by line."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.crop(0, width).text for strip in strips[:height])


def notices(app: Mem0App) -> str:
    """What the notices say that are or were shown."""
    return "\n".join(f"{note.title} {note.message}" for note in app._notifications)


def failed(error: Exception) -> asyncio.Future[Any]:
    """What was begun to be read, and cannot be."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    future.set_exception(error)
    return future
