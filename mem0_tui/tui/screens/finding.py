"""The main screen's finding: search box, sort, types, places to go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import NothingToDoError, QueryError, UsageError
from mem0_tui.model.page import Sort
from mem0_tui.model.query import FieldTerm, Literal, Query, Word, parse
from mem0_tui.model.text import one_line
from mem0_tui.review.counts import written
from mem0_tui.review.view import BrowseState, FindMode
from mem0_tui.tui.screens.context import BrowseContext
from mem0_tui.tui.widgets.search_box import SearchBox
from mem0_tui.tui.widgets.section_bar import Section, SectionBar

if TYPE_CHECKING:
    from mem0_tui.tui.modals.facet_picker import Facet

_TYPING_DELAY = 0.12
_ALIKE_LENGTH = 400
"""Characters of a memory that are searched for: more add little to what it means."""
_BUILT_IN = ("Inbox", "All")
"""The tabs that are there without being saved, and come first."""
EVERYTHING = 1
"""The tab that hides nothing."""


class Finding(BrowseContext):
    """Narrowing and searching."""

    sections: list[Section]
    section = 0
    """Which of them is shown."""
    section_counts: Mapping[str, str] = {}
    """How many memories a tab holds, by its name, as it is written."""
    faulty_searches: dict[str, QueryError]
    """The user's saved searches that do not parse, and why."""
    _tab_title = ""

    def on_mount(self) -> None:
        """Narrow as the search box says."""
        self.watch(self.query_one(SearchBox), "asked", self._narrow, init=False)

    def _narrow(self, asked: tuple[Query, FindMode]) -> None:
        """Narrow at once; search by meaning after a pause in typing."""
        query, mode = asked
        state = replace(self.state, query=query, mode=mode)
        self.workers.cancel_group(self, "typing")
        if mode is FindMode.MEANING:
            self.rows_will_change()
            self.read("typing", self._search_later(state))
        else:
            self._search(state)

    async def _search_later(self, state: BrowseState) -> None:
        await asyncio.sleep(_TYPING_DELAY)
        self._search(state)

    def _search(self, state: BrowseState) -> None:
        if state == self.state:
            self.reload()  # the keys that follow wait for these rows
        else:
            self.set_state(state, top=True)

    def on_search_box_left(self, event: SearchBox.Left) -> None:
        """Back to the list, with the search cleared if that is wanted."""
        if event.clear:
            self.query_one(SearchBox).clear()
        self.memories.focus()

    def action_find_focus(self) -> None:
        """Go to the search box, with its text selected."""
        self.query_one(SearchBox).enter()

    def action_find_clear(self) -> None:
        """Stop an apply or a first reading, else end a range, else clear the search.

        Marks and staged changes stay.
        """
        if self.stop_applying() or (not len(self.memories.rows) and self.stop_reading()):
            return
        if self.focused is not self.memories and self.memories.display:
            self.action_focus_list()
            return
        if self.range_start is not None:
            self.range_start = None
            self.show_triage()
        elif self.query_one(SearchBox).input.value:
            self.query_one(SearchBox).clear()
        self.memories.focus()

    def action_memory_alike(self) -> None:
        """Search the scope for what means much the same as the memory under the cursor."""
        memory = self.memories.current
        if memory is None:
            return
        said = " ".join(one_line(memory.text[: 2 * _ALIKE_LENGTH]).split())[:_ALIKE_LENGTH].strip()
        if not said:
            self.tell("this memory holds no words to search for")
            return
        query = Query((Word(Literal(said, quoted=True)),))
        box = self.query_one(SearchBox)
        box.show(str(query), FindMode.MEANING)
        self.section = EVERYTHING
        self.show_sections()
        view = self.state
        state = BrowseState(
            scope=view.scope,
            without_entity=view.without_entity,
            query=query,
            mode=FindMode.MEANING,
            sort=view.sort,
            include_expired=view.include_expired,
        )
        self.set_state(state, top=True)

    def action_section_next(self) -> None:
        """Go to the next saved search."""
        self.choose_section(self.section + 1)

    def action_section_previous(self) -> None:
        """Go to the saved search before."""
        self.choose_section(self.section - 1)

    def on_section_bar_chosen(self, event: SectionBar.Chosen) -> None:
        """Go to the tab that was clicked."""
        self.choose_section(event.index)

    def choose_section(self, index: int) -> None:
        """Show the saved search *index*, counted round."""
        self.section = index % len(self.sections)
        self.set_state(replace(self.state, section=self.sections[self.section].query), top=True)
        self.show_sections()

    def save_section(self, name: str) -> None:
        """Keep the view as a saved search of that name, for this and later sessions.

        Raises:
            UsageError: the view leaves nothing out, or a tab of the app's own has the name.
        """
        if name in _BUILT_IN:
            raise UsageError(f"{name} is there already", hint="save it by another name")
        query = self.state.as_query()
        if not query:
            raise NothingToDoError(
                "everything is shown: there is no search to save",
                hint="/ finds, f narrows by type, app, user and more; then :save NAME",
            )
        if self.parts.save_search is not None:
            self.parts.save_search(name, str(query))
        self.faulty_searches.pop(name, None)
        kept = [each for each in self.sections if each.name != name]
        self.sections = [*kept, Section(name, query)]
        self.query_one(SearchBox).set_text("")
        self.choose_section(len(self.sections) - 1)

    @property
    def own_searches(self) -> list[str]:
        """The names of the user's saved searches, also of those that do not parse."""
        own = [section.name for section in self.sections[len(_BUILT_IN) :]]
        return [*own, *self.faulty_searches]

    def forget_section(self, name: str) -> None:
        """Do without the user's saved search *name*, in this and later sessions."""
        if self.parts.forget_search is not None:
            self.parts.forget_search(name)
        shown = self.sections[self.section]
        own = self.sections[len(_BUILT_IN) :]
        was = [str(each.query) for each in own if each.name == name]
        was += [error.query for error in (self.faulty_searches.pop(name, None),) if error]
        self.sections = [
            *self.sections[: len(_BUILT_IN)],
            *(each for each in own if each.name != name),
        ]
        left = shown in self.sections
        self.choose_section(self.sections.index(shown) if left else EVERYTHING)
        self.tell(f"«{name}» is forgotten; it was {' '.join(was)}")

    def tell_what_is_left_out(self) -> None:
        """Say which saved searches have no tab, which settings do not count, and why."""
        lines = [
            f"«{name}»: {error.message} ({error.hint})"
            for name, error in self.faulty_searches.items()
        ]
        if lines:
            self.tell("\n".join(lines), "warning", title="Left out of the saved searches")
        for words in self.parts.left_out:
            self.tell(words, "warning")

    def show_sections(self) -> None:
        """Bring the tabs up to date."""
        bar = self.query_one(SectionBar)
        bar.show(self.sections, self.section, self.section_counts)
        hidden = not bar.display and self.section != EVERYTHING
        title = bar.chosen if hidden else ""
        if title != self._tab_title:  # Textual draws the whole pane for a title, also for the same
            self._tab_title = title
            self.query_one("#list-pane").border_title = Content(title)

    def on_resize(self) -> None:
        """Name the tab above the list where there is no line for the tabs."""
        self.call_after_refresh(self.show_sections)

    async def count_inbox(self) -> None:
        """Count what the Inbox would show in this view, as the header counts what is shown."""
        inbox = self.sections[0]
        self.section_counts = {}
        if inbox.query and not self.state.searches:
            view = replace(self.state, section=inbox.query)
            counts = await self.library.kind_counts(
                view.condition(self.parts.now()), include_expired=view.include_expired
            )
            number = written(sum(counts.values()), at_least=self.library.partial)
            self.section_counts = {inbox.name: number}
        self.show_sections()

    def action_sort_next(self) -> None:
        """Sort by the next order."""
        orders = list(Sort)
        self.sort_by(orders[(orders.index(self.state.sort) + 1) % len(orders)])

    def sort_by(self, sort: Sort) -> None:
        """Sort by *sort*; the cursor stays on its memory, or on the first row."""
        if self.state.searches:
            self.tell("a search by meaning is sorted by score; Tab in the box leaves it")
            return
        self.query_one(SearchBox).show_order("" if sort is Sort.NEWEST else f"sort: {sort.value}")
        self.set_state(replace(self.state, sort=sort), top=self.memories.cursor == 0)

    def action_show_expired(self) -> None:
        """Show or hide expired memories."""
        shown = not self.state.include_expired
        self.set_state(replace(self.state, include_expired=shown))
        self.tell("expired memories are shown" if shown else "expired memories are hidden")

    def action_type_bar(self) -> None:
        """Go to the type bar."""
        self.query_one("#types").focus()

    def action_type_pick(self) -> None:
        """Open what there is to narrow by, with counts."""
        self.open_with(self._pick_facet())

    async def _pick_facet(self) -> None:
        from mem0_tui.tui.facets import facets_of
        from mem0_tui.tui.modals.facet_picker import FacetPicker

        facets = await facets_of(self.library, self.state, self.parts.now())
        self.app.push_screen(FacetPicker(facets), self._narrow_by)

    def _narrow_by(self, facet: Facet | None) -> None:
        """Show what has this value too, or no longer; or hide it."""
        if facet is None:
            return
        if facet.field == "kind":
            change = self.state.with_type_hidden if facet.hidden else self.state.with_type_toggled
            self.set_state(change(facet.value), top=True)
        elif facet.field in list(EntityKind) and facet.value is not None and not facet.hidden:
            entity = EntityRef(EntityKind(facet.field), facet.value)
            self.set_state(self.state.with_scope_toggled(frozenset({entity})), top=True)
        else:
            sign = "-" if facet.hidden else ""
            term = f"{sign}{facet.field}:{Literal(facet.name, quoted=True)}"
            if facet.field == "shared" and facet.name == "yes" and not facet.hidden:
                term = "-shared:no"  # beside a user, shared:yes would add memories
            box = self.query_one(SearchBox)
            box.set_text(" ".join(filter(None, (box.input.value.strip(), term))))

    def action_view_refresh(self) -> None:
        """Read everything again."""
        self.refresh_library()

    def _go(self, selector: str, shown_class: str) -> None:
        pane = self.query_one(selector)
        if not pane.display or self.has_class("-narrow") or self.has_class("-slim"):
            for name in ("-show-scope", "-show-health", "-show-detail"):
                self.set_class(name == shown_class, name)
        self.focus_pane(pane)

    def action_focus_scope(self) -> None:
        """Go to the scope tree."""
        self._go("#scope", "-show-scope")

    def action_focus_list(self) -> None:
        """Go to the memory list."""
        self._go("#list", "")

    def action_focus_detail(self) -> None:
        """Go to the detail pane."""
        self._go("#detail", "-show-detail")

    def action_focus_health(self) -> None:
        """Go to the install sidebar."""
        self._go("#health", "-show-health")


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
