"""The parts of the screen, put together from the settings, each made when it is first used."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING

from mem0_tui.backends.paging.waits import Waits
from mem0_tui.cli.composition.acts import import_acts
from mem0_tui.cli.composition.chosen import screen_target, screen_title
from mem0_tui.cli.composition.own_keys import SettingsFileKeys
from mem0_tui.cli.composition.places import roots_of
from mem0_tui.cli.composition.visit_file import VisitFile
from mem0_tui.cli.composition.wiring import open_backend
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.demo import left_out
from mem0_tui.settings.locations import locations, tilde
from mem0_tui.settings.schema import Settings, Source
from mem0_tui.tui.parts import Parts

if TYPE_CHECKING:
    from mem0_tui.backends.base import Backend
    from mem0_tui.backends.http.request_log import RequestLogEntry
    from mem0_tui.backends.library.entities import Part
    from mem0_tui.backends.library.library import Library
    from mem0_tui.cli.composition.recorded import EvidenceRecords
    from mem0_tui.cli.composition.screen_recorded import ScreenRecorded
    from mem0_tui.codex.live.server_probe import Probe
    from mem0_tui.codex.reach.scope_map import ScopeMap
    from mem0_tui.codex.watch import HealthService
    from mem0_tui.curator.planning.plan import Plan
    from mem0_tui.curator.purge.carry_out import Purger
    from mem0_tui.curator.service import Curator
    from mem0_tui.detect.review_queues import ReviewQueues
    from mem0_tui.evidence.staleness.service import StaleNames
    from mem0_tui.presenting.spans import Line


def make_parts(settings: Settings, *, locked: str = "") -> Parts:
    """What the screen of *settings* is put together from; *locked* says why nothing can be changed
    from it, not even the settings, where that is so.

    Raises:
        SettingsError: they are not valid.
        BackendError: the store cannot be opened, or the server asked.
    """
    session = ScreenSession(settings)
    keys, problem = usable_keys(settings)
    fixed = settings.demo or bool(locked)
    return Parts(
        library=session.library,
        curator=lambda: session.curator,
        doctor=lambda: session.install().report(),
        install=session.install,
        typed_folder=settings.snapshots.parent / "typed",
        now=session.clock.now,
        title=screen_title(settings),
        target=screen_target(settings),
        remote=settings.backend != "local",
        theme=settings.theme,
        read_only=settings.read_only or bool(locked),
        locked=locked,
        takes_categories=session.takes_categories,
        default_user=settings.scope.user_id,
        default_app=settings.scope.app_id,
        last_visit=session.visits.last,
        searches=settings.searches,
        save_search=None if fixed else save_search,
        forget_search=None if fixed else forget_search,
        save_theme=None if fixed else partial(save_theme, settings),
        save_setting=None if fixed else partial(save_setting, settings),
        own_keys=None if fixed else SettingsFileKeys(locations(os.environ).settings_file),
        keymap=keys,
        left_out=(
            *(settings.warnings if settings.demo else ()),
            *problem,
            *session.visits.news("keys", keyless(keys)),
        ),
        settings=settings,
        requests=session.requests,
        queues=session.queues,
        stale_names=lambda: session.stale_names,
        scanned=gc.freeze,  # else each look for garbage would hold the screen up
        purger=session.purger,
        recorded=session.recorded,
        scopes=scope_map,
        prompt=prompt_lines,
        waiting=lambda: session.waits.longest,
        first_run=is_first_run(settings),
        prepare=import_acts,
        started=session.start,
        close=session.aclose,
    )


def scope_map(parts: Iterable[Part]) -> ScopeMap:
    """Who finds which of the memories that *parts* count, in the working folder's repository."""
    from mem0_tui.codex import scan
    from mem0_tui.codex.reach.scope_map import ScopeTally
    from mem0_tui.codex.reach.sources import read_place

    tally = ScopeTally(read_place(scan()))
    for app_id, agent_id, user_id, count in parts:
        tally.add(app_id, agent_id, user_id, count or 0)
    return tally.map()


def prompt_lines(prompt: str, *, plan: Plan | None) -> list[Line]:
    """What Codex would be given for *prompt* in this folder, now and after *plan*."""
    from mem0_tui.cli.composition.planned_state import planned_state
    from mem0_tui.codex import scan
    from mem0_tui.codex.prompt import preview
    from mem0_tui.presenting.prompt import preview_lines

    install = scan()
    found = preview(install, prompt, None if plan is None else planned_state(plan))
    return list(preview_lines(found, install.homes.home))


def usable_keys(settings: Settings) -> tuple[dict[str, str], tuple[str, ...]]:
    """The user's keys, and why there are none: the demo opens also where they are not valid.

    Raises:
        SettingsError: they are not valid, and this is not the demo.
    """
    try:
        return own_keys(settings), ()
    except SettingsError as error:
        if not settings.demo:
            raise
        return {}, (left_out(error, "keys"),)


def keyless(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Which actions have no key, and why, in one sentence each."""
    if "" not in keymap.values():
        return ()
    from mem0_tui.settings.keymap import without_key
    from mem0_tui.tui.keys import bound_actions, key_for, written

    return tuple(
        f"{lost} has no key: your settings give its {written(key)} to {taker}. "
        f"{key_for(lost, keymap)} does it; {lost} under [keys] gives it another key."
        for lost, key, taker in without_key(bound_actions(), keymap)
    )


def own_keys(settings: Settings) -> dict[str, str]:
    """The user's keys by action id, checked.

    Raises:
        SettingsError: an unknown action, a reserved key, or one key for two actions.
    """
    if not settings.keys:
        return {}
    from mem0_tui.settings.document import read_document
    from mem0_tui.settings.keymap import read_keymap
    from mem0_tui.tui.keys import bound_actions, reserved_keys

    document = read_document(locations(os.environ).settings_file)
    file = tilde(document.path, os.environ)

    def place(action_id: str) -> str:
        line = document.line("keys", action_id) or document.line("keys", *action_id.split("."))
        return f"{file}:{line}: {action_id}" if line else f"{file}: {action_id}"

    return read_keymap(settings.keys, bound_actions(), reserved=reserved_keys(), where=place)


def save_search(name: str, query: str) -> None:
    """Keep a saved search for later sessions."""
    from mem0_tui.settings.write import set_search

    set_search(locations(os.environ).settings_file, name, query)


def forget_search(name: str) -> None:
    """Do without a saved search in later sessions."""
    from mem0_tui.settings.write import unset_search

    unset_search(locations(os.environ).settings_file, name)


def save_theme(settings: Settings, name: str) -> None:
    """Keep the theme *name* where the file says the theme: in the profile in use, or for all."""
    save_setting(settings, "theme", name)


def save_setting(settings: Settings, name: str, value: str | None) -> None:
    """Keep *value* where the file sets *name*, in the profile in use or for all; None takes it out.

    Raises:
        SettingsError: it is no such value, or the file cannot be written.
    """
    from mem0_tui.settings.write import set_value, unset_value

    of_profile = settings.origins[name].source is Source.PROFILE
    profile = settings.profile if of_profile else None
    file = locations(os.environ).settings_file
    if value is None:
        unset_value(file, name, profile=profile)
    else:
        set_value(file, name, value, profile=profile)


def is_first_run(settings: Settings) -> bool:
    """Whether nothing is set up: no key, and the settings file chooses a theme at most."""
    set_up = {
        name
        for name, origin in settings.origins.items()
        if origin.source in (Source.FILE, Source.PROFILE) and name != "theme"
    }
    chosen = any(
        settings.origins[name].source is not Source.DEFAULT for name in ("backend", "store")
    )
    return not (settings.demo or settings.api_key or set_up or chosen)


def probe(url: str, headers: Mapping[str, str]) -> Probe:
    """Asks an MCP server for the live check."""
    from mem0_tui.backends.mcp.probe import McpProbe

    return McpProbe(url, headers)


class ScreenSession:
    """The parts behind the screen, each made when it is first used, all closed at the end."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = SystemClock()
        self.waits = Waits()
        self.visits = VisitFile(settings.journal.with_name("visits.json"), self._target())
        self._closing: list[Callable[[], Awaitable[None]]] = []
        self._lock = Lock()
        self._install: HealthService | None = None
        self._indexer: subprocess.Popen[bytes] | None = None

    def _target(self) -> str:
        return f"{self.settings.backend} {self.settings.server or self.settings.store}"

    @cached_property
    def backend(self) -> Backend:
        backend = open_backend(self.settings, waits=self.waits)
        self._closing.append(backend.aclose)
        return backend

    def takes_categories(self) -> bool:
        """Whether the backend can be told what a memory is filed under."""
        from mem0_tui.model.capability import Capability

        return Capability.EDIT_CATEGORIES in self.backend.capabilities

    def install(self) -> HealthService:
        """The doctor of this machine, one for the session; may be asked for from any thread."""
        with self._lock:
            if self._install is None:
                from mem0_tui.cli.rendering.doctor import plain_text
                from mem0_tui.codex.watch import HealthService

                self._install = HealthService(probe, render=plain_text)
            return self._install

    def queues(self, pause: Callable[[], Awaitable[None]]) -> ReviewQueues:
        """What deserves a look among these memories; *pause* lets the screen go first."""
        from mem0_tui.cli.composition.meaning import stored_vectors
        from mem0_tui.detect.review_queues import ReviewQueues
        from mem0_tui.detect.source import LibrarySource

        made = ReviewQueues(
            LibrarySource(self.library),
            self.curator.verdicts,
            self.clock,
            repositories=lambda: self.stale_names,
            records=self._records(),
            vectors=stored_vectors(self.backend),
            pause=pause,
            audits=self.curator.audits,
        )

        async def close() -> None:
            made.close()

        self._closing.append(close)
        return made

    def _records(self) -> EvidenceRecords | None:
        from mem0_tui.cli.composition.recorded import EvidenceRecords

        return None if self.recorded is None else EvidenceRecords(self.recorded.opened)

    @cached_property
    def stale_names(self) -> StaleNames:
        """What compares these memories with git."""
        from mem0_tui.cli.composition.checkouts import stale_names

        recorded = self.recorded
        return stale_names(sessions=lambda id_: None if recorded is None else recorded.session(id_))

    def purger(self) -> Purger:
        """What removes memories for good."""
        from mem0_tui.curator.purge.carry_out import Purger

        return Purger(self.curator, roots_of(self.settings))

    @cached_property
    def library(self) -> Library:
        from mem0_tui.backends.local import LocalBackend

        if isinstance(self.backend, LocalBackend):
            from mem0_tui.backends.library.local import LocalLibrary

            return LocalLibrary(self.backend.store)
        from mem0_tui.backends.library.mirror import MirrorLibrary

        mirror = MirrorLibrary(self.backend, self.clock)
        self._closing.append(mirror.aclose)
        return mirror

    @cached_property
    def curator(self) -> Curator:
        from mem0_tui.curator.service import Curator
        from mem0_tui.store.journal.journal import Journal

        journal = Journal(self.settings.journal, clock=self.clock, tolerant=True)

        async def close_journal() -> None:
            journal.close()

        self._closing.append(close_journal)
        made = Curator(
            self.backend,
            journal,
            clock=self.clock,
            read_only=self.settings.read_only,
            snapshot_folder=self.settings.snapshots,
            roots=partial(roots_of, self.settings),
        )
        made.recorded = self.recorded.told if self.recorded is not None else None
        return made

    @cached_property
    def recorded(self) -> ScreenRecorded | None:
        """What Codex did with these memories, looked up when it is first asked for."""
        from mem0_tui.cli.composition.recorded import open_evidence
        from mem0_tui.cli.composition.screen_recorded import ScreenRecorded

        if self.settings.demo:
            return None
        made = ScreenRecorded(partial(open_evidence, self.settings), self.library, self.clock)
        self._closing.append(made.aclose)
        return made

    @property
    def requests(self) -> Callable[[], Sequence[RequestLogEntry]] | None:
        """Reads the log of requests, where the backend sends any."""
        way = getattr(self.backend, "http", None) or getattr(self.backend, "link", None)
        log = getattr(way, "log", None)
        return (lambda: log.entries) if log is not None else None

    def start(self) -> None:
        """What waits until the first rows are on the screen."""
        gc.freeze()
        gc.enable()
        self.start_indexer()

    def start_indexer(self) -> None:
        """Make embeddings in a process of its own: the model's memory and work stay out of here."""
        if self.settings.backend == "local" and self._indexer is None:
            self._indexer = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "mem0_tui", "index", "--watch"),
                    *("--backend", "local", "--store", str(self.settings.store)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=os.name != "nt",
            )

    async def aclose(self) -> None:
        """Close what was opened, the last first, and remember the visit."""
        self.visits.leave(self.clock.now())
        async with AsyncExitStack() as stack:
            for close in self._closing:
                stack.push_async_callback(close)
            if self._indexer is not None and self._indexer.stdin is not None:
                self._indexer.stdin.close()
