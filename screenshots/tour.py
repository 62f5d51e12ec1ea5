"""The README's moving picture: a few steps of the demo, as one SVG that plays in a browser.

What several steps have in common is drawn once, and shown as long as one of them is. Where nothing
plays (a viewer without CSS animations, or a reader who wants no motion), the first step is shown.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final, TypeAlias

from textual.pilot import Pilot

from mem0_tui.detect.suspicion import Queue
from tests.tui.harness import browse, press, settle, until

Act: TypeAlias = Callable[[Pilot[Any]], Awaitable[None]]
SIZE: Final = (100, 30)


@dataclass(frozen=True, slots=True)
class Step:
    """A key, what it does, and for how many seconds that is shown."""

    key: str
    caption: str
    act: Act
    seconds: float = 4.0


def keys(*pressed: str) -> Act:
    """Presses keys."""

    async def act(pilot: Pilot[Any]) -> None:
        await press(pilot, *pressed)

    return act


async def noise(pilot: Pilot[Any]) -> None:
    """Leaves the search and goes to the queue of noise, once everything was looked through."""
    await press(pilot, "escape", "escape")
    screen = browse(pilot.app)  # type: ignore[arg-type]
    await until(pilot, lambda: screen.session.queues.scanned)
    queues = [section.queue for section in screen.session.tabs.sections]
    screen.controllers.find.choose_tab(queues.index(Queue.NOISE))


STEPS: Final = (
    Step("", "everything that Codex remembered", keys("j", "j")),
    Step("/", "type to find", keys("slash", "d", "e", "p"), 0.8),
    Step("/", "type to find", keys("l", "o", "y"), 3.0),
    Step("]", "what deserves a look, and why", noise, 5.0),
    Step("p", "stage what is proposed", keys("p", "p"), 3.0),
    Step("a", "look at the plan", keys("a")),
    Step("y", "apply it", keys("y"), 3.0),
    Step("u", "take it back", keys("u"), 3.0),
    Step("y", "and all of it is there again", keys("y"), 3.0),
    Step("h", "is the install healthy?", keys(), 5.0),
)


async def play(pilot: Pilot[Any], steps: Sequence[Step]) -> list[str]:
    """The screen as SVG after each of *steps*."""
    pictures = []
    for step in steps:
        await step.act(pilot)
        await settle(pilot)
        pictures.append(pilot.app.export_screenshot(title="", simplify=True))
    return pictures


RULE = re.compile(r"\.terminal-\d+-(r\d+) \{ (.*?) \}")
RECT = re.compile(
    r'<rect fill="([^"]+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"'
)
TEXT = re.compile(r'<text class="terminal-\d+-(r\d+)" (.*?) clip-path="[^"]*">(.*?)</text>')


@dataclass(slots=True)
class Film:
    """The parts of all steps, each with the steps that show it."""

    styles: dict[str, str] = field(default_factory=dict)
    """A class for each style of text, over all steps."""
    grounds: dict[str, int] = field(default_factory=dict)
    """Backgrounds; the bits of the number are the steps that show one."""
    texts: dict[str, int] = field(default_factory=dict)

    def add(self, number: int, svg: str) -> None:
        """Take in the picture of step *number*, from 0."""
        rules = dict(RULE.findall(svg))
        for ground in _joined(RECT.findall(svg)):
            self.grounds[ground] = self.grounds.get(ground, 0) | 1 << number
        for rule, places, text in TEXT.findall(svg):
            if text.replace("&#160;", "").strip() or "decoration" in rules[rule]:
                name = self.styles.setdefault(rules[rule], f"t{len(self.styles)}")
                drawn = f'<text class="{name}" {places}>{text}</text>'
                self.texts[drawn] = self.texts.get(drawn, 0) | 1 << number


def _joined(rects: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Backgrounds beside each other of one colour, as one."""
    rows: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
    for fill, x, y, width, height in rects:
        row = rows.setdefault((y, height), [])
        if row and row[-1][0] == fill and abs(row[-1][1] + row[-1][2] - float(x)) < 0.1:
            row[-1] = (fill, row[-1][1], row[-1][2] + float(width))
        else:
            row.append((fill, float(x), float(width)))
    for (y, height), row in rows.items():
        for fill, left, wide in row:
            place = f'x="{left:g}" y="{y}" width="{wide:g}" height="{height}"'
            yield f'<rect fill="{fill}" {place}/>'


def film(pictures: list[str]) -> str:
    """*pictures*, one of each step, as one SVG."""
    made = Film()
    for number, svg in enumerate(pictures):
        made.add(number, svg)
    captions = {_caption(step): 1 << number for number, step in enumerate(STEPS)}
    layers = [made.grounds, made.texts, captions]
    spans = {shown for layer in layers for shown in layer.values()}
    view = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', pictures[0])
    assert view is not None
    wide, high = float(view[1]), float(view[2])
    style = "\n".join((*_text_styles(made.styles), *_timing(sorted(spans))))
    size = f'width="{wide - 2:g}" height="{high - 2:g}"'
    title = "\n".join(_groups(captions))
    body = "\n".join(line for layer in layers[:2] for line in _groups(layer))
    return f"""<svg viewBox="0 0 {wide:g} {high:g}" xmlns="http://www.w3.org/2000/svg">
<style>
{style}
</style>
<rect fill="#292929" stroke="#6b6b6b" x="1" y="1" {size} rx="8"/>
{title}
<g transform="translate(9, 41)">
{body}
</g>
</svg>
"""


def _caption(step: Step) -> str:
    key = f'<tspan class="key">{escape(step.key)}</tspan>' if step.key else ""
    dx = ' dx="10"' if key else ""
    words = f"{key}<tspan{dx}>{escape(step.caption)}</tspan>"
    return f'<text class="caption" x="50%" y="27">{words}</text>'


def _text_styles(styles: dict[str, str]) -> Iterator[str]:
    yield "text { font: 20px 'Fira Code', 'DejaVu Sans Mono', Menlo, Consolas, monospace; }"
    yield ".caption { fill: #e8e8e8; font: bold 19px sans-serif; text-anchor: middle; }"
    yield ".key { fill: #e0af68; }"
    yield "rect { shape-rendering: crispEdges; }"
    yield from (f".{name} {{ {rule} }}" for rule, name in styles.items())


def _timing(spans: list[int]) -> Iterator[str]:
    """When each group is shown: in the steps whose bits are set."""
    whole = sum(step.seconds for step in STEPS)
    for span in spans:
        if span == (1 << len(STEPS)) - 1:
            continue
        begun, shown, marks = 0.0, None, []
        for number, step in enumerate(STEPS):
            if shown is not (now := bool(span >> number & 1)):
                marks.append(f"{100 * begun / whole:.3g}%{{visibility:{_visibility(now)}}}")
                shown = now
            begun += step.seconds
        yield f"@keyframes s{span} {{ {''.join(marks)} }}"
        yield (
            f".s{span} {{ visibility: {_visibility(bool(span & 1))}; "
            f"animation: s{span} {whole:g}s step-end infinite; }}"
        )
    yield "@media (prefers-reduced-motion: reduce) { g { animation: none !important; } }"


def _visibility(shown: bool) -> str:
    return "visible" if shown else "hidden"


def _groups(layer: dict[str, int]) -> Iterator[str]:
    """The parts of *layer*, those that are shown together in one group."""
    together: dict[int, list[str]] = {}
    for part, span in layer.items():
        together.setdefault(span, []).append(part)
    for span, parts in together.items():
        yield f'<g class="s{span}">{"".join(parts)}</g>'
