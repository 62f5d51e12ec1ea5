"""The doctor for a screen that stays open: the latest look, whether it is still true, repairs.

A look is kept until a file behind it changes; asking whether one did costs a status call for each.
Every method blocks: call them from a thread. They may be called from several at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import RLock
from typing import TypeAlias

from mem0_tui.codex.checks import diagnose
from mem0_tui.codex.facts.command_line import program_of
from mem0_tui.codex.facts.hook_table import HookRow, hook_table
from mem0_tui.codex.facts.paths import SYSTEM_CONFIG, upwards
from mem0_tui.codex.facts.scan import Install, scan
from mem0_tui.codex.files.text_file import noting
from mem0_tui.codex.live.check import TIMEOUT, check_live
from mem0_tui.codex.live.observed import Progress
from mem0_tui.codex.live.server_probe import Connect
from mem0_tui.codex.report import Fix, InstallReport
from mem0_tui.codex.way.activity import HookActivity, read_hook_activity
from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.errors import StaleError

Stamp: TypeAlias = tuple[int, int, int, int] | None
"""Time, size, mode and inode of a path; None where there is nothing."""


@dataclass(frozen=True, slots=True)
class InstallState:
    """What one look at the install showed."""

    install: Install
    report: InstallReport
    hooks: tuple[HookRow, ...]
    at: datetime
    live: bool = False
    """Whether Codex and the server were asked too."""
    undoable: str | None = None
    """The repair that could be taken back, by id."""
    activity: tuple[HookActivity, ...] = ()
    """What hooks did last, by their own records, the newest first."""


class HealthService:
    """Looks at one install again and again.

    Args:
        connect: makes a probe of an MCP server, for the live check.
        home, codex_home, cwd, environ, system_config: as `scan` takes them.
        render: writes a report as plain text, for a bug report.
        clock: tells when a look was taken.
        timeout: seconds that Codex is given for one answer.
    """

    def __init__(
        self,
        connect: Connect,
        *,
        home: str | None = None,
        codex_home: str | None = None,
        cwd: str | None = None,
        environ: Mapping[str, str] | None = None,
        system_config: str = SYSTEM_CONFIG,
        render: Callable[[InstallReport], str],
        clock: Clock | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self._connect, self._timeout = connect, timeout
        self._home, self._codex_home, self._cwd = home, codex_home, cwd
        self._environ, self._system_config = environ, system_config
        self._clock = clock or SystemClock()
        self._lock = RLock()
        self._stamps: dict[str, Stamp] = {}
        self._latest: InstallState | None = None
        self.render = render

    def look(self) -> InstallState:
        """Read everything again."""
        with self._lock:
            with noting() as paths:
                install = self._scan()
                report = diagnose(install)
            return self._keep(install, report, tuple(hook_table(install)), paths)

    def report(self) -> InstallReport:
        """The verdict of a new look."""
        return self.look().report

    def latest(self) -> InstallState:
        """The last look, or a new one where a file changed since; while a repair is going on, the
        last one all the same."""
        if self._latest is not None and not self._lock.acquire(blocking=False):
            return self._latest
        if self._latest is None:
            return self.look()
        try:
            return self.look() if self._changed() else self._latest
        finally:
            self._lock.release()

    def live(self, progress: Progress, *, write: bool = False) -> InstallState:
        """Look again, and ask Codex and the server too; seconds rather than milliseconds."""
        with noting() as paths:
            install = self._scan()
            checked = check_live(
                install, self._connect, progress, write=write, timeout=self._timeout
            )
        with self._lock:
            kept = self._keep(install, checked.report, checked.hooks, paths)
            self._latest = replace(kept, live=True)
            return self._latest

    def apply(self, fix: Fix) -> bool:
        """Apply a repair that the latest look offers; whether its finding is gone.

        Raises:
            StaleError: the install changed since, and no longer asks for it.
            Mem0TuiError: it cannot be applied; nothing was changed then.
        """
        from mem0_tui.codex.fixes.apply import apply

        with self._lock:
            look = self.look()
            wanted = next((each for each in look.report.fixes if each.id == fix.id), None)
            if wanted is None or (wanted.diff, wanted.command) != (fix.diff, fix.command):
                raise StaleError("the install changed since that repair was shown")
            try:
                return apply(wanted, look.install).resolved
            finally:
                self.look()

    def undo(self) -> str:
        """Take the newest repair back; its id.

        Raises:
            NotFoundError: there is none.
            StaleError: what it changed was changed again since.
        """
        from mem0_tui.codex.fixes.backup import undo

        with self._lock:
            try:
                return undo(self._scan().homes).fix
            finally:
                self.look()

    def _scan(self) -> Install:
        return scan(
            self._home,
            self._codex_home,
            self._cwd,
            self._environ,
            system_config=self._system_config,
        )

    def _keep(
        self, install: Install, report: InstallReport, hooks: tuple[HookRow, ...], paths: set[str]
    ) -> InstallState:
        from mem0_tui.codex.fixes.backup import backups

        undoable = next((backup.fix for backup in backups(install.homes)), None)
        self._stamps = {path: stamp(path) for path in _watched(install, paths)}
        self._latest = InstallState(
            *(install, report, hooks, self._clock.now()),
            undoable=undoable,
            activity=read_hook_activity(install),
        )
        return self._latest

    def _changed(self) -> bool:
        return any(stamp(path) != before for path, before in self._stamps.items())


def _watched(install: Install, paths: Iterable[str]) -> set[str]:
    """The paths on which a look rests: what was read, what hooks start, what holds a plugin."""
    homes = install.homes
    found = {*paths, homes.config, homes.hooks}
    for folder in upwards(homes.cwd):
        found |= {os.path.join(folder, ".codex", name) for name in ("config.toml", "hooks.json")}
    if install.codex is not None:
        found.add(install.codex.path)
    for _, handler in install.mem0_handlers:
        program = program_of(handler.command, homes.environ, cwd=homes.cwd, root=handler.root)
        found.add(os.path.join(homes.cwd, program.path))
    for plugin in install.plugins:
        found |= {plugin.folder, *([plugin.root] if plugin.root else [])}
    return found


def stamp(path: str) -> Stamp:
    """What changes when *path* does."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_mode, status.st_ino
