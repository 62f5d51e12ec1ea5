"""Has Codex forget its own memories: ``memory/reset`` of ``codex app-server``.

Codex 0.171.0 empties its folders of memories, whatever is in them, and the tables of digests and
jobs of ``memories_1.sqlite``, even while a job runs; it keeps no copy. Its sessions stay, and those
that are young enough may be digested again.
"""

from __future__ import annotations

from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.live.app_server import AppServer, UnknownMethodError
from mem0_tui.model.errors import UnsupportedError

_TIMEOUT = 60.0


def reset_memories(install: Install) -> None:
    """Have the Codex of *install* empty its memories.

    Raises:
        NotFoundError: there is no Codex on PATH.
        UnsupportedError: this Codex cannot.
        BackendError: it refuses, or gives no answer.
    """
    with AppServer(install, timeout=_TIMEOUT, on_copy=False) as server:
        try:
            server.ask("memory/reset")
        except UnknownMethodError as error:
            raise UnsupportedError(
                f"this Codex does not know how to reset its memories: {error.message}",
                hint="Codex 0.171.0 does",
            ) from None
