"""The numbers of the statistics, each with the query that finds the memories counted in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.query import FieldTerm, Literal, Query
from mem0_tui.model.tally import Tallies, number_of
from mem0_tui.presenting.stats.groups import CountedGroup, Sums, kinds, producers, term
from mem0_tui.presenting.suspicion import TITLES

WEEKS: Final = 53
"""Weeks of the calendar, the last of which is the present one."""
MONTHS: Final = 24
"""Months of the growth, the last of which is the present one."""
_AGES = (
    ("today", 0, 0),
    ("2-7 days", 1, 6),
    ("8-30 days", 7, 29),
    ("31-90 days", 30, 89),
    ("91-365 days", 90, 364),
)
"""Their names, and how many days ago the last and the first day of each are."""
USED: Final = (
    ("given to Codex", "used", ">", "0"),
    ("cited", "cited", ":", "yes"),
    ("never given", "used", ":", "0"),
    ("not recorded", "used", ":", "none"),
)
"""What is said of the use, and the term that each stands for."""
NOTHING_RECORDED: Final = "of none of these is recorded what Codex did with it"
USE_QUERIES: Final = tuple(Query((term(key, op, value),)) for _, key, op, value in USED)


@dataclass(frozen=True, slots=True)
class CountCell:
    """A number of memories, and where they are found."""

    label: str
    """What is counted, safe to show."""
    count: int
    query: str
    kind: str | None = None
    """The kind that it is about, for its colour."""
    queue: Queue | None = None
    """The queue that shows what is counted, in place of a query."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What one producer wrote."""

    whole: CountCell
    months: tuple[CountCell, ...]
    """The last :data:`MONTHS`, the oldest first."""


@dataclass(frozen=True, slots=True)
class QueueTrend:
    """How many memories deserved a look in one queue."""

    latest: CountCell
    points: tuple[tuple[date, int | None], ...]
    """By day of a scan, the oldest first; None where it was not measured."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """All numbers of one question."""

    query: str
    """What is counted; blank for all memories."""
    total: int
    missing: tuple[str, ...]
    """Why there may be more than were counted, as short clauses."""
    days: tuple[CountCell, ...]
    """The days of the calendar, from a Monday up to this day."""
    first: date
    """The first of these days."""
    grown_by: str
    """What the rows of the growth are: ``source`` or ``kind``."""
    months: tuple[date, ...]
    """The first days of the months of the growth."""
    growth: tuple[Growth, ...]
    kinds: tuple[CountCell, ...]
    ages: tuple[CountCell, ...]
    use: tuple[CountCell, ...] = ()
    use_missing: str = ""
    """Why there are no numbers of the use; blank where there are."""
    queues: tuple[QueueTrend, ...] = ()
    """Empty where no scan has been kept."""

    @property
    def at_least(self) -> str:
        """What stands before a number that may be too small."""
        return "at least " if self.missing else ""


def statistics(
    base: Query,
    found: Tallies,
    today: date,
    *,
    use: Sequence[int] = (),
    use_missing: str = "",
    audits: Iterable[tuple[date, Mapping[str, int]]] = (),
) -> Statistics:
    """The statistics of what *base* matches.

    Args:
        base: the query that every number narrows.
        found: its memories, counted.
        today: this day, in UTC as all days are.
        use: how many memories each of :data:`USED` has.
        use_missing: why that is not known.
        audits: the counts of each day's last scan, by queue, the oldest first.
    """
    if use and not use[0] and not use[2]:
        use, use_missing = (), NOTHING_RECORDED
    sums = Sums(found)
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    days = [first + timedelta(days=at) for at in range((today - first).days + 1)]
    months = _months(today)
    asked = _Asking(base)
    grown_by, groups = producers(sums)
    return Statistics(
        query=str(base),
        total=found.total,
        missing=found.missing,
        days=tuple(
            asked.cell(f"{day:%a} {day.day} {day:%b %Y}", sums.days[number_of(day)], _on(day))
            for day in days
        ),
        first=first,
        grown_by=grown_by,
        months=months,
        growth=tuple(_growth(asked, group, months) for group in groups),
        kinds=tuple(asked.cell(g.name, g.count, *g.terms, kind=g.kind) for g in kinds(sums)),
        ages=tuple(_ages(asked, sums, today)),
        use=tuple(
            asked.cell(name, count, term(key, op, value))
            for (name, key, op, value), count in zip(USED, use, strict=bool(use))
        ),
        use_missing=use_missing,
        queues=_trends(list(audits)),
    )


class _Asking:
    """Makes cells whose queries narrow one query."""

    def __init__(self, base: Query) -> None:
        self._begin = f"{base} " if base else ""

    def cell(self, label: str, count: int, *terms: FieldTerm, kind: str | None = None) -> CountCell:
        return CountCell(label, count, self._begin + " ".join(map(str, terms)), kind)


def _growth(asked: _Asking, group: CountedGroup, months: Sequence[date]) -> Growth:
    return Growth(
        asked.cell(group.name, group.count, *group.terms, kind=group.kind),
        tuple(
            asked.cell(
                f"{group.name} · {month:%b %Y}",
                group.months.get((month.year, month.month), 0),
                *group.terms,
                term("created", ":", f"{month:%Y-%m}"),
                kind=group.kind,
            )
            for month in months
        ),
    )


def _months(today: date) -> tuple[date, ...]:
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return tuple(reversed(found))


def _ages(asked: _Asking, sums: Sums, today: date) -> Iterable[CountCell]:
    now = number_of(today)
    for name, last, first in _AGES:
        count = sum(sums.days[now - at] for at in range(last, first + 1))
        yield asked.cell(name, count, _between(today, last, first))
    oldest = today - timedelta(days=_AGES[-1][2])
    older = sum(count for day, count in sums.days.items() if day < number_of(oldest))
    yield asked.cell("over a year", older, term("created", "<", f"{oldest}"))
    if ahead := sum(count for day, count in sums.days.items() if day > now):
        yield asked.cell("in the future", ahead, term("created", ">", f"{today}"))
    if sums.undated:
        none = FieldTerm("created", ":", (Literal("none"),))
        yield asked.cell("no date", sums.undated, none)


def _between(today: date, last: int, first: int) -> FieldTerm:
    begin, end = (today - timedelta(days=ago) for ago in (first, last))
    return _on(begin) if begin == end else term("created", ":", f"{begin}..{end}")


def _on(day: date) -> FieldTerm:
    return term("created", ":", day.isoformat())


def _trends(audits: Sequence[tuple[date, Mapping[str, int]]]) -> tuple[QueueTrend, ...]:
    """Of each queue that was measured once."""
    found: list[QueueTrend] = []
    for queue in Queue:
        points = tuple((day, counts.get(queue.value)) for day, counts in audits)
        latest = next(((d, n) for d, n in reversed(points) if n is not None), None)
        if latest is not None:
            day, count = latest
            label = f"{TITLES[queue]}, as of {day}"
            found.append(QueueTrend(CountCell(label, count, "", queue=queue), points))
    return tuple(found)


def cells_of(found: Statistics) -> list[CountCell]:
    """Every number that is a query."""
    grown = [cell for growth in found.growth for cell in (growth.whole, *growth.months)]
    return [*found.days, *grown, *found.kinds, *found.ages, *found.use]
