"""Where files are that may hold what a memory says: what purging and redacting look through."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mem0_tui.settings.locations import locations
from mem0_tui.settings.schema import Settings

if TYPE_CHECKING:
    from mem0_tui.curator.purge.evidence import Roots

_DOCTOR = "doctor"
"""The folder, within that of the state, of copies of Codex's settings."""


def roots_of(settings: Settings) -> Roots:
    """Where files are that may hold what a memory of *settings* says."""
    from mem0_tui.curator.purge.evidence import Roots

    databases = (settings.store,) if settings.backend == "local" else ()
    state = settings.journal.parent
    ours = sorted(state.iterdir()) if state.is_dir() else []
    folders = (state,) if settings.demo else (state, *locations(os.environ))
    return Roots(
        databases=(*databases, settings.journal),
        ours=(*(each for each in ours if each.name != _DOCTOR), settings.snapshots),
        folders=folders,
    )
