"""Verdicts that were given before something was applied: taking back the latest thing first, a
person comes to them once that has been taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from mem0_tui.model.late import late_dataclass
from mem0_tui.review.queues.judged import Judged

Given: TypeAlias = tuple[str, Mapping[str, Judged]]
"""What was done, in words, and the verdicts as they were before it."""


@late_dataclass()
class _Applied:
    given: list[Given]
    """The verdicts given before it, and after what was applied before that, the oldest first."""
    root: str | None = None
    """What an undo of it names; None as long as nothing of it has to be undone first."""


class Earlier:
    """What was applied in this session, each with the verdicts that were given before it."""

    def __init__(self) -> None:
        self._applied: list[_Applied] = []
        self._under_way = False

    def begin(self, given: Sequence[Given]) -> None:
        """Something is about to be applied; *given* were the verdicts before it."""
        self._applied.append(_Applied(list(given)))
        self._under_way = True

    def ended(self) -> None:
        """What was begun last is over, whatever became of it."""
        self._under_way = False

    def applied(self, root: str) -> None:
        """What was begun last has changed something that an undo of *root* takes back."""
        if self._applied:
            self._applied[-1].root = root

    def taken_back(self, root: str) -> None:
        """What an undo of *root* takes back has been taken back."""
        for each in self._applied:
            if each.root == root:
                each.root = None

    def within_reach(self) -> list[Given]:
        """The verdicts, the oldest first, that nothing applied lies above any more; they are no
        longer held here. None while something is being applied."""
        found: list[Given] = []
        while not self._under_way and self._applied and self._applied[-1].root is None:
            found = self._applied.pop().given + found
        return found
