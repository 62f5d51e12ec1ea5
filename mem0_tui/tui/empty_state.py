"""What the list says where it has no rows: why there are none, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mem0_tui.model.counting import plural
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.text import one_line
from mem0_tui.tui.keys import key_for

if TYPE_CHECKING:
    from mem0_tui.backends.paging.waits import Waiting


@late_dataclass(frozen=True)
class EmptyState:
    """Why there are no rows."""

    narrowed: bool
    """Whether scope, types or query leave something out."""
    tab: str = ""
    """The saved search in whose tab the user is, when nothing else narrows; safe text."""
    queue: bool = False
    """Whether that is a queue of what deserves a look."""
    about: str = ""
    """What that tab holds, where it is to be said."""
    unread: Mem0TuiError | None = None
    """Why the memories could not be read."""
    reading: bool = False
    """Whether the first of them are still to come."""
    scanning: bool = False
    """Whether what deserves a look is still to be found."""
    waiting: Waiting | None = None
    """The request that is not answered yet, while they are being read."""
    hidden: int = 0
    """How many memories there are all the same, when nothing is narrowed: expired ones."""
    remote: bool = False

    def words(self, keymap: Mapping[str, str]) -> str:
        """The reason and the way on, as lines of safe text."""

        def key(action: str) -> str:
            return key_for(action, keymap)

        if self.unread is not None:
            reason = (self.unread.title, "", self.unread.message, self.unread.hint)
            ways = f"{key('view.refresh')} reads again · {key('log.open')} shows the requests"
            lines = [*reason, "", f"{ways} · {key('settings.open')} the settings"]
        elif self.reading:
            lines = ["Reading the memories …", ""]
            if self.waiting is not None:
                lines[1:] = [_since(self.waiting), ""]
            ways = f"{key('find.clear')} gives up · {key('log.open')} shows the requests"
            lines.append(f"{ways} · {key('settings.open')} the settings · {key('quit')} leaves")
        elif self.scanning:
            lines = ["Looking through the memories …"]
        elif self.tab:
            other = f"{key('section.next')} goes to the next tab"
            about = f"{self.about} · {other}" if self.about else other
            lines = [f"Nothing {'left ' if self.queue else ''}in {self.tab}.", "", about]
        elif self.narrowed:
            other = f"{key('type.pick')} narrows by something else"
            ways = f"{key('find.clear')} clears the search · {other}"
            lines = ["Nothing matches.", "", f"{ways} · {key('focus.scope')} goes to the scope"]
        elif self.hidden:
            count = plural(self.hidden, "memory")
            lines = [f"{count}, all expired.", "", f"{key('show.expired')} shows expired ones"]
        else:
            add = f"{key('memory.add')} adds one"
            lines = ["No memories yet.", ""]
            if self.remote:
                lines += [add, f"{key('health.open')} says whether Codex can store memories here"]
            else:
                lines += [
                    f"{add} · mem0-tui --demo shows a made-up set",
                    "mem0-tui serve lets Codex store memories here",
                ]
        return "\n".join(one_line(text) for text in lines)


def _since(waiting: Waiting) -> str:
    seconds = f"{waiting.seconds:,.0f} s"
    tries = f"try {waiting.attempt} of {waiting.attempts}"
    return f"{waiting.place} has not answered for {seconds} · {tries}"
