"""How much of a key in a memory a front end shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Masking:
    """Applied to what comes from a memory before anything else is made of it."""

    text: Callable[[str], str]
    """A text as it may be shown; it need not be safe for a terminal yet."""
    hint: str = ""
    """How a person sees what is masked; blank where nothing is."""

    def value(self, key: str, shown: str) -> str:
        """A metadata value, of which *key* may say that it is secret."""
        assigned = f"{key}="
        masked = self.text(assigned + shown)
        return masked.removeprefix(assigned) if masked.startswith(assigned) else shown


def _whole(text: str) -> str:
    return text


SHOWN_WHOLE = Masking(_whole)
"""Nothing is masked."""
