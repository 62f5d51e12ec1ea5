"""The picture that the screen opens with: the panes where they will be, and the first rows.

It is drawn by one widget from a glance at the store, while nothing of the main screen has been
imported; the main screen then takes its place, cell for cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

from mem0_tui.presenting.age import age
from mem0_tui.tui.render import GUTTER_CELLS, fit, row_text, shorten
from mem0_tui.tui.theme import type_class

if TYPE_CHECKING:
    from mem0_tui.tui.parts import Parts


class SplashRow(Protocol):
    """What is known of a memory at first glance."""

    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def pinned(self) -> bool: ...
    @property
    def home(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


class Splash(NamedTuple):
    """What the picture shows, and what comes behind it."""

    rows: Callable[[], Sequence[SplashRow]]
    """The newest memories, where they can be had at once."""
    now: Callable[[], datetime]
    title: str
    target: str
    theme: str
    searches: Sequence[str]
    """The names of the user's saved searches."""
    parts: Callable[[], Parts]
    """Puts the app's parts together, once the picture is on the screen."""
    remote: bool = False
    read_only: bool = False


class Frames(NamedTuple):
    """Cells that the main screen's panes take at some size; a pane of none is not shown."""

    scope: int
    centre: int
    install: int
    list_rows: int
    detail_rows: int
    bars: int
    """Lines above the rows in the list's pane."""


def frames(width: int, height: int) -> Frames:
    """The panes of a terminal of *width* by *height* cells, as ``styles/app.tcss`` has them."""
    scope, install = 0, 0
    if width >= 150:
        scope, install = 32, 32
    elif width >= 120:
        scope, install = 24, 25
    elif width >= 100:
        scope = 22
    rows, short = max(0, height - 2), height < 22
    listed = rows if short else rows * 3 // 5
    return Frames(scope, width - scope - install, install, listed, rows - listed, 2 if short else 3)


Line = list[Segment]


class SplashPicture(Widget):
    """The main screen before it is there. Takes no keys: those are kept for the main screen."""

    def __init__(self, opening: Splash) -> None:
        super().__init__()
        self.styles.height = "1fr"
        self._opening = opening
        self._lines: list[Line] = []
        self._drawn_for: object = None
        self._palette: dict[str, str] = {}

    def render_line(self, y: int) -> Strip:
        size = self.size
        if self._drawn_for != size:
            self._drawn_for = size
            self._palette = self.app.theme_variables
            self._lines = self._draw(size.width, size.height)
        if y >= len(self._lines):
            return Strip.blank(size.width, self._style("foreground", "background"))
        return Strip(self._lines[y]).adjust_cell_length(size.width)

    def _style(self, colour: str, background: str = "surface", *, bold: bool = False) -> Style:
        back = Color.parse(self._palette[background])
        front = Color.parse(self._palette[colour])
        return Style(color=front.rich_color, bgcolor=back.rich_color, bold=bold or None)

    def _rim(self) -> Style:
        """The border of a pane that has not the focus."""
        front, behind = (Color.parse(self._palette[name]) for name in ("foreground", "background"))
        if front.ansi is None and behind.ansi is None:
            front = behind.blend(front, 0.25)
        return self._style("foreground") + Style(color=front.rich_color)

    def _draw(self, width: int, height: int) -> list[Line]:
        at = frames(width, height)
        scope = self._scope(at)
        install = self._frame("Install", at.install, at.list_rows + at.detail_rows, [])
        centre = self._frame("", at.centre, at.list_rows, self._list(at))
        centre += self._frame("Memory", at.centre, at.detail_rows, [])
        lines = [self._header(width)]
        for left, middle, right in zip(scope, centre, install, strict=True):
            lines.append([*left, *middle, *right])
        lines.append([Segment(" " * width, self._style("foreground", "panel"))])
        return lines

    def _header(self, width: int) -> Line:
        opening = self._opening
        danger = opening.remote and not opening.read_only
        name = Segment(" mem0-tui ", self._style("background", "primary", bold=True))
        colours = ("background", "error") if danger else ("muted", "panel")
        backend = Segment(f" {opening.title} ", self._style(*colours, bold=danger))
        target = f"{opening.target} " if width >= 100 and opening.target else ""
        rest = width - name.cell_length - backend.cell_length
        words = fit(target, min(rest, Segment(target).cell_length))
        return [
            name,
            backend,
            Segment(words, self._style("muted", "panel")),
            Segment(" " * (rest - Segment(words).cell_length), self._style("foreground", "panel")),
        ]

    def _frame(self, title: str, width: int, height: int, inside: Sequence[Line]) -> list[Line]:
        """A pane's *height* lines of *width* cells; the list's pane, which has no title, is lit."""
        if not width or not height:
            return [[] for _ in range(height)]
        rim = self._rim() if title else self._style("primary")
        inner = width - 2
        dashes = "─" * inner
        top = [Segment(f"╭{dashes}╮", rim)]
        if title:
            words = f" {title} "
            top = [
                Segment("╭─", rim),
                Segment(words, self._style("muted")),
                Segment("─" * (inner - 1 - len(words)) + "╮", rim),
            ]
        blank: Line = [Segment(" " * inner, self._style("foreground"))]
        side = Segment("│", rim)
        body = [[side, *(inside[y] if y < len(inside) else blank), side] for y in range(height - 2)]
        return [top, *body, [Segment(f"╰{dashes}╯", rim)]]

    def _scope(self, at: Frames) -> list[Line]:
        everything = Segment(
            fit("● Everything", max(0, at.scope - 3)), self._style("primary", "panel", bold=True)
        )
        gap = Segment(" ", self._style("foreground"))
        return self._frame("Scope", at.scope, at.list_rows + at.detail_rows, [[everything, gap]])

    def _list(self, at: Frames) -> list[Line]:
        width, plain, muted = at.centre - 2, self._style("foreground"), self._style("muted")
        blank = Segment(" " * width, plain)
        lines: list[Line] = []
        if at.bars == 3:
            chosen = Segment("[All]", self._style("primary", bold=True))
            names = [shorten(name, 24) for name in self._opening.searches]
            own = Segment("".join(f" {name} " for name in names), muted)
            lines.append(self._filled([Segment(" Inbox ", muted), chosen, own], width, plain))
        prompt = Segment("/ ", self._style("primary", bold=True))
        lines += [[blank], self._filled([prompt], width, plain)]
        gap = Segment(" ", plain)
        for index, row in enumerate(self._opening.rows()[: max(0, at.list_rows - 2 - at.bars)]):
            lines.append([*self._row(row, width - 1, under_cursor=not index), gap])
        return lines

    def _filled(self, segments: Line, width: int, style: Style) -> Line:
        return list(Strip(segments).adjust_cell_length(width, style))

    def _row(self, row: SplashRow, width: int, *, under_cursor: bool) -> Line:
        back, bold = ("cursor-row", True) if under_cursor else ("surface", False)
        tail = f" {age(row.created_at, self._opening.now()):>4} "
        text = row_text(width, row.text, row.kind, row.home, pinned=row.pinned, tail=len(tail))
        plain = self._style("foreground", back, bold=bold)
        if under_cursor:
            plain += Style.parse(self._palette["cursor-style"])
        muted = plain if under_cursor else self._style("muted", back)
        kind = self._style(f"type-{type_class(row.kind)}", back, bold=bold)
        if under_cursor and self.app.current_theme.ansi:
            kind = plain
        segments = [
            Segment(" " * GUTTER_CELLS, plain),
            Segment(text.kind, kind),
            Segment(text.pin, self._style("accent", back, bold=True)),
            Segment(text.headline, plain),
            Segment(text.place, muted),
            Segment(tail, muted),
        ]
        return list(Strip(segments).crop_extend(0, width, plain))
