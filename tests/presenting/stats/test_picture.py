"""The picture at every width: lines that fit, and numbers that can all be gone to and are there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product

import pytest

from mem0_tui.cli.rendering.layout import cells, cut, pad
from mem0_tui.demo.generator import DEMO_NOW, generate
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.query import Query, parse
from mem0_tui.model.tally import Tallies, Tally, tallied
from mem0_tui.presenting.stats.moving import across, along, found
from mem0_tui.presenting.stats.picture import picture
from mem0_tui.presenting.stats.sketch import CellSpot, Face, Picture
from mem0_tui.presenting.stats.statistics import Statistics, statistics

TODAY = DEMO_NOW.date()
WIDTHS = (57, 58, 78, 99, 100, 118, 136, 138, 167, 168, 218)
SCANS = [(TODAY - timedelta(days=9 - n), {"secrets": n, "noise": 300 - 9 * n}) for n in range(9)]


@pytest.fixture(scope="module")
def demo() -> Statistics:
    return made(tallied(generate()))


def made(tallies: Tallies, *, today: date = TODAY) -> Statistics:
    return statistics(Query(), tallies, today, use=(40, 3, 200, 149), audits=SCANS)


def face(*, plain: bool = False) -> Face:
    return Face(lambda text, width: pad(cut(text, width), width), plain)


def text_at(drawn: Picture, spot: CellSpot) -> str:
    line = "".join(text for text, _ in drawn.lines[spot.row])
    return line[spot.column : spot.column + spot.width]


@pytest.mark.parametrize(("width", "plain"), product(WIDTHS, (False, True)))
def test_each_line_is_as_wide_as_the_picture(demo: Statistics, width: int, plain: bool) -> None:
    drawn = picture(demo, width, face(plain=plain))
    for line in drawn.lines:
        assert cells("".join(text for text, _ in line)) <= width, line
    roles = {role for line in drawn.lines for _, role in line}
    assert {"title", "level-0", "level-4", "bar", "kind:decision"} <= roles
    if plain:
        signs = {t for line in drawn.lines for t, role in line if role.startswith("level")}
        assert all(sign.isascii() for sign in signs)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_calendar_shows_a_year_and_each_bar_its_number(demo: Statistics, width: int) -> None:
    drawn = picture(demo, width, face())
    shown = {spot.cell.query: spot for spot in drawn.spots if spot.cell.queue is None}
    assert all(day.query in shown for day in demo.days)
    for cell in (*demo.kinds, *demo.ages, *demo.use, *(each.whole for each in demo.growth)):
        assert f"{cell.count:,}" in text_at(drawn, shown[cell.query]), cell
    trends = [spot for spot in drawn.spots if spot.cell.queue is not None]
    assert [spot.cell.queue for spot in trends] == [Queue.SECRETS, Queue.NOISE]
    assert text_at(drawn, trends[0]).split() == ["Secrets", "8", "·▁▂▃▄▅▆▇█"]
    monday = shown[f"created:{demo.first}"]
    assert text_at(drawn, monday) in ("·", "··")
    line = "".join(text for text, _ in drawn.lines[monday.row])
    assert line.startswith("Mon ")


@pytest.mark.parametrize("width", WIDTHS)
def test_arrows_lead_to_every_number(demo: Statistics, width: int) -> None:
    spots = picture(demo, width, face()).spots
    reached, open_ = {0}, [0]
    while open_:
        at = open_.pop()
        middle = spots[at].column + spots[at].width // 2
        ways = [along(spots, at, by) for by in (-1, 1)]
        ways += [across(spots, at, by, middle) for by in (-1, 1)]
        open_ += [way for way in ways if way not in reached]
        reached.update(ways)
    assert len(reached) == len(spots)
    for index, spot in enumerate(spots):
        assert found(spots, spot.row, spot.column + spot.width - 1) == index


def test_down_and_up_keep_to_their_column(demo: Statistics) -> None:
    spots = picture(demo, 138, face()).spots
    days = {spot.cell.query: index for index, spot in enumerate(spots)}
    at = days[f"created:{TODAY - timedelta(days=TODAY.weekday())}"]
    column = spots[at].column
    for _ in range(4):
        at = across(spots, at, 1, column)
    assert spots[at].cell.query == f"created:{TODAY}", "the calendar's column is one week"
    back = at
    for _ in range(6):
        back = across(spots, back, 1, column)
    for _ in range(6):
        back = across(spots, back, -1, column)
    assert spots[back].column == column


def test_of_no_memories_and_no_scan_it_says_so() -> None:
    nothing = statistics(Query(), Tallies(), TODAY, use_missing="nobody wrote it down")
    drawn = picture(nothing, 78, face())
    text = "\n".join("".join(text for text, _ in line) for line in drawn.lines)
    assert "0 in 53 weeks, on 0 of " in text
    assert "not measured yet" in text
    assert "nobody wrote it down" in text
    assert {spot.cell.count for spot in drawn.spots} == {0}


def test_a_busy_day_does_not_make_the_others_look_alike() -> None:
    counts = [1] * 40 + [3] * 30 + [8] * 20 + [5000]
    tallies = Tallies(
        Tally(20_000 + n, "decision", (), False, count) for n, count in enumerate(counts)
    )
    today = date(1970, 1, 1) + timedelta(days=20_000 + len(counts) - 1)
    drawn = picture(made(tallies, today=today), 78, face())
    by_count: dict[int, set[str]] = {}
    for spot in drawn.spots:
        if spot.cell.query.startswith("created:") and ".." not in spot.cell.query and spot.row < 10:
            by_count.setdefault(spot.cell.count, set()).add(text_at(drawn, spot))
    assert {count: len(signs) for count, signs in by_count.items()} == dict.fromkeys(by_count, 1)
    assert len({sign for signs in by_count.values() for sign in signs}) >= 4


@pytest.mark.parametrize(
    ("counts", "signs"),
    [([7], "█"), ([1, 1, 1], "███"), ([1, 1, 1, 5], "░░░█"), ([1, 2, 3], "░▒█")],
)
def test_the_busiest_day_is_drawn_as_the_most(counts: list[int], signs: str) -> None:
    found = made(
        Tallies(Tally(20_000 + n, "decision", (), False, count) for n, count in enumerate(counts)),
        today=date(2024, 11, 1),
    )
    drawn = picture(found, 100, face())
    shown = {spot.cell.query: spot for spot in drawn.spots}
    days = [date(1970, 1, 1) + timedelta(days=20_000 + n) for n in range(len(counts))]
    assert "".join(text_at(drawn, shown[f"created:{day}"]) for day in days) == signs


def test_a_use_of_which_nothing_is_recorded_is_not_called_never() -> None:
    unknown = statistics(Query(), tallied(generate(20)), TODAY, use=(0, 0, 0, 20))
    assert unknown.use == ()
    assert "recorded" in unknown.use_missing


def test_others_and_odd_names_are_queries_too() -> None:
    kinds: Sequence[str] = [f"kind {n}" for n in range(30)] + ["none", 'say "x"']
    tallies = Tallies(Tally(20_000, kind, (), False, 1) for kind in kinds)
    demo = made(tallies)
    assert sum(cell.count for cell in demo.kinds) == len(kinds)
    (others,) = (cell for cell in demo.kinds if "others" in cell.label)
    assert others.count == len(kinds) - 14
    assert str(parse(others.query)) == others.query
