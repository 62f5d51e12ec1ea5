"""Opens the screen: at once with a picture of it, then with everything behind it."""

from __future__ import annotations

import gc
import os
from threading import Thread
from typing import TYPE_CHECKING

from mem0_tui.cli.composition.chosen import screen_target, screen_title, settings_of
from mem0_tui.cli.hangup import end_with_terminal
from mem0_tui.model.clock import SystemClock, today
from mem0_tui.settings.schema import DETECT, Settings
from mem0_tui.web.mode import in_browser, is_locked

if TYPE_CHECKING:
    from argparse import Namespace

    from mem0_tui.store.preview import PreviewRow
    from mem0_tui.tui.app import Mem0App
    from mem0_tui.tui.startup.opened_terminal import OpenedTerminal

_ROWS = 200
"""More than a terminal has lines."""
LOCKED_TAB = "read-only: mem0-tui web --write allows changes"
_PATIENCE = 0.05
"""Seconds that the first frame waits for the rows, which are there long before as a rule."""


def run_screen(args: Namespace) -> int:
    """Run the screen until the user leaves it; returns the exit code."""
    gc.disable()  # until the first rows are there: what start-up makes is there to stay
    settings = settings_of(args)
    for warning in settings.warnings:
        args.output.warn(warning)
    locked = LOCKED_TAB if is_locked(os.environ) else ""
    if settings.backend == DETECT:
        settings = _detected(settings)
    clock = SystemClock()
    preview = StartPreview(settings, clock)

    from mem0_tui.tui.startup.opened_terminal import opened_terminal

    apps: list[Mem0App] = []

    def keep_typed() -> None:
        for app in apps:
            app.keep_typed()

    # From now on: a terminal that goes away over the picture is none that could be watched later.
    end_with_terminal(keep_typed, piped=in_browser(os.environ))
    with opened_terminal(os.environ) as terminal:
        if terminal is not None:
            _show_picture(terminal, settings, preview, clock)
        app = _app(settings, terminal, locked=locked)
        apps.append(app)
        code = app.run()
    from mem0_tui.tui.visits import DEMO_WANTED

    if code == DEMO_WANTED:
        args.demo = True
        return run_screen(args)
    return app.return_code or 0


def _show_picture(
    terminal: OpenedTerminal, settings: Settings, preview: StartPreview, clock: SystemClock
) -> None:
    from mem0_tui.tui.startup.splash import Splash, SplashPicture

    opening = Splash(
        rows=preview.rows(),
        now=clock.now(),
        title=screen_title(settings),
        target=screen_target(settings),
        theme=settings.theme,
        searches=tuple(settings.searches),
        remote=settings.backend != "local",
        read_only=settings.read_only,
    )
    terminal.show(SplashPicture(opening).draw, os.environ)


def _app(settings: Settings, terminal: OpenedTerminal | None, *, locked: str) -> Mem0App:
    """The app on what *settings* name.

    Raises:
        SettingsError: they are not valid.
        BackendError: the store cannot be opened, or the server asked.
    """
    from mem0_tui.cli.composition.screen_parts import make_parts
    from mem0_tui.tui.app import Mem0App

    parts = make_parts(settings, locked=locked)
    if terminal is None:
        return Mem0App(parts)
    from mem0_tui.tui.painting.kept_picture import driver_over

    return Mem0App(parts, over=driver_over(terminal))


def _detected(settings: Settings) -> Settings:
    import asyncio

    from mem0_tui.cli.composition.wiring import with_known_kind

    return asyncio.run(with_known_kind(settings))


class StartPreview:
    """The first rows of the embedded store, read while the screen's modules are imported."""

    def __init__(self, settings: Settings, clock: SystemClock) -> None:
        self._found: list[PreviewRow] = []
        self._thread: Thread | None = None
        if settings.backend == "local":
            self._thread = Thread(target=self._look, args=(settings, clock), daemon=True)
            self._thread.start()

    def _look(self, settings: Settings, clock: SystemClock) -> None:
        from mem0_tui.store.preview import newest_rows

        self._found = newest_rows(settings.store, today(clock), _ROWS)

    def rows(self) -> list[PreviewRow]:
        """What was found; nothing for a server, or a store that takes its time."""
        if self._thread is not None:
            self._thread.join(_PATIENCE)
        return self._found
