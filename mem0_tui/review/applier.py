"""What becomes of a plan once it is accepted: applied, stopped, read back."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mem0_tui.curator.applying.report import Progress


class Stage(Enum):
    """How far an accepted plan is."""

    IDLE = auto()
    APPLYING = auto()
    STOPPING = auto()
    """It ends after the item that it is at."""
    READING_BACK = auto()


class Applier:
    """One plan after another; nothing here sends anything."""

    def __init__(self) -> None:
        self.stage = Stage.IDLE
        self.words = ""
        """What is going on, for the header; empty where nothing is."""
        self.preparing = False
        """Whether a plan is taking its time to be made."""
        self._stoppable = True
        self._not_before: datetime | None = None

    @property
    def applying(self) -> bool:
        """Whether changes are being sent."""
        return self.stage in (Stage.APPLYING, Stage.STOPPING)

    @property
    def stop_requested(self) -> bool:
        """Whether it is to end after the item that it is at."""
        return self.stage is Stage.STOPPING

    def prepared(self) -> bool:
        """Nothing is being prepared any longer; whether something was."""
        was, self.preparing = self.preparing, False
        return was

    def begin(self, words: str, *, stoppable: bool = True) -> None:
        """A plan is being applied, or a purge that nothing stops halfway."""
        self.stage, self.words, self._stoppable = Stage.APPLYING, words, stoppable

    def say(self, words: str) -> None:
        """What is going on, in the words of whoever carries it out."""
        self.words = words

    def progress(self, progress: Progress) -> None:
        """So far it is."""
        failed = f", {progress.failed:,} failed" if progress.failed else ""
        self.words = f"{progress.finished:,}/{progress.total:,}{failed} (Esc stops)"

    def stop(self) -> str:
        """Ask it to stop; what to say of it, empty where there is nothing new."""
        if self.stage is not Stage.APPLYING:
            return ""
        if not self._stoppable:
            return "a purge is not stopped halfway: what is left of it would be worse"
        self.stage = Stage.STOPPING
        return "stopping after this item"

    def sent(self) -> None:
        """Nothing more is sent; what has become of it is being read."""
        self.stage, self.words = Stage.READING_BACK, "reading back"

    def read_back(self) -> None:
        """It is over."""
        self.stage, self.words = Stage.IDLE, ""

    # -- a server that asks to wait

    def reported(self, *, complete: bool, retry_after: float | None, now: datetime) -> None:
        """What the report of a plan says of when to go on, *retry_after* in seconds."""
        wait = None if complete else retry_after
        self._not_before = None if wait is None else now + timedelta(seconds=wait)

    def asked_to_wait(self, now: datetime) -> str:
        """That the server wants no requests yet, where it has said so."""
        if self._not_before is None or now >= self._not_before:
            return ""
        return f"the server asks to wait until {self._not_before:%H:%M:%S} UTC"
