"""What changes memories, brought into the program before somebody asks for a change."""

from __future__ import annotations


def import_acts() -> None:
    """Import what changes memories, so that the first change does not wait for it."""
    import mem0_tui.curator.service
    import mem0_tui.store.journal.journal  # noqa: F401
