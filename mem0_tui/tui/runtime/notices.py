"""Notices of the app: what is said again at once stands there once."""

from __future__ import annotations

from time import monotonic
from uuid import uuid4

from textual.app import App
from textual.notifications import Notification, Notify, SeverityLevel


class Notices(App[int]):
    """Shows a notice that repeats the newest one in its place, not below it, while that has at
    least half of its time left."""

    _newest: tuple[str, str, SeverityLevel] | None = None
    _identity = ""
    _shared_until = 0.0

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show *message* for *timeout* seconds; see the class."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        if (message, title, severity) != self._newest or monotonic() > self._shared_until:
            self._newest = message, title, severity
            self._identity = uuid4().hex
            self._shared_until = monotonic() + seconds / 2
        notice = Notification(
            message, title, severity, seconds, markup=markup, identity=self._identity
        )
        self.post_message(Notify(notice))

    def clear_notifications(self) -> None:
        """Take every notice away."""
        self._newest = None
        super().clear_notifications()
