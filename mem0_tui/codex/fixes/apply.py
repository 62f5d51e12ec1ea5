"""Applies one fix: backup first, then the command or the edit, then a new scan as the judge."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from mem0_tui.codex.checks import diagnose
from mem0_tui.codex.facts.scan import Install, scan
from mem0_tui.codex.fixes import backup as backups
from mem0_tui.codex.fixes.backup import Backup
from mem0_tui.codex.report import Fix, InstallReport, Status
from mem0_tui.model.errors import (
    NotFoundError,
    RefusedError,
    StaleError,
    StoreAccessError,
    UnsupportedError,
)
from mem0_tui.model.text import one_line

_TIMEOUT = 120
"""Seconds that a ``codex`` command may take; `plugin add` from git may fetch."""
_REASON = "Error: "
"""How the line with the reason begins that ``codex`` 0.171.0 gives; what led to it follows."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a fix."""

    fix: Fix
    backup: Backup
    report: InstallReport
    resolved: bool
    """Whether no finding asks for this fix any more."""


def apply(fix: Fix, install: Install) -> Applied:
    """Apply *fix* to the install it was worked out for, and look again.

    Raises StaleError where a file changed since, RefusedError where the fix made things worse (it
    is then taken back), UnsupportedError where it is a step for the user.
    """
    if not fix.automatic:
        raise UnsupportedError(f"{fix.id} is a step for you: {fix.summary}")
    paths = [edit.path for edit in fix.edits]
    paths += [path for move in fix.moves for path in (move.path, _first_new(move.to))]
    saved = backups.save(fix.id, [*paths, *map(_first_new, fix.touches)], install.homes)
    try:
        carry_out(fix, install)
    except (OSError, RefusedError, NotFoundError) as error:
        backups.restore(saved)
        if isinstance(error, OSError):
            raise StoreAccessError(f"{fix.id} could not be applied: {error}") from error
        raise
    before = diagnose(install)
    report = diagnose(rescan(install))
    if worse(before, report):
        backups.restore(saved)
        raise RefusedError(f"{fix.id} made things worse and was taken back")
    resolved = all(other.id != fix.id for other in report.fixes)
    return Applied(fix, backups.seal(saved), report, resolved)


def _first_new(path: str) -> str:
    """The topmost folder that has to be made for *path*, or *path* itself."""
    above = os.path.dirname(path)
    known = os.path.lexists(path) or os.path.lexists(above) or above == path
    return path if known else _first_new(above)


def carry_out(fix: Fix, install: Install) -> None:
    """Make the changes of *fix*, without saving anything first.

    Raises StaleError where a file changed since they were worked out, RefusedError where Codex's
    own command fails, OSError where a file cannot be written.
    """
    for edit in fix.edits:
        if _bytes_at(edit.path) != edit.before:
            raise StaleError(f"{edit.path} changed in the meantime")
        if edit.after is None:
            os.unlink(edit.path)
        else:
            os.makedirs(os.path.dirname(edit.path), exist_ok=True)
            backups.replace_bytes(edit.path, edit.after)
    for move in fix.moves:
        if os.path.lexists(move.to):
            raise StaleError(f"{move.to} exists already")
        os.makedirs(os.path.dirname(move.to), exist_ok=True)
        os.rename(move.path, move.to)
    if fix.argv:
        _run(fix.argv, install)


def _run(argv: tuple[str, ...], install: Install) -> None:
    if install.codex is None:
        raise NotFoundError("the codex command is not on PATH", hint=f"run it there: {argv}")
    environ = dict(install.homes.environ, HOME=install.homes.home)
    if install.homes.codex_home_from != "default":
        environ["CODEX_HOME"] = install.homes.codex_home
    try:
        done = subprocess.run(
            (install.codex.path, *argv[1:]),
            env=environ,
            cwd=install.homes.cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedError(f"{' '.join(argv)} took longer than {_TIMEOUT} seconds") from error
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        reason = next((line for line in lines if line.startswith(_REASON)), lines[-1])
        raise RefusedError(f"{' '.join(argv)} failed: {one_line(reason.removeprefix(_REASON))}")


def rescan(install: Install) -> Install:
    """Another look at the same homes."""
    homes = install.homes
    return scan(
        homes.home,
        homes.codex_home if homes.codex_home_from == "option" else None,
        homes.cwd,
        homes.environ,
        system_config=homes.system_config,
    )


def worse(before: InstallReport, after: InstallReport) -> bool:
    """Whether Codex could read its settings before, and cannot any more."""

    def broken(report: InstallReport) -> bool:
        return report.area("config").status is Status.FAIL

    return broken(after) and not broken(before)


def _bytes_at(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
