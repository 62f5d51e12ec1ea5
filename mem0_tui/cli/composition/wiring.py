"""The composition root: settings become a backend, a journal and a curator, here and nowhere else.

What a command does not need is not imported: a local listing loads neither httpx nor numpy.
"""

from __future__ import annotations

import asyncio
import os
import shlex
from argparse import Namespace
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import field, replace
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from mem0_tui.cli.composition.chosen import settings_of
from mem0_tui.cli.composition.places import roots_of
from mem0_tui.cli.composition.recorded import RecordedEvidence
from mem0_tui.cli.rendering.output import Output
from mem0_tui.cli.waiting import PATIENCE, Deadline, narrated
from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.errors import ReadOnlyError, SettingsError, UnfinishedError, UsageError
from mem0_tui.model.late import late_dataclass
from mem0_tui.settings.locations import tilde
from mem0_tui.settings.schema import DETECT, Settings, Source

if TYPE_CHECKING:
    from mem0_tui.backends.base import Backend
    from mem0_tui.backends.paging.waits import Waits
    from mem0_tui.backends.registry import BackendOptions
    from mem0_tui.curator.service import Curator
    from mem0_tui.store.embedding.minilm.sentences import MiniLM


_MAKES_A_STORE = ("add", "import", "apply")
"""Commands that have something to do where there is no store yet, as ``backup --restore`` has."""


@late_dataclass(frozen=True)
class Workspace:
    """What one command works with."""

    settings: Settings
    backend: Backend
    curator: Curator
    output: Output
    recorded: RecordedEvidence
    clock: Clock = field(default_factory=SystemClock)
    deadline: Deadline = field(default_factory=Deadline)

    def now(self) -> datetime:
        """The current moment."""
        return self.clock.now()

    @property
    def page_size(self) -> int:
        """The most memories of one page."""
        return self.backend.capabilities.page_size

    @property
    def where(self) -> str:
        """Which memories these are, as a person would say it."""
        return where(self.settings)

    @property
    def backend_document(self) -> dict[str, object]:
        """Which memories these are, for ``--json``."""
        settings = self.settings
        return {
            "name": settings.backend,
            "target": settings.server or str(settings.store),
            "read_only": settings.read_only,
            "demo": settings.demo,
        }

    def command(self, words: str) -> str:
        """A command line that means *words* for the same memories: what hints name."""
        options = ["--demo"] if self.settings.demo else []
        for name in ("backend", "url", "command", "store", "profile"):
            origin = self.settings.origins.get(name)
            if origin and origin.source is Source.OPTION and not self.settings.demo:
                options.append(f"--{name} {shlex.quote(str(getattr(self.settings, name)))}")
        if str(self.settings.origins.get("read_only")) == "--write":
            options.append("--write")
        return " ".join(["mem0-tui", *options, words])

    def check_writable(self) -> None:
        """Do nothing if changes are allowed.

        Raises:
            ReadOnlyError: they are not; says where that was set.
        """
        if self.settings.read_only:
            origin = self.settings.origins.get("read_only")
            raise ReadOnlyError(f"{self.where} is read-only ({origin})")


def where(settings: Settings) -> str:
    """Which memories *settings* name, as a person would say it."""
    if settings.demo:
        return "the demo store"
    return f"{settings.backend} {settings.server or tilde(settings.store, os.environ)}"


def run_session(
    work: Callable[[Workspace, Namespace], Awaitable[int]],
) -> Callable[[Namespace], int]:
    """*work* as what a command runs: with everything opened before and closed after."""

    def run(args: Namespace) -> int:
        async def whole() -> int:
            async with session(args) as opened:
                try:
                    async with opened.deadline.limit():
                        return await work(opened, args)
                except UnfinishedError as error:
                    _name_the_way_on(opened, error)
                    raise

        return asyncio.run(whole())

    return run


def _name_the_way_on(session: Workspace, error: UnfinishedError) -> None:
    """Have *error* name the commands for the memories of this session."""
    if not error.running:
        resume = session.command(f"resume {error.transaction_id}")
        error.hint = f"`{resume}` finishes it; `{resume} --leave` closes it as it stands"


@asynccontextmanager
async def session(args: Namespace) -> AsyncIterator[Workspace]:
    """Everything that a command works with, closed at the end.

    Raises:
        SettingsError: the settings are not valid.
        UsageError: there is no store where one was named.
        BackendError: the store, the journal or the server cannot be opened.
    """
    settings = settings_of(args)
    if args.command not in _MAKES_A_STORE and getattr(args, "restore", None) is None:
        _check_store_is_there(settings)
    output: Output = args.output
    _use_color(output, settings)
    for warning in settings.warnings:
        output.warn(warning)
    async with opened(settings, output, embeds=not getattr(args, "keyword", False)) as ready:
        yield ready


def _check_store_is_there(settings: Settings) -> None:
    """Do nothing unless ``--store`` names a file that there is not: a mistyped path is no store."""
    origin = settings.origins.get("store")
    named = origin is not None and origin.source is Source.OPTION and not settings.demo
    if named and settings.backend == "local" and not settings.store.exists():
        path = shlex.quote(str(settings.store))
        raise UsageError(
            f"there is no store at {tilde(settings.store, os.environ)}",
            hint=f"check the path; `mem0-tui add --store {path} TEXT` would make one",
        )


def open_backend(settings: Settings, *, embeds: bool = True, waits: Waits | None = None) -> Backend:
    """The backend that *settings* name; with *embeds* off, the local one searches by words. Its
    requests are noted in *waits* as long as they are not answered.

    Raises:
        SettingsError: the backend needs more than is set.
        StoreError: the embedded store cannot be opened.
        RefusedError: the key would travel unencrypted.
    """
    from mem0_tui.backends import registry

    if settings.backend == "local":
        from mem0_tui.backends.local import LocalBackend
        from mem0_tui.store.store import open_store

        store = open_store(settings.store, actor=settings.scope.user_id)
        return LocalBackend(store, embedder_factory=embedder if embeds else None)

    return registry.open_backend(settings.backend, backend_options(settings, waits))


@cache
def embedder() -> MiniLM:
    """The embedding model of this process, loaded when it is first asked for."""
    from mem0_tui.store.embedding.embedder import load_embedder

    return load_embedder()


def backend_options(settings: Settings, waits: Waits | None = None) -> BackendOptions:
    """*settings* as the registry of backends takes them."""
    from mem0_tui.backends.codexmemories.writing import COPIES_FOLDER
    from mem0_tui.backends.registry import BackendOptions

    return BackendOptions(
        url=settings.url,
        command=settings.command_words,
        api_key=settings.api_key,
        store_path=settings.store,
        timeout=settings.timeout,
        allow_plain_http=settings.allow_plain_http,
        actor=settings.scope.user_id,
        codex_home=settings.codex_home,
        state=settings.journal.parent / COPIES_FOLDER,
        waits=waits,
    )


async def with_known_kind(settings: Settings, waits: Waits | None = None) -> Settings:
    """*settings* with the kind of server that answers at their URL, where it was left open.

    Raises:
        SettingsError: what answers is no Mem0 server.
        NetworkError: nobody answers.
    """
    if settings.backend != DETECT or settings.url is None:
        return settings
    from mem0_tui.backends.registry import detect

    kind = await detect(settings.url, backend_options(settings, waits))
    if kind is None:
        raise SettingsError(
            f"what answers at {settings.url} is not a Mem0 server that this version knows",
            hint="check the URL, or name the kind with --backend",
        )
    return replace(settings, backend=kind)


@asynccontextmanager
async def opened(
    settings: Settings, output: Output, *, embeds: bool = True
) -> AsyncIterator[Workspace]:
    """The backend, journal and curator of *settings*, closed at the end. Waiting for a server is
    told of on stderr."""
    if settings.backend == "local":
        async with _opened(settings, output, None, embeds=embeds) as session:
            yield session
        return
    from mem0_tui.backends.paging.waits import Waits

    waits = Waits()
    async with narrated(output, waits), _opened(settings, output, waits) as session:
        yield session


@asynccontextmanager
async def _opened(
    settings: Settings, output: Output, waits: Waits | None, *, embeds: bool = True
) -> AsyncIterator[Workspace]:
    from mem0_tui.curator.service import Curator
    from mem0_tui.store.journal.journal import Journal

    settings = await with_known_kind(settings, waits)
    deadline = Deadline(None if waits is None else settings.timeout * PATIENCE)
    clock = SystemClock()
    backend = open_backend(settings, embeds=embeds, waits=waits)
    try:
        journal = Journal(settings.journal, clock=clock, tolerant=True)
        try:
            curator = Curator(
                backend,
                journal,
                clock=clock,
                read_only=settings.read_only,
                snapshot_folder=settings.snapshots,
                roots=partial(roots_of, settings),
            )
            recorded = RecordedEvidence(settings, backend, output, clock)
            curator.recorded = recorded.told
            try:
                yield Workspace(settings, backend, curator, output, recorded, clock, deadline)
            finally:
                recorded.close()
        finally:
            journal.close()
    finally:
        await backend.aclose()


def _use_color(output: Output, settings: Settings) -> None:
    """Let the setting decide where neither an option nor the environment does."""
    if settings.color != "auto":
        output.color = output.color_stderr = settings.color == "always"
