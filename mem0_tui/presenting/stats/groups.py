"""Memories in groups by kind and by source, each with the terms of a query that find it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mem0_tui.model.query import FieldTerm, Literal
from mem0_tui.model.tally import Tallies, day_of
from mem0_tui.model.words import fold
from mem0_tui.presenting.masking import MASKED
from mem0_tui.presenting.memory import quoted, type_name

_PRODUCERS: Final = 8
_KINDS: Final = 14
"""Rows of the growth and of the kinds; what is beyond them is one row together."""
_PLAIN = re.compile(r"[\w.-]+")
Month = tuple[int, int]
"""A year and the number of a month in it; zeros where there is no date."""


@dataclass(frozen=True, slots=True)
class CountedGroup:
    """Memories of one kind, or of one source."""

    name: str
    count: int
    months: Mapping[Month, int]
    """By year and month."""
    terms: tuple[FieldTerm, ...]
    kind: str | None = None


class Sums:
    """Tallies, added up in one pass."""

    def __init__(self, found: Tallies) -> None:
        self.days: Counter[int] = Counter()
        self.undated = 0
        self.kinds: Counter[str | None] = Counter()
        self.groups: dict[tuple[str | None, tuple[str, ...], bool], Counter[Month]] = {}
        """By kind, sources and whether there is a source; then by year and month."""
        months: dict[int, Month] = {}
        for day, kind, sources, has_source, count in found:
            self.kinds[kind] += count
            if day is None:
                self.undated += count
                month = (0, 0)
            else:
                self.days[day] += count
                known = months.get(day)
                month = months[day] = _month_of(day) if known is None else known
            group = self.groups.get((kind, sources, has_source))
            if group is None:
                group = self.groups[kind, sources, has_source] = Counter()
            group[month] += count


def _month_of(day: int) -> Month:
    try:
        found = day_of(day)
    except OverflowError:  # a damaged row
        return 0, 0
    return found.year, found.month


def kinds(sums: Sums, most: int = _KINDS) -> list[CountedGroup]:
    """The kinds, the *most* frequent first, what has none last."""
    monthly: dict[str | None, Counter[Month]] = {kind: Counter() for kind in sums.kinds}
    for (kind, _, _), months in sums.groups.items():
        monthly[kind].update(months)
    named = sorted(
        (kind for kind in sums.kinds if kind is not None), key=lambda k: (-sums.kinds[k], k)
    )
    return _rows(
        "kind",
        most,
        [(kind, type_name(kind), monthly[kind]) for kind in named],
        [(type_name(None), monthly[None])] if sums.kinds[None] else [],
        lambda rest: sum((monthly[kind] for kind in rest), Counter()),
    )


def _sources(sums: Sums) -> list[CountedGroup]:
    """The sources, the most frequent first, what has none last. A memory with several counts in
    each."""
    spelt: dict[str, Counter[str]] = {}
    monthly: dict[str, Counter[Month]] = {}
    none: Counter[Month] = Counter()
    having: list[tuple[frozenset[str], Counter[Month]]] = []
    for (_, sources, has_source), months in sums.groups.items():
        folded = {fold(source): source for source in sources}
        for key, source in folded.items():
            spelt.setdefault(key, Counter())[source] += months.total()
            monthly.setdefault(key, Counter()).update(months)
        if has_source:
            having.append((frozenset(folded), months))
        else:
            none.update(months)
    order = sorted(monthly, key=lambda key: (-monthly[key].total(), key))
    names = {key: min(spelt[key], key=lambda s: (-spelt[key][s], s)) for key in order}

    def rest_of(rest: Sequence[str | None]) -> Counter[Month]:
        kept = set(order).difference(rest)
        found: Counter[Month] = Counter()
        for keys, months in having:
            if not keys & kept:
                found.update(months)
        return found

    return _rows(
        "source",
        _PRODUCERS,
        [(key, names[key], monthly[key]) for key in order],
        [("no source", none)] if none else [],
        rest_of,
        names,
    )


def _rows(
    field: str,
    most: int,
    named: Sequence[tuple[str, str, Counter[Month]]],
    none: Sequence[tuple[str, Counter[Month]]],
    rest_of: Callable[[Sequence[str | None]], Counter[Month]],
    values: Mapping[str, str] | None = None,
) -> list[CountedGroup]:
    """The groups of one *field*: the *most* frequent, the others together, and what has none."""

    def value(key: str) -> str:
        return key if values is None else values[key]

    shown, rest = named[:most], [key for key, _, _ in named[most:]]
    groups = [
        CountedGroup(
            quoted(MASKED.text(name)), months.total(), months, (term(field, ":", value(key)),),
            key if field == "kind" else None,
        )
        for key, name, months in shown
    ]  # fmt: skip
    others = rest_of(rest)
    if others:
        beyond = FieldTerm(field, ":", tuple(_literal(value(key)) for key, _, _ in shown), True)
        terms = (term("has", ":", field), *((beyond,) if shown else ()))
        groups.append(CountedGroup(f"{len(rest):,} others", others.total(), others, terms))
    for name, months in none:
        empty = (FieldTerm(field, ":", (Literal("none"),)),)
        groups.append(CountedGroup(name, months.total(), months, empty))
    return groups


def producers(sums: Sums) -> tuple[str, list[CountedGroup]]:
    """By source, where these tell anything apart; else by kind."""
    sources = _sources(sums)
    if len(sources) > 1:
        return "source", sources
    return "kind", kinds(sums, _PRODUCERS)


def term(key: str, op: str, value: str) -> FieldTerm:
    """The term of a query; *value* is meant to the letter."""
    plain = key in ("created", "used", "cited", "has")
    return FieldTerm(key, op, (Literal(value) if plain else _literal(value),))


def _literal(value: str) -> Literal:
    """*value* to the letter, in quotes only where it needs them."""
    special = not _PLAIN.fullmatch(value) or value.casefold() in ("none", "untyped")
    return Literal(value, quoted=special)
