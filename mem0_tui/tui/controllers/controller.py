"""What every controller of the main screen is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mem0_tui.review.session import Session
    from mem0_tui.tui.parts import Parts
    from mem0_tui.tui.screens.browse import BrowseScreen

Act = Callable[[], Awaitable[None] | None]
"""What an action does; it is awaited, so that the keys that follow are meant for what it shows."""


class Controller:
    """One part of what can be done on the main screen."""

    def __init__(self, screen: BrowseScreen) -> None:
        self.screen = screen
        self.session: Session = screen.session
        self.parts: Parts = screen.parts

    def actions(self) -> Mapping[str, Act]:
        """What it does, by the id of the action."""
        return {}
