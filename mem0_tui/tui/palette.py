"""What the palette offers: actions with their keys, scopes, saved searches, themes, memories.

Everything shown is Content made from safe text: nothing that a memory holds is ever markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import Matcher
from textual.types import IgnoreReturnCallbackType

from mem0_tui.model.counting import plural
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.filter import Compare, Field, Op
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line
from mem0_tui.model.words import place_of
from mem0_tui.tui.keys import ACTIONS, keys_of, places_of, written
from mem0_tui.tui.render import shorten
from mem0_tui.tui.theme import theme_names
from mem0_tui.tui.visits import Navigation

if TYPE_CHECKING:
    from mem0_tui.tui.screens.browse import BrowseScreen

_MEMORIES = 20
_ENTITIES = 300
_LEAST_LENGTH = 2
_LEAST_SCORE = 0.3
_BEFORE = 30
_SHOWN = 120
"""Characters of a memory that are shown."""


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """Something to choose: its safe text, an aside that is not matched, and what it does."""

    text: str
    aside: str
    run: IgnoreReturnCallbackType


class _Places(Provider):
    """A provider whose entries are all known beforehand."""

    @property
    def browse(self) -> BrowseScreen | None:
        """The main screen, if that is what the palette lies on."""
        from mem0_tui.tui.screens.browse import BrowseScreen

        return self.screen if isinstance(self.screen, BrowseScreen) else None

    def entries(self) -> Iterator[PaletteEntry]:
        """What there is to choose from."""
        raise NotImplementedError

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for entry in self.entries():
            score = matcher.match(entry.text)
            if score > 0:
                yield Hit(score, highlighted(matcher, entry), entry.run, entry.text)


class Actions(_Places):
    """Every action of the registry that works on this screen."""

    def entries(self) -> Iterator[PaletteEntry]:
        keymap = getattr(self.app, "keymap", {})
        places = places_of(type(self.screen))
        for action in ACTIONS:
            if action.id == "palette.open" or action.where not in places:
                continue
            if isinstance(self.app, Navigation) and not self.app.offers(action.action):
                continue
            text = action.help.rstrip(".")
            if action.label.casefold() not in text.casefold():
                text = f"{text} ({action.label})"
            run = partial(self.app.run_action, action.action)
            yield PaletteEntry(text, written(keys_of(action, keymap)), run)

    async def discover(self) -> Hits:
        for entry in self.entries():
            yield DiscoveryHit(plain(entry), entry.run, entry.text)


class Scopes(_Places):
    """Users, agents, apps and runs: choosing one shows its memories only."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._entries: list[PaletteEntry] = []

    async def startup(self) -> None:
        browse = self.browse
        if browse is None:
            return
        self._entries = [
            PaletteEntry("scope: everything", "", partial(browse.controllers.find.show_scope, None))
        ]
        try:
            entities = await browse.parts.library.entities()
        except Mem0TuiError as error:
            browse.show_error(error)
            return
        self._entries += [
            PaletteEntry(
                f"scope: {one_line(str(entity.ref))}",
                "" if entity.memory_count is None else plural(entity.memory_count, "memory"),
                partial(browse.controllers.find.show_scope, entity.ref),
            )
            for entity in entities[:_ENTITIES]
        ]

    def entries(self) -> Iterator[PaletteEntry]:
        yield from self._entries


class Themes(_Places):
    """The themes."""

    def entries(self) -> Iterator[PaletteEntry]:
        for name in theme_names():
            yield PaletteEntry(
                f"theme: {name}",
                "in use" if name == self.app.theme else "",
                partial(self._use, name),
            )

    def _use(self, name: str) -> None:
        if isinstance(self.app, Navigation):
            self.app.use_theme(name)


class SavedSearches(_Places):
    """The sections above the list: the Inbox, All, and the user's own searches."""

    def entries(self) -> Iterator[PaletteEntry]:
        browse = self.browse
        for index, section in enumerate(browse.session.tabs.sections if browse is not None else ()):
            assert browse is not None
            yield PaletteEntry(
                f"search: {one_line(section.name)}",
                "",
                partial(browse.controllers.find.choose_tab, index),
            )


class MemoryCommands(Provider):
    """Memories whose text holds what is typed."""

    async def search(self, query: str) -> Hits:
        from mem0_tui.tui.screens.browse import BrowseScreen

        browse = self.screen
        if not isinstance(browse, BrowseScreen) or len(query.strip()) < _LEAST_LENGTH:
            return
        matcher = self.matcher(query)
        try:
            keys = await browse.parts.library.keys(
                Compare(Field.TEXT, Op.ICONTAINS, query.strip()), limit=_MEMORIES
            )
            found = await browse.parts.library.memories(keys)
        except Mem0TuiError as error:
            browse.show_error(error)
            return
        for rank, key in enumerate(keys):
            if key in found:
                text = excerpt(found[key].text, query.strip())
                entry = PaletteEntry(
                    text, "memory", partial(browse.controllers.link.show_memory, key)
                )
                score = max(matcher.match(text), _LEAST_SCORE) - rank / 1000
                yield Hit(score, highlighted(matcher, entry), entry.run, text)


def excerpt(text: str, wanted: str) -> str:
    """A safe line of *text* that begins a little before *wanted*."""
    text = redact(text)  # first, since half of a secret is not known for one
    at = max(0, place_of(text, wanted))
    start = text.rfind(" ", 0, max(0, at - _BEFORE)) + 1 if at > _BEFORE else 0
    cut = shorten(text[start:], _SHOWN)
    return f"… {cut}" if start else cut


def plain(entry: PaletteEntry) -> Content:
    """*entry* without highlights."""
    return _with_aside(Content(redact(entry.text)), entry)


def highlighted(matcher: Matcher, entry: PaletteEntry) -> Content:
    """*entry* with what was matched highlighted."""
    text = redact(entry.text)
    content = Content(text)
    for offset in matcher.fuzzy_search.match(matcher.query, text)[1]:
        if not text[offset].isspace():
            content = content.stylize(matcher.match_style, offset, offset + 1)
    return _with_aside(content, entry)


def _with_aside(content: Content, entry: PaletteEntry) -> Content:
    if not entry.aside:
        return content
    return content + Content.styled(f"  {one_line(entry.aside)}", "$muted not bold")
