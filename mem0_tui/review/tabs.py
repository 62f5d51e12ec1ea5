"""The tabs above the list: the Inbox, everything, and the user's saved searches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mem0_tui.model.errors import NothingToDoError, QueryError, UsageError
from mem0_tui.model.query import FieldTerm, Literal, Query, parse

_BUILT_IN = ("Inbox", "All")
"""The tabs that are there without being saved, and come first."""
EVERYTHING = 1
"""The tab that hides nothing."""


@dataclass(frozen=True, slots=True)
class Section:
    """A named query."""

    name: str
    query: Query = Query()


class Tabs:
    """Which tabs there are, and in which of them the user is."""

    def __init__(self, last_visit: datetime | None = None, own: Mapping[str, str] = {}) -> None:
        """The Inbox holds what is new since *last_visit*, on the first visit everything; *own* are
        the user's saved searches, name to query."""
        self.sections, self.faulty = make_sections(last_visit, own)
        self.index = EVERYTHING
        self.counts: Mapping[str, str] = {}
        """How many memories a tab holds, by its name, as it is written."""

    @property
    def chosen(self) -> Section:
        """The tab that the user is in."""
        return self.sections[self.index]

    @property
    def inbox(self) -> Section:
        """The tab of what is new."""
        return self.sections[0]

    @property
    def own_names(self) -> list[str]:
        """The names of the user's saved searches, also of those that do not parse."""
        return [*(each.name for each in self.sections[len(_BUILT_IN) :]), *self.faulty]

    def choose(self, index: int) -> Section:
        """Go to the tab *index*, counted round."""
        self.index = index % len(self.sections)
        return self.chosen

    def check(self, name: str, query: Query) -> None:
        """Whether *query* can be saved as *name*.

        Raises:
            UsageError: a tab of the app's own has the name.
            NothingToDoError: *query* leaves nothing out.
        """
        if name in _BUILT_IN:
            raise UsageError(f"{name} is there already", hint="save it by another name")
        if not query:
            raise NothingToDoError(
                "everything is shown: there is no search to save",
                hint="/ finds, f narrows by type, app, user and more; then :save NAME",
            )

    def save(self, name: str, query: Query) -> int:
        """Keep *query* as *name*, in place of a saved search of that name; the tab it has."""
        self.check(name, query)
        self.faulty.pop(name, None)
        kept = [each for each in self.sections if each.name != name]
        self.sections = [*kept, Section(name, query)]
        return len(self.sections) - 1

    def forget(self, name: str) -> tuple[int, str]:
        """Do without the saved search *name*: the tab to go to, and what the search was."""
        shown = self.chosen
        own = self.sections[len(_BUILT_IN) :]
        was = [str(each.query) for each in own if each.name == name]
        was += [error.query for error in (self.faulty.pop(name, None),) if error]
        left = [each for each in own if each.name != name]
        self.sections = [*self.sections[: len(_BUILT_IN)], *left]
        index = self.sections.index(shown) if shown in self.sections else EVERYTHING
        return index, " ".join(was)


def make_sections(
    last_visit: datetime | None, own: Mapping[str, str]
) -> tuple[list[Section], dict[str, QueryError]]:
    """Inbox (new since *last_visit*; all on the first), All, and the user's *own* that parse.

    Those that do not parse come second, by name, with the reason.
    """
    inbox = Query()
    if last_visit is not None:
        inbox = Query((FieldTerm("created", ">=", (Literal(last_visit.isoformat()),)),))
    sections = [Section(_BUILT_IN[0], inbox), Section(_BUILT_IN[1])]
    faulty: dict[str, QueryError] = {}
    for name, text in own.items():
        try:
            sections.append(Section(name, parse(text)))
        except QueryError as error:
            faulty[name] = error
    return sections, faulty
