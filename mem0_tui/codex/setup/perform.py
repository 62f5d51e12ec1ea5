"""Performs a plan of several steps as one: all of it is done, or none of it is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from mem0_tui.codex.checks import diagnose
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.facts.servers import NAME
from mem0_tui.codex.fixes import backup as backups
from mem0_tui.codex.fixes.apply import carry_out, rescan, worse
from mem0_tui.codex.fixes.backup import Backup
from mem0_tui.codex.report import Fix
from mem0_tui.codex.setup import plugin_bundle as bundle
from mem0_tui.codex.setup.install import SetupPlan
from mem0_tui.model.errors import NotFoundError, RefusedError, StoreAccessError

INSTALL: Final = "codex.install"
UNINSTALL: Final = "codex.uninstall"


def perform(
    plan: SetupPlan, install: Install, name: str, begun: Callable[[Fix], None] = lambda _: None
) -> Install:
    """Do what *plan* says, and give another look at the install.

    What was there before is saved under *name*. *begun* is told of each step when it is its turn.

    Raises:
        RefusedError: a step failed, or made things worse; everything is as it was.
        StoreAccessError: a file cannot be written.
    """
    saved = backups.save(name, plan.touches, install.homes)
    made = [folder for path in plan.touches for folder in _missing_above(path)]
    try:
        for step in plan.steps:
            begun(step)
            carry_out(step.renewed(), install)
        after = rescan(install)
        if worse(diagnose(install), diagnose(after)):
            raise RefusedError(
                "Codex could not read its settings afterwards: everything was taken back"
            )
        if name == INSTALL and (lost := _lost(install, after)):
            raise RefusedError(
                f"Codex lost the setting {lost} of config.toml on the way:"
                " everything was taken back",
                hint="write it in a [table] of its own, not inline, and install again",
            )
    except (OSError, RefusedError, NotFoundError) as error:
        backups.restore(saved)
        _remove_empty(made)
        if isinstance(error, OSError):
            raise StoreAccessError(f"it could not be done: {error}") from error
        raise
    for path in plan.touches:
        _remove_empty_below(path)
    backups.seal(saved)
    return after


def _lost(before: Install, after: Install) -> str | None:
    """A setting of the user's that an install was to leave alone and that is not as it was."""
    kept = dict(_leaves(after.config.user.data))
    ours = ({"marketplaces", "plugins", "mcp_servers"}, {bundle.NAME, bundle.PLUGIN_ID, NAME})
    for key, value in _leaves(before.config.user.data):
        own = len(key) > 1 and key[0] in ours[0] and key[1] in ours[1]
        if not own and key[:2] != ("hooks", "state") and repr(kept.get(key)) != repr(value):
            return ".".join(key)
    return None


def _leaves(table: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every value that is no table, by its path."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from (((key, *rest), leaf) for rest, leaf in _leaves(value))
        else:
            yield (key,), value


def saved_installs(homes: Homes) -> list[Backup]:
    """What was saved before the installs that are still there, the newest first."""
    return [backup for backup in backups.backups(homes) if backup.fix == INSTALL]


def _missing_above(path: str) -> list[str]:
    """The folders above *path* that are not there, the lowest first."""
    found = []
    above = os.path.dirname(path)
    while not os.path.lexists(above) and above != os.path.dirname(above):
        found.append(above)
        above = os.path.dirname(above)
    return found


def _remove_empty(folders: list[str]) -> None:
    for folder in folders:
        try:
            os.rmdir(folder)
        except OSError:
            continue


def _remove_empty_below(path: str) -> None:
    """Remove *path* if it is a folder that holds no file, at any depth."""
    if os.path.isdir(path) and not os.path.islink(path):
        _remove_empty([place for place, _, _ in os.walk(path, topdown=False)])
