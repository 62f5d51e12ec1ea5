"""Where the vectors of texts come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Vectors(Protocol):
    """Sentence vectors that are stored already; asked from one thread at a time."""

    @property
    def most(self) -> int | None:
        """How many texts may be compared, where it would take too long for more."""
        ...

    def state(self) -> object:
        """Another value than before where there may be more vectors, or others."""
        ...

    def of(self, texts: Sequence[str]) -> Sequence[bytes | None]:
        """The vectors of at most 200 texts, packed: 384 int8 values and a float32 that is not
        looked at. None for a text that has none yet."""
        ...
