"""Which vectors there are, for telling what says the same in other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mem0_tui.backends.base import Backend
    from mem0_tui.store.search.stored_vectors import StoredVectors

MOST, MOST_OF_AN_AUDIT = 150_000, 20_000
"""Texts that are compared at most: above, half of the pairs would be missed; an audit, which looks
for all there is, takes no longer for it than for the rest."""


def stored_vectors(backend: Backend, most: int = MOST) -> StoredVectors | None:
    """The vectors of *backend*'s memories; None where it keeps none here."""
    from mem0_tui.backends.local import LocalBackend

    if not isinstance(backend, LocalBackend):
        return None
    from mem0_tui.store.search.stored_vectors import StoredVectors

    return StoredVectors(backend.store, most=most)
