"""Looks again at where the memories really are, and whether anybody has changed something."""

from __future__ import annotations

from collections.abc import Mapping

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.review.loader import BackendStage
from mem0_tui.review.reading import (
    BackendBegun,
    BackendDropped,
    BackendFailed,
    BackendProgress,
    BackendRead,
    RevisionSeen,
)
from mem0_tui.tui.controllers.controller import Act, Controller


class RefreshController(Controller):
    """The backend behind the rows."""

    def actions(self) -> Mapping[str, Act]:
        return {"view.refresh": self.read_backend}

    def read_backend(self, *, changes_only: bool = False) -> None:
        """Read the memories from where they really are, or only what a page shows to have
        changed."""
        self.screen.read("refresh", self._read_backend(changes_only))

    async def _read_backend(self, changes_only: bool) -> None:
        send = self.screen.send

        def tell(read: int, of: int | None) -> None:
            send(BackendProgress(read, of))

        send(BackendBegun(quiet=changes_only))
        try:
            await self.parts.library.refresh(changes_only=changes_only, progress=tell)
        except Mem0TuiError as error:
            send(BackendFailed(error))
        except BaseException:
            given_up = self.session.loader.backend is BackendStage.GIVING_UP
            send(BackendDropped())
            if not given_up:
                raise
        else:
            send(BackendRead())

    async def check_revision(self) -> None:
        """Look whether anybody has changed something."""
        self.screen.send(RevisionSeen(await self.parts.library.revision()))
