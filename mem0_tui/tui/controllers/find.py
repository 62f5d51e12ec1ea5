"""Narrows and searches: search box, order, types, tabs, scope."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.page import Sort
from mem0_tui.model.query import Literal, Query, Word
from mem0_tui.model.text import one_line
from mem0_tui.presenting.masking import MASKED
from mem0_tui.review.events import (
    RangeBegun,
    TabChosen,
    TabForgotten,
    ViewChosen,
)
from mem0_tui.review.order import ORDERS, Order, listing_order
from mem0_tui.review.placing import TabSaved
from mem0_tui.review.reading import GiveUp, RowsExpected, RowsRequested
from mem0_tui.review.tabs import EVERYTHING
from mem0_tui.review.view import BrowseState, FindMode
from mem0_tui.tui.controllers.controller import Act, Controller

if TYPE_CHECKING:
    from mem0_tui.tui.modals.facet_picker import Facet

_TYPING_DELAY = 0.12
_ALIKE_LENGTH = 400
"""Characters of a memory that are searched for: more add little to what it means."""


class FindController(Controller):
    """What the list shows."""

    def actions(self) -> Mapping[str, Act]:
        return {
            "find.focus": lambda: self.screen.box.enter(),
            "find.clear": self.clear,
            "section.next": lambda: self.choose_tab(self.session.tabs.index + 1),
            "section.previous": lambda: self.choose_tab(self.session.tabs.index - 1),
            "sort.next": self.sort_by_next,
            "show.expired": self.toggle_expired,
            "type.bar": lambda: self._focus("#types"),
            "type.pick": lambda: self.screen.open_with(self._pick_facet()),
        }

    def _focus(self, selector: str) -> None:
        self.screen.query_one(selector).focus()

    # -- the search box

    def narrow(self, asked: tuple[Query, FindMode]) -> None:
        """Narrow at once; search by meaning after a pause in typing."""
        query, mode = asked
        view = replace(self.session.view, query=query, mode=mode)
        self.screen.workers.cancel_group(self.screen, "typing")
        if mode is FindMode.MEANING:
            self.screen.send(RowsExpected())
            self.screen.read("typing", self._search_later(view))
        else:
            self._search(view)

    async def _search_later(self, view: BrowseState) -> None:
        await asyncio.sleep(_TYPING_DELAY)
        self._search(view)

    def _search(self, view: BrowseState) -> None:
        same = view == self.session.view  # then the keys that follow wait for its rows all the same
        self.screen.send(RowsRequested() if same else ViewChosen(view, top=True))

    def clear(self) -> None:
        """Stop an apply, what is being prepared or a first reading, else end a range, else go back
        to the statistics that led here, else clear the search.

        Marks and staged changes stay.
        """
        screen, memories = self.screen, self.screen.memories
        if screen.controllers.apply.stop() or screen.call_off():
            return
        if not len(memories.rows) and self.session.loader.reading:
            screen.send(GiveUp())
            return
        if screen.focused is not memories and memories.display:
            screen.controllers.go.go("#list", "")
            return
        if self.session.range_start is not None:
            screen.send(RangeBegun(None))
        elif screen.controllers.stats.come_back():
            return
        elif screen.box.input.value:
            screen.box.clear()
        memories.focus()

    def show_alike(self) -> None:
        """Search the scope for what means much the same as the memory under the cursor."""
        memory = self.screen.memories.current
        if memory is None:
            return
        text = MASKED.beginning(memory.text, 2 * _ALIKE_LENGTH)  # the box shows it
        phrase = " ".join(one_line(text).split())[:_ALIKE_LENGTH].strip()
        if not phrase:
            self.screen.tell("this memory holds no words to search for")
            return
        query = Query((Word(Literal(phrase, quoted=True)),))
        self.screen.box.show(str(query), FindMode.MEANING)
        view = self.session.view
        alike = replace(
            BrowseState(),
            scope=view.scope,
            without_entity=view.without_entity,
            query=query,
            mode=FindMode.MEANING,
            sort=listing_order(view.sort),
            include_expired=view.include_expired,
        )
        self.screen.send(ViewChosen(alike, top=True, section=EVERYTHING))

    # -- tabs

    def choose_tab(self, index: int) -> None:
        """Show the tab *index*, counted round."""
        self.screen.send(TabChosen(index))

    def save_tab(self, name: str) -> None:
        """Keep the view as a saved search of that name, for this and later sessions.

        Raises:
            UsageError: the view leaves nothing out, or a tab of the app's own has the name.
        """
        query = self.session.view.as_query()
        self.session.tabs.check(name, query)
        if self.parts.save_search is not None:
            self.parts.save_search(name, str(query))
        self.screen.box.set_text("")
        self.screen.send(TabSaved(name, query))

    def forget_tab(self, name: str) -> None:
        """Do without the user's saved search *name*, in this and later sessions."""
        if self.parts.forget_search is not None:
            self.parts.forget_search(name)
        self.screen.send(TabForgotten(name))

    def tell_what_is_left_out(self) -> None:
        """Say which saved searches have no tab, which settings do not count, and why."""
        lines = [
            f"«{name}»: {error.message} ({error.hint})"
            for name, error in self.session.tabs.faulty.items()
        ]
        if lines:
            title = "Left out of the saved searches"
            self.screen.tell("\n".join(lines), "warning", title=title)
        for words in self.parts.left_out:
            self.screen.tell(words, "warning")

    # -- order, expiry, types, scope

    def sort_by_next(self) -> None:
        """Sort by the next order."""
        orders = [each for each in ORDERS.values() if self._can_sort_by(each)]
        self.sort_by(orders[(orders.index(self.session.view.sort) + 1) % len(orders)])

    def _can_sort_by(self, order: Order) -> bool:
        return isinstance(order, Sort) or self.parts.recorded is not None

    def sort_by(self, sort: Order) -> None:
        """Sort by *sort*; the cursor stays on its memory, or on the first row."""
        view = self.session.view
        if not self._can_sort_by(sort):
            self.screen.tell("what Codex did is not recorded for these memories")
            return
        if view.searches:
            self.screen.tell("a search by meaning is sorted by score; Tab in the box leaves it")
            return
        self.screen.box.show_order("" if sort is Sort.NEWEST else f"sort: {sort.value}")
        self.show(replace(view, sort=sort), top=self.screen.memories.cursor == 0)

    def toggle_expired(self) -> None:
        """Show or hide expired memories."""
        shown = not self.session.view.include_expired
        self.show(replace(self.session.view, include_expired=shown), top=False)
        self.screen.tell("expired memories are shown" if shown else "expired memories are hidden")

    def show(self, view: BrowseState, *, top: bool = True) -> None:
        """Show another view; with *top* from its first row."""
        self.screen.send(ViewChosen(view, top))

    def choose_scope(self, refs: frozenset[EntityRef], *, unscoped: bool) -> None:
        """Show only what belongs to all of *refs*, without any everything; *unscoped* what belongs
        to no entity."""
        view = self.session.view
        if unscoped:
            without = not view.without_entity
            self.show(replace(view, scope=frozenset(), without_entity=without))
        else:
            self.show(view.with_only(refs))

    def choose_type(self, type_: str | None, *, everything: bool) -> None:
        """Show *type_* too, or no longer; *everything* shows all types."""
        view = self.session.view
        if everything:
            self.show(replace(view, types=frozenset(), hidden_types=frozenset()))
        else:
            self.show(view.with_type_toggled(type_))

    def show_scope(self, entity: EntityRef | None) -> None:
        """Show the memories of *entity* only; None shows all."""
        scope = frozenset() if entity is None else frozenset({entity})
        self.show(replace(self.session.view, scope=scope, without_entity=False))

    async def _pick_facet(self) -> None:
        """Open what there is to narrow by, with counts."""
        from mem0_tui.tui.facets import facets_of
        from mem0_tui.tui.modals.facet_picker import FacetPicker

        facets = await facets_of(self.parts.library, self.session.view, self.parts.now())
        self.screen.app.push_screen(FacetPicker(facets), self._narrow_by)

    def _narrow_by(self, facet: Facet | None) -> None:
        """Show what has this value too, or no longer; or hide it."""
        if facet is None:
            return
        view = self.session.view
        if facet.field == "kind":
            change = view.with_type_hidden if facet.hidden else view.with_type_toggled
            self.show(change(facet.value))
        elif facet.field in list(EntityKind) and facet.value is not None and not facet.hidden:
            entity = EntityRef(EntityKind(facet.field), facet.value)
            self.show(view.with_scope_toggled(frozenset({entity})))
        else:
            sign = "-" if facet.hidden else ""
            term = f"{sign}{facet.field}:{Literal(facet.name, quoted=True)}"
            if facet.field == "shared" and facet.name == "yes" and not facet.hidden:
                term = "-shared:no"  # beside a user, shared:yes would add memories
            box = self.screen.box
            box.set_text(" ".join(filter(None, (box.input.value.strip(), term))))
