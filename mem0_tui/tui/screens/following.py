"""The main screen's keeping up with what others write, never under somebody's eyes or hands.

While something lies over the screen, a plan above all, the list stays as it was when that was
opened; what came meanwhile is shown once the screen is on top again.
"""

from __future__ import annotations

from abc import abstractmethod

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.tui.screens.loading import Loading


class Following(Loading):
    """Shows what is written elsewhere: by looking at a number, or by asking a server again."""

    _asking_is_due = False
    """Whether a server is to be asked again as soon as the screen is on top."""
    _rows_are_due = False
    """Whether rows were read that the list does not show yet."""

    @property
    def covered(self) -> bool:
        """Whether another screen lies over this one."""
        return self.app.screen is not self

    def looked_at_again(self) -> None:
        if self.parts.remote:
            self.refresh_quietly()

    def refresh_quietly(self) -> None:
        """What others wrote on a server is seen only by asking again; later if it is no time."""
        self._asking_is_due = self.covered or self.applying or bool(self.busy)
        if not self._asking_is_due:
            self.read("refresh", self._ask_quietly())

    async def _ask_quietly(self) -> None:
        """Ask again; nobody waits for it, so that a server which stays away is told of once."""
        away = self.unread is not None
        try:
            await self.read_library(self._show_unless_covered, changes_only=True)
        except Mem0TuiError:
            if not away:
                raise

    def _show_unless_covered(self) -> None:
        if self.covered:
            self._rows_are_due = True
        else:
            self.reload()

    @abstractmethod
    def show_progress_of_reading(self) -> None:
        """Say what goes on, and for how long a server has not answered."""

    def poll(self) -> None:
        """Look whether anybody changed something, and show it."""
        if self.busy:
            self.show_progress_of_reading()
        if self.covered:
            return
        if self._rows_are_due:
            self._rows_are_due = False
            self.reload()
        if self._asking_is_due:
            self.refresh_quietly()
        self.read("poll", self._check_revision())

    async def _check_revision(self) -> None:
        revision = await self.library.revision()
        if revision == self._revision or self.covered:
            return
        self._revision = revision
        self.reload()
