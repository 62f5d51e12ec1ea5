"""What ``used:0``, ``seen<30d`` and ``cited:yes`` mean, once it is known what Codex did.

«Not recorded» matches ``used:none`` alone, and none of the others, negated or not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from mem0_tui.evidence.use import Coverage, Use
from mem0_tui.model.filter import (
    NOTHING,
    Compare,
    Field,
    Filter,
    Not,
    OneOf,
    Op,
    all_of,
    any_of,
)
from mem0_tui.model.memory import as_number
from mem0_tui.model.period import parse_age
from mem0_tui.model.query import FieldTerm
from mem0_tui.model.terms import is_true

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ":": lambda found, wanted: found == wanted,
    "<": lambda found, wanted: found < wanted,
    "<=": lambda found, wanted: found <= wanted,
    ">": lambda found, wanted: found > wanted,
    ">=": lambda found, wanted: found >= wanted,
}


def meaning_of(
    term: FieldTerm, uses: Mapping[str, Use], coverage: Coverage, now: datetime
) -> Filter:
    """*term* as a condition. *uses* holds every memory, by id, to which anything happened."""
    given = OneOf.of(id_ for id_, use in uses.items() if use.given)
    known = any_of((given, _covered(coverage)))
    found = any_of(_one(term, value.text, uses, known, now) for value in term.values)
    return all_of((known, Not(found))) if term.negated else found


def _one(
    term: FieldTerm, text: str, uses: Mapping[str, Use], known: Filter, now: datetime
) -> Filter:
    if term.key == "met":
        wanted = text.casefold()
        return OneOf.of(
            id_ for id_, use in uses.items() if any(t.startswith(wanted) for t in use.met)
        )
    if term.key == "used" and text.casefold() == "none":
        return Not(known)
    if term.key == "cited":
        cited = OneOf.of(id_ for id_, use in uses.items() if use.cited)
        return cited if is_true(text) else all_of((known, Not(cited)))
    fits = _count_test(term.op, text) if term.key == "used" else _age_test(term.op, text, now)
    if fits is None:
        return NOTHING
    found: Filter = OneOf.of(id_ for id_, use in uses.items() if use.given and fits(use))
    if term.key == "used" and fits(Use(0)):
        used = OneOf.of(id_ for id_, use in uses.items() if use.given)
        found = any_of((found, all_of((known, Not(used)))))
    return found


def _covered(coverage: Coverage) -> Filter:
    """The memories whose whole life is recorded."""
    if coverage.since is None or coverage.unseen:
        return NOTHING
    parts: list[Filter] = [Compare(Field.CREATED, Op.GE, coverage.since)]
    parts += [Compare(Field.CREATED, Op.GT, end) for end, _ in coverage.gaps[-1:]]
    return all_of(parts)


def _count_test(op: str, text: str) -> Callable[[Use], bool] | None:
    low, dots, high = text.partition("..")
    if dots and op == ":":
        least, most = as_number(low or "0"), as_number(high or "1e18")
        if least is None or most is None:
            return None
        return lambda use: least <= (use.given or 0) <= most
    wanted = as_number(text)
    if wanted is None:
        return None
    return lambda use: _COMPARISONS[op](use.given or 0, wanted)


def _age_test(op: str, text: str, now: datetime) -> Callable[[Use], bool] | None:
    def seconds(written: str) -> float | None:
        age = parse_age(written.casefold())
        return None if age is None else age.total_seconds()

    def ago(use: Use) -> float:
        assert use.last is not None
        return (now - use.last).total_seconds()

    young, dots, old = text.partition("..")
    if dots and op == ":":
        least = seconds(young) if young else 0.0
        most = seconds(old) if old else float("inf")
        if least is None or most is None:
            return None
        return lambda use: least <= ago(use) <= most
    wanted = seconds(text)
    if wanted is None or op == ":":
        return None
    return lambda use: _COMPARISONS[op](ago(use), wanted)
