"""The request log: each call that was sent, the latest first, with its time and its status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from mem0_tui.model.counting import plural
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line
from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.widgets.text_view import TextView

if TYPE_CHECKING:
    from mem0_tui.backends.http.request_log import RequestLogEntry

_REFRESH_SECONDS = 0.5
_SLOW_MS = 1000


class _Requests(TextView):
    PREFIX = "log"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"log--{name}" for name in ("title", "key", "muted", "ok", "warn", "fail")
    }


class RequestLogView(FramedModal[None]):
    """Shows the log as it grows; None stands for a backend that sends nothing."""

    LARGE = True

    def __init__(self, requests: Callable[[], Sequence[RequestLogEntry]] | None) -> None:
        super().__init__()
        self._requests = requests
        self._shown: RequestLogEntry | None = None

    def title_text(self) -> str:
        return "Requests"

    def keys_text(self) -> str:
        return "↑↓ scroll   Esc close"

    def body(self) -> Iterable[Widget]:
        yield _Requests(id="log-requests")

    def on_mount(self) -> None:
        self.query_one(_Requests).focus()
        self._refresh_log(first=True)
        if self._requests is not None:
            self.set_interval(_REFRESH_SECONDS, self._refresh_log)

    def _refresh_log(self, first: bool = False) -> None:
        entries = self._requests() if self._requests is not None else ()
        latest = entries[-1] if entries else None
        if first or latest != self._shown:
            self._shown = latest
            self.query_one(_Requests).show_lines(self._lines(entries), keep_scroll=not first)

    def _lines(self, entries: Sequence[RequestLogEntry]) -> list[Line]:
        if self._requests is None:
            return [
                line(("Nothing is sent.", "title")),
                line(("These memories are in a file on this machine.", "muted")),
            ]
        if not entries:
            return [line(("Nothing has been sent yet.", "muted"))]
        failed = sum(entry.failed for entry in entries)
        sent = entries[-1].number
        shown = f"the last {len(entries):,} of " if sent > len(entries) else ""
        head = f"{shown}{plural(max(sent, len(entries)), 'request')}"
        withdrawn = sum(entry.withdrawn for entry in entries)
        given = f", {withdrawn:,} given up" if withdrawn else ""
        head += f", {failed:,} failed{given}, the latest first"
        return [line((head, "muted")), line(), *map(_entry_line, reversed(entries))]


def _level(entry: RequestLogEntry) -> str:
    if entry.failed:
        return "fail"
    if entry.withdrawn:
        return "muted"
    return "warn" if entry.ms >= _SLOW_MS or entry.attempt > 1 else "ok"


def _entry_line(entry: RequestLogEntry) -> Line:
    level = _level(entry)
    glyph = {"ok": "✓", "warn": "!", "fail": "✗", "muted": "·"}[level]
    status = "---" if entry.status is None else str(entry.status)
    again = f"  try {entry.attempt}" if entry.attempt > 1 else ""
    if entry.expected:
        again += "  as expected"
    if entry.withdrawn:
        again += "  given up"
    trouble = f"  {one_line(redact(entry.trouble))}" if entry.trouble else ""
    return line(
        (f"{entry.at:%H:%M:%S} ", "muted"),
        (f"{glyph} {status} ", level),
        (f"{entry.ms:>7,.0f} ms ", "muted"),
        (f"{one_line(entry.method):<6} ", "key"),
        one_line(redact(entry.path)),
        (again + trouble, level),
        indent=9,
    )
