"""The tabs above the list: the queues of what deserves a look, everything, and saved searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.errors import NothingToDoError, QueryError, UsageError
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.query import FieldTerm, Literal, Query, parse


@late_dataclass(frozen=True)
class Section:
    """A queue, everything, or a named query."""

    name: str
    query: Query = Query()
    queue: Queue | None = None


EVERYTHING = Section("All")
"""The tab that hides nothing."""
_INBOX = Section("Inbox", queue=Queue.INBOX)
_RESERVED = frozenset({EVERYTHING.name, *(queue.value.capitalize() for queue in Queue)})
"""Names that no saved search can have."""


class Tabs:
    """Which tabs there are, and in which of them the user is."""

    def __init__(self, last_visit: datetime | None = None, own: Mapping[str, str] = {}) -> None:
        """The Inbox holds what is new since *last_visit*, on the first visit everything, as long as
        no queues are shown; *own* are the user's saved searches, name to query."""
        self._inbox = Section("Inbox", _since(last_visit))
        self._queues: tuple[Section, ...] = ()
        self._own, self.faulty = own_sections(own)
        self.chosen = EVERYTHING
        """The tab that the user is in."""
        self.counts: Mapping[str, str] = {}
        """How many memories are to be decided on in a tab, by its name, as it is written."""

    @property
    def sections(self) -> list[Section]:
        """All tabs, from left to right; also the one that the user is in, where nothing is left
        in it."""
        queues = self._queues or (self._inbox,)
        if self.chosen.queue is not None and self.chosen not in queues:
            order = list(Queue)
            every = (*queues, self.chosen)
            queues = tuple(sorted(every, key=lambda each: order.index(each.queue or Queue.INBOX)))
        return [*queues, EVERYTHING, *self._own]

    @property
    def index(self) -> int:
        """The place of the tab that the user is in."""
        return self.sections.index(self.chosen)

    @property
    def inbox(self) -> Section:
        """The tab of what is new, or not reviewed yet."""
        return self.sections[0]

    @property
    def own_names(self) -> list[str]:
        """The names of the user's saved searches, also of those that do not parse."""
        return [*(each.name for each in self._own), *self.faulty]

    def show_queues(self, queues: Sequence[Queue]) -> None:
        """These queues have a tab now, the Inbox among them."""
        if queues and self.chosen is self._inbox:
            self.chosen = _INBOX
        self._queues = tuple(section_of(queue) for queue in queues)

    def choose(self, index: int) -> Section:
        """Go to the tab *index*, counted round."""
        sections = self.sections
        self.chosen = sections[index % len(sections)]
        return self.chosen

    def go_to(self, section: Section) -> Section:
        """Go to the tab *section*; to everything, where it is no more."""
        there = section.queue is not None or section in self.sections
        self.chosen = section if there else EVERYTHING
        return self.chosen

    def check(self, name: str, query: Query) -> None:
        """Whether *query* can be saved as *name*.

        Raises:
            UsageError: a tab of the app's own has the name.
            NothingToDoError: *query* leaves nothing out.
        """
        if name in _RESERVED:
            raise UsageError(f"{name} is the name of a tab already", hint="save it by another name")
        if not query:
            raise NothingToDoError(
                "everything is shown: there is no search to save",
                hint="/ finds, f narrows by type, app, user and more; then :save NAME",
            )

    def save(self, name: str, query: Query) -> int:
        """Keep *query* as *name*, in place of a saved search of that name; the tab it has."""
        self.check(name, query)
        self.faulty.pop(name, None)
        self._own = [*(each for each in self._own if each.name != name), Section(name, query)]
        return len(self.sections) - 1

    def forget(self, name: str) -> tuple[int, str]:
        """Do without the saved search *name*: the tab to go to, and what the search was."""
        was = [str(each.query) for each in self._own if each.name == name]
        was += [error.query for error in (self.faulty.pop(name, None),) if error]
        self._own = [each for each in self._own if each.name != name]
        self.go_to(self.chosen)
        return self.index, " ".join(was)


def section_of(queue: Queue) -> Section:
    """The tab of *queue*."""
    return _INBOX if queue is Queue.INBOX else Section(queue.value.capitalize(), queue=queue)


def _since(last_visit: datetime | None) -> Query:
    if last_visit is None:
        return Query()
    return Query((FieldTerm("created", ">=", (Literal(last_visit.isoformat()),)),))


def own_sections(own: Mapping[str, str]) -> tuple[list[Section], dict[str, QueryError]]:
    """The tabs of the user's *own* searches; those that do not parse come second, by name, with
    the reason."""
    sections: list[Section] = []
    faulty: dict[str, QueryError] = {}
    for name, text in own.items():
        try:
            sections.append(Section(name, parse(text)))
        except QueryError as error:
            faulty[name] = error
    return sections, faulty
