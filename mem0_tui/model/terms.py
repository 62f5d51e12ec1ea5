"""The fields of the query language: which there are, what values they take, what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias

from mem0_tui.model.filter import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    Field,
    Filter,
    MetadataKey,
    Not,
    Op,
    Value,
    all_of,
    any_of,
)
from mem0_tui.model.folder import plain_folder
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import as_number
from mem0_tui.model.period import AGE_FORM, TIME_FORM, Period, parse_age, parse_period
from mem0_tui.model.words import is_wild

Key: TypeAlias = Field | MetadataKey
Written: TypeAlias = tuple[str, bool]
"""A value's text, and whether it was quoted."""

_KINDS = (Field.TYPE, Field.KIND)
_EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
"""Moments on both sides of any date that is written: what holds at both does not hang on now."""


@late_dataclass(frozen=True)
class QueryField:
    """A field of the query language."""

    form: str
    """What a value looks like, for messages: «a type such as decision»."""
    compile: Callable[[str, str, bool, datetime], Filter | None]
    """(op, text, quoted, now) to a condition; None when the value does not fit."""
    ordered: bool = False
    """Whether ``<`` and ``>`` make sense."""


def _exact(key: Key, op: Op) -> Callable[[str, str, bool, datetime], Filter | None]:
    """A field whose values are names; *op* compares a value without wildcards: EQ to the letter,
    as ids are, or IS, without regard to case. Wildcards do likewise."""

    def compile_(_op: str, text: str, quoted: bool, _now: datetime) -> Filter | None:
        if quoted:
            return Compare(key, op, text)
        if text.casefold() in ("none", "untyped" if key in _KINDS else "none"):
            return Not(Compare(key, Op.PRESENT))
        if text == "*":
            return Compare(key, Op.PRESENT)
        wild = Op.PATTERN if op is Op.EQ else Op.GLOB
        return Compare(key, wild if re.search(r"[*?]", text) else op, text)

    return compile_


_SESSION = (MetadataKey("session_id"), Field.RUN)
"""Where Mem0's Codex plugin writes the session: until 0.2 in the metadata, since 0.3 as the run."""


def _session(op: str, text: str, quoted: bool, now: datetime) -> Filter | None:
    """The session, wherever it stands; none where it stands nowhere."""
    parts = [_exact(key, Op.IS)(op, text, quoted, now) for key in _SESSION]
    either = [part for part in parts if part is not None]
    return all_of(either) if isinstance(either[0], Not) else any_of(either)


def _folder(op: str, text: str, quoted: bool, now: datetime) -> Filter | None:
    """A folder, with or without a slash after it."""
    return _exact(Field.FOLDER, Op.IS)(op, plain_folder(text) or text, quoted, now)


def _number(key: Key) -> Callable[[str, str, bool, datetime], Filter | None]:
    def compile_(op: str, text: str, _quoted: bool, _now: datetime) -> Filter | None:
        low, dots, high = text.partition("..")
        if dots and op == ":":
            return _between(key, low, high, as_number)
        number = as_number(text)
        return None if number is None else Compare(key, _order(op), number)

    return compile_


def _between(key: Key, low: str, high: str, read: Callable[[str], float | None]) -> Filter | None:
    ends = [(Op.GE, low), (Op.LE, high)]
    parts: list[Filter] = []
    for op, text in ends:
        if text:
            number = read(text)
            if number is None:
                return None
            parts.append(Compare(key, op, number))
    return all_of(parts) if parts else None


def _order(op: str) -> Op:
    return Op.EQ if op == ":" else Op(op)


def _time(key: Field) -> Callable[[str, str, bool, datetime], Filter | None]:
    def value(moment: datetime) -> Value:
        return moment.date() if key is Field.EXPIRES else moment

    def within(period: Period) -> list[Filter]:
        if key is Field.EXPIRES:
            last = period.start if period.end.date() == period.start.date() else None
            ends = Op.LE if last else Op.LT
            return [
                Compare(key, Op.GE, value(period.start)),
                Compare(key, ends, value(period.end)),
            ]
        return [Compare(key, Op.GE, period.start), Compare(key, Op.LT, period.end)]

    def compile_(op: str, text: str, quoted: bool, now: datetime) -> Filter | None:
        if op == ":" and text.casefold() == "none" and not quoted:
            return Not(Compare(key, Op.PRESENT))
        low, dots, high = text.partition("..")
        if dots and op == ":":
            if not low and not high:
                return None
            first, last = parse_period(low, now), parse_period(high, now)
            if (low and not first) or (high and not last):
                return None
            return all_of(
                ([within(first)[0]] if first else []) + ([within(last)[1]] if last else [])
            )
        period = parse_period(text, now)
        if period is None:
            return None
        start, end = within(period)
        match op:
            case ":":
                return all_of([start, end])
            case ">=":
                return start
            case "<":
                return all_of([Compare(key, Op.PRESENT), Not(start)])
            case "<=":
                return end
            case _:
                return all_of([Compare(key, Op.PRESENT), Not(end)])

    return compile_


def _age(op: str, text: str, _quoted: bool, now: datetime) -> Filter | None:
    def ago(written: str) -> datetime | None:
        length = parse_age(written.casefold())
        try:
            return now - length if length is not None else None
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)

    flipped = {"<": Op.GT, "<=": Op.GE, ">": Op.LT, ">=": Op.LE}
    young, dots, old = text.partition("..")
    if op == ":":
        if not dots:
            return None
        bounds = [(Op.LE, young), (Op.GE, old)]
        parts: list[Filter] = []
        for bound, written in bounds:
            if written:
                moment = ago(written)
                if moment is None:
                    return None
                parts.append(Compare(Field.CREATED, bound, moment))
        return all_of(parts) if parts else None
    moment = ago(text)
    return None if moment is None else Compare(Field.CREATED, flipped[op], moment)


_TRUTH = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _yes_no(
    yes: Callable[[datetime], Filter],
) -> Callable[[str, str, bool, datetime], Filter | None]:
    def compile_(_op: str, text: str, _quoted: bool, now: datetime) -> Filter | None:
        truth = _TRUTH.get(text.casefold())
        if truth is None:
            return None
        return yes(now) if truth else Not(yes(now))

    return compile_


def _recorded(
    fits: Callable[[str, str, bool, datetime], Filter | None],
) -> Callable[[str, str, bool, datetime], Filter | None]:
    """A field whose values *fits* judges, and which is no part of a memory: what Codex did with it
    is recorded elsewhere. A query finds nothing by it until it was told, see
    :meth:`~mem0_tui.model.query.Query.told`."""

    def compile_(op: str, text: str, quoted: bool, now: datetime) -> Filter | None:
        return None if fits(op, text, quoted, now) is None else NOTHING

    return compile_


def is_true(text: str) -> bool:
    """Whether *text* says yes, as a value of ``shared`` and the like."""
    return _TRUTH.get(text.casefold(), False)


def _expired(now: datetime) -> Filter:
    return Compare(Field.EXPIRES, Op.LT, now.astimezone(UTC).date())


_HAS: dict[str, Key | tuple[Key, ...]] = {
    "type": Field.TYPE,
    "kind": Field.KIND,
    "user": Field.USER,
    "agent": Field.AGENT,
    "app": Field.APP,
    "run": Field.RUN,
    "category": Field.CATEGORY,
    "expiry": Field.EXPIRES,
    "confidence": Field.CONFIDENCE,
    "updated": Field.UPDATED,
    "source": MetadataKey("source"),
    "branch": MetadataKey("branch"),
    "author": MetadataKey("author"),
    "folder": Field.FOLDER,
    "session": _SESSION,
    "file": MetadataKey("files"),
}


def _has(_op: str, text: str, _quoted: bool, _now: datetime) -> Filter | None:
    name, _, rest = text.partition(".")
    if name.casefold() == "meta" and rest:
        return Compare(MetadataKey(rest), Op.PRESENT)
    keys = _HAS.get(text.casefold(), ())
    found = [Compare(key, Op.PRESENT) for key in (keys if isinstance(keys, tuple) else (keys,))]
    return any_of(found) if found else None


FIELDS: dict[str, QueryField] = {
    "kind": QueryField("a type or category, or none", _exact(Field.KIND, Op.EQ)),
    "type": QueryField("a type such as decision, or none", _exact(Field.TYPE, Op.EQ)),
    "user": QueryField("a user id, or none", _exact(Field.USER, Op.EQ)),
    "agent": QueryField("an agent id, or none", _exact(Field.AGENT, Op.EQ)),
    "app": QueryField("an app id, or none", _exact(Field.APP, Op.EQ)),
    "run": QueryField("a run id, or none", _exact(Field.RUN, Op.EQ)),
    "id": QueryField("a memory id, or its beginning and *", _exact(Field.ID, Op.EQ)),
    "category": QueryField("a category, or none", _exact(Field.CATEGORY, Op.IS)),
    "source": QueryField("a source, or none", _exact(MetadataKey("source"), Op.IS)),
    "branch": QueryField("a branch, or none", _exact(MetadataKey("branch"), Op.IS)),
    "author": QueryField("an author, or none", _exact(MetadataKey("author"), Op.IS)),
    "folder": QueryField("a folder such as src/http, or none", _folder),
    "session": QueryField("a session id, or none", _session),
    "file": QueryField("a file, or none", _exact(MetadataKey("files"), Op.IS)),
    "meta": QueryField("a value of that metadata key, or none", _exact(MetadataKey(""), Op.IS)),
    "confidence": QueryField("a number such as 0.3", _number(Field.CONFIDENCE), ordered=True),
    "length": QueryField("a number of characters", _number(Field.LENGTH), ordered=True),
    "age": QueryField(f"<, > or .. with {AGE_FORM}", _age, ordered=True),
    "created": QueryField(TIME_FORM, _time(Field.CREATED), ordered=True),
    "updated": QueryField(TIME_FORM, _time(Field.UPDATED), ordered=True),
    "expires": QueryField(TIME_FORM, _time(Field.EXPIRES), ordered=True),
    "has": QueryField(f"{', '.join(_HAS)} or meta.KEY", _has),
    "shared": QueryField(
        "yes (what all users of an app share; beside user: it is added to what is theirs) or no",
        _yes_no(lambda _: Compare(Field.SHARED, Op.EQ, True)),
    ),
    "pinned": QueryField("yes or no", _yes_no(lambda _: Compare(Field.PINNED, Op.EQ, True))),
    "expired": QueryField("yes or no", _yes_no(_expired)),
    "superseded": QueryField(
        "yes or no", _yes_no(lambda _: Compare(Field.SUPERSEDED, Op.EQ, True))
    ),
}


def _count(op: str, text: str, quoted: bool, now: datetime) -> Filter | None:
    """A number, or ``none``."""
    if op == ":" and text.casefold() == "none":
        return NOTHING
    return _number(Field.LENGTH)(op, text, quoted, now)


RECORDED = ("used", "seen", "cited", "met")
"""The fields that tell what Codex did with a memory."""
FIELDS["used"] = QueryField(
    "how often Codex was given it, such as 0, or none where that is not recorded",
    _recorded(_count),
    ordered=True,
)
FIELDS["seen"] = QueryField(
    f"how long ago Codex was given it last: <, > or .. with {AGE_FORM}",
    _recorded(_age),
    ordered=True,
)
FIELDS["cited"] = QueryField(
    "yes or no: whether an answer of Codex names it",
    _recorded(_yes_no(lambda _: EVERYTHING)),
)
FIELDS["met"] = QueryField(
    "a session of Codex, or the beginning of its id, that was given it, or wrote it",
    _recorded(_exact(Field.RUN, Op.EQ)),
)

KEY_NAMES = tuple("meta.KEY" if name == "meta" else name for name in FIELDS)


def problem(name: str, op: str, text: str) -> str | None:
    """Why *text* is no value for the field *name* with *op*, or None if it is one."""
    field = FIELDS[name]
    if op != ":" and not field.ordered:
        return f"{name} has no order, so {op} does not apply"
    conditions = [field.compile(op, text, False, now) for now in _EVER]
    if conditions[0] is None:
        return f"{text!r} does not fit {name}{op.removesuffix(':')}"
    if op == ":" and ".." in text and all(map(_is_backwards, conditions)):
        return f"{text!r} ends before it begins"
    return None


def _is_backwards(condition: Filter | None) -> bool:
    """Whether *condition* is a range whose first end is beyond its last."""
    parts = condition.parts if isinstance(condition, And) else ()
    ends: dict[Op, Any] = {part.op: part.value for part in parts if isinstance(part, Compare)}
    if Op.GE not in ends:
        return False
    beyond = Op.LE in ends and ends[Op.GE] > ends[Op.LE]
    return bool(beyond or (Op.LT in ends and ends[Op.GE] >= ends[Op.LT]))


def field_filter(key: str, op: str, values: tuple[Written, ...], now: datetime) -> Filter:
    """The condition of ``key op values``; the values are alternatives and have been checked."""
    name, _, rest = key.partition(".")
    compile_ = _exact(MetadataKey(rest), Op.IS) if name == "meta" else FIELDS[name].compile
    alternatives = [compile_(op, text, quoted, now) for text, quoted in values]
    return any_of(part for part in alternatives if part is not None)


def word_filter(text: str, *, quoted: bool = False) -> Filter:
    """The condition that the memory's text holds *text*, whatever its case and accents; unless
    *quoted*, ``*`` and ``?`` in it are wildcards."""
    wild = not quoted and is_wild(text)
    return Compare(Field.TEXT, Op.FINDS if wild else Op.ICONTAINS, text)
