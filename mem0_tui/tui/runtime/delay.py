"""What is done after a while, unless it is called off before."""

from __future__ import annotations

from collections.abc import Callable

from textual.message_pump import MessagePump


class Delayed:
    """An act that takes place once, some seconds from now."""

    def __init__(self, pump: MessagePump, seconds: float, act: Callable[[], object]) -> None:
        """*pump* acts, as long as it is there."""
        self._act: Callable[[], object] | None = act
        self._timer = pump.set_timer(seconds, self._do)

    def _do(self) -> None:
        if self._act is not None:
            self._act()

    def call_off(self) -> None:
        """Do without it, also where its time has come already.

        Textual's timer only puts a message into a queue: one that is stopped while that message
        waits for its turn would still act, after what made it needless.
        """
        self._act = None
        self._timer.stop()
