"""The picture that the screen opens with: the panes where they will be, and the first rows.

It is drawn from a glance at the store, while nothing of Textual has been imported; the main screen
then takes its place, cell for cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from mem0_tui.presenting.age import age
from mem0_tui.tui.colours import ANSI_THEME, palette, type_class
from mem0_tui.tui.render import GUTTER_CELLS, fit, row_text, shorten

Line = list[Segment]


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
    """What the picture shows."""

    rows: Sequence[SplashRow]
    """The newest memories, where they can be had at once."""
    now: datetime
    title: str
    target: str
    theme: str
    searches: Sequence[str] = ()
    """The names of the user's saved searches."""
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


class SplashPicture:
    """The main screen before it is there."""

    def __init__(self, opening: Splash) -> None:
        self._opening = opening
        self._palette: Mapping[str, str] = palette(opening.theme)
        self._styles: dict[tuple[str, str, bool], Style] = {}

    def _style(self, colour: str, background: str = "surface", *, bold: bool = False) -> Style:
        style = self._styles.get(key := (colour, background, bold))
        if style is None:
            front, back = _colour(self._palette[colour]), _colour(self._palette[background])
            style = self._styles[key] = Style(color=front, bgcolor=back, bold=bold or None)
        return style

    def _rim(self) -> Style:
        """The border of a pane that has not the focus."""
        front, behind = (_colour(self._palette[name]) for name in ("foreground", "background"))
        if front.triplet and behind.triplet:
            mixed = (
                int(back + (fore - back) * 0.25)
                for fore, back in zip(front.triplet, behind.triplet, strict=True)
            )
            front = Color.from_rgb(*mixed)
        return self._style("foreground") + Style(color=front)

    def draw(self, width: int, height: int) -> list[Line]:
        """The lines on a terminal of *width* by *height* cells, each of *width* cells."""
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
        for index, row in enumerate(self._opening.rows[: max(0, at.list_rows - 2 - at.bars)]):
            lines.append([*self._row(row, width - 1, under_cursor=not index), gap])
        return lines

    def _filled(self, segments: Line, width: int, style: Style) -> Line:
        return Segment.adjust_line_length(segments, width, style)

    def _row(self, row: SplashRow, width: int, *, under_cursor: bool) -> Line:
        back, bold = ("cursor-row", True) if under_cursor else ("surface", False)
        tail = f" {age(row.created_at, self._opening.now):>4} "
        text = row_text(width, row.text, row.kind, row.home, pinned=row.pinned, tail=len(tail))
        plain = self._style("foreground", back, bold=bold)
        if under_cursor:
            plain += Style.parse(self._palette["cursor-style"])
        muted = plain if under_cursor else self._style("muted", back)
        kind = self._style(f"type-{type_class(row.kind)}", back, bold=bold)
        if under_cursor and self._opening.theme == ANSI_THEME:
            kind = plain
        segments = [
            Segment(" " * GUTTER_CELLS, plain),
            Segment(text.kind, kind),
            Segment(text.pin, self._style("accent", back, bold=True)),
            Segment(text.headline, plain),
            Segment(text.place, muted),
            Segment(tail, muted),
        ]
        return Segment.adjust_line_length(segments, width, plain)


def _colour(name: str) -> Color:
    """A colour of a palette, which names the terminal's own as Textual does."""
    return Color.parse(name.removeprefix("ansi_"))
