"""The way back from one memory to another that was followed."""

from __future__ import annotations

from mem0_tui.model.late import late_dataclass
from mem0_tui.review.tabs import Section
from mem0_tui.review.view import BrowseState

_LONGEST = 100
"""Places that are remembered."""


@late_dataclass(frozen=True)
class Place:
    """Where somebody was: what the list showed, and the memory under the cursor."""

    view: BrowseState
    section: Section
    typed: str
    """What the search box held."""
    key: int | None
    """The row key of the memory under the cursor."""


class Trail:
    """Places that a link led away from, the newest last."""

    def __init__(self) -> None:
        self._places: list[Place] = []

    def __len__(self) -> int:
        return len(self._places)

    def remember(self, place: Place) -> None:
        """A link leads away from *place*."""
        self._places.append(place)
        del self._places[:-_LONGEST]

    def back(self) -> Place | None:
        """The place that was left last, which is then forgotten; None where there is none."""
        return self._places.pop() if self._places else None

    def stayed(self, view: BrowseState) -> None:
        """The link has led nowhere: the last place is no way back where it shows *view*."""
        if self._places and self._places[-1].view == view:
            self._places.pop()
