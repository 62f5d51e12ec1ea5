"""What was said of two texts the last time, so that one new memory does not cost all the words."""

from __future__ import annotations

from mem0_tui.detect.repeats import wording
from mem0_tui.detect.repeats.wording import Marks


class Remembered:
    """The words of :mod:`.wording` by pairs of texts; what one round did not ask for is forgotten
    with the next."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], Marks] = {}
        self._reasons: dict[tuple[str, str, bool], str] = {}
        self._old_marks = self._marks
        self._old_reasons = self._reasons

    def next_round(self) -> None:
        """All suspicions are told anew."""
        self._old_marks, self._marks = self._marks, {}
        self._old_reasons, self._reasons = self._reasons, {}

    def difference(self, one: str, other: str) -> Marks:
        """See :func:`.wording.difference`."""
        key = one, other
        marks = self._marks.get(key) or self._old_marks.get(key) or wording.difference(one, other)
        self._marks[key] = marks
        return marks

    def reason(self, one: str, other: str, *, sure: bool) -> str:
        """See :func:`.wording.reason`, and :func:`.wording.nearly` where it is not *sure*."""
        key = one, other, sure
        said = self._old_reasons.get(key)
        if said is None:
            word = wording.reason if sure else wording.nearly
            said = word(one, other, self.difference(one, other))
        self._reasons[key] = said
        return said
