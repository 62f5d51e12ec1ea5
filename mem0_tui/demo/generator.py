"""Makes the demo memory set: the hand-written notes, then as many made-up ones as are wanted.

Equal arguments give equal memories, on every machine and Python version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import accumulate, chain
from operator import attrgetter
from random import Random
from typing import Any
from uuid import UUID

from mem0_tui.demo import (
    decisions,
    habits,
    hostile,
    lanes,
    learnings,
    sessions,
    surroundings,
    trouble,
)
from mem0_tui.demo.bulk import SHARES, sentence
from mem0_tui.demo.metadata import bulk_metadata, categories, usual_metadata
from mem0_tui.demo.note import Note
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import HistoryEntry, Memory

DEMO_NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""The moment that the demo set is made for, unless another is given."""

DAYS = 182
"""How far back the demo set goes."""

USERS = ("kim", "ravi", "noor")

_OWNERS = {
    "shop-api": "kim",
    "infra": "ravi",
    "mobile": "noor",
    "storefront": "noor",
    "docs-site": "kim",
    "warehouse": "ravi",
}
_APPS = tuple(_OWNERS)
_APP_SHARES = tuple(accumulate((40, 25, 14, 10, 3, 8)))
_TYPES = tuple(type_ for type_, _ in SHARES)
_TYPE_SHARES = tuple(accumulate(share for _, share in SHARES))
_THIS_MORNING = 0.1
"""Ages below this are to the minute; older memories are from working hours."""
_HOOK_TYPES = ("session_summary", "session_state", "compact_summary")

_PLAIN_NOTES: tuple[Note, ...] = (
    *learnings.NOTES,
    *learnings.BUG_FIXES,
    *habits.CONVENTIONS,
    *habits.PREFERENCES,
    *habits.ANTI_PATTERNS,
    *surroundings.ENVIRONMENTAL,
    *surroundings.UNTYPED,
    *surroundings.PROFILES,
)
_NOTES = (
    *_PLAIN_NOTES,
    *decisions.NOTES,
    *sessions.NOTES,
    *trouble.NOTES,
    *hostile.KINDS.values(),
    *lanes.NOTES,
)
"""All that are written by hand; the plain ones can be missed without a kind being lost."""
_OF_LANES = frozenset(map(id, lanes.NOTES))
_PLAIN = frozenset(id(note) for note in _PLAIN_NOTES if not note.earlier and not note.age)


def generate(count: int = 400, seed: int = 7, now: datetime = DEMO_NOW) -> Iterator[Memory]:
    """*count* memories, oldest first, the last from shortly before *now* (aware).

    With few memories it is a selection of the hand-written ones, which gives up plain ones first,
    then those of lanes; with many, these stand among made-up ones. Ids depend on *seed* alone, not
    on *now*.
    """
    if now.tzinfo is None:
        raise ValueError("the demo set needs a timezone-aware moment")
    written = sorted(_selected(count, seed, now), key=attrgetter("created_at"))
    made_up = _made_up(count - len(written), seed, now)
    return merge(written, made_up, key=attrgetter("created_at"))


def generate_histories(
    seed: int = 7, now: datetime = DEMO_NOW
) -> Mapping[str, tuple[HistoryEntry, ...]]:
    """The changes, oldest first, of those hand-written memories that have more than their addition
    to tell, by memory id; fits :func:`generate` with the same *seed* and *now*."""
    return {
        memory.id: tuple(_history(memory, note))
        for memory, note in _written(seed, now)
        if note.earlier or note.type == "auto_capture"
    }


def _selected(count: int, seed: int, now: datetime) -> list[Memory]:
    kept: list[Memory] = []
    plain: list[Memory] = []
    of_lanes: list[Memory] = []
    for memory, note in _written(seed, now):
        of_sort = of_lanes if id(note) in _OF_LANES else plain if id(note) in _PLAIN else kept
        of_sort.append(memory)
    rng = Random(f"{seed}/selection")
    if count < len(kept):
        return rng.sample(kept, max(count, 0))
    kept += of_lanes[: count - len(kept)]
    return kept + rng.sample(plain, min(count - len(kept), len(plain)))


def _written(seed: int, now: datetime) -> Iterator[tuple[Memory, Note]]:
    ids = {note.key: _uuid(_rng(seed, note)) for note in _NOTES if note.key}
    for note in _NOTES:
        yield _from_note(note, _rng(seed, note), ids, seed, now), note


def _rng(seed: int, note: Note) -> Random:
    return Random(f"{seed}/{note.type}/{note.app}/{note.age}/{note.text[:200]}")


def _uuid(rng: Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))


def _from_note(note: Note, rng: Random, ids: Mapping[str, str], seed: int, now: datetime) -> Memory:
    id_ = _uuid(rng)
    created = _created(note.age, rng, now)
    session = note.session or f"{note.app}/{int(rng.random() * 30)}"
    session_id = _uuid(Random(f"{seed}/session/{session}"))
    metadata = dict(
        usual_metadata(note, rng, session_id) if note.metadata is None else note.metadata
    )
    run = metadata.pop("run_id", None) or (session_id if note.run else None)
    user: str | None = note.user or (
        _OWNERS.get(note.app or "", "kim") if rng.random() < 0.72 else USERS[0]
    )
    agent = note.agent
    if id(note) in _OF_LANES:
        metadata = {"author": user, **_of_plugin(metadata, rng)}
        if note.lane:
            user, agent = None, lanes.lane_id(note.app or "", note.lane)
    raw = {}
    if note.raw_metadata is not None:
        raw = {"id": id_, "memory": note.text, "user_id": user, "metadata": note.raw_metadata}
    return Memory(
        id=id_,
        text=note.text,
        scope=Scope(user_id=user, agent_id=agent, app_id=note.app, run_id=run),
        metadata=metadata,
        categories=categories(note, rng),
        created_at=created,
        updated_at=_updated(note, created, rng, now),
        expires_on=(created + timedelta(days=note.expires)).date() if note.expires else None,
        immutable=note.immutable,
        replaced_by=ids[note.superseded_by] if note.superseded_by else None,
        synthesized=metadata.get("source") == "mem0-dream",
        feedback="NEGATIVE" if note.type == "auto_capture" and rng.random() < 0.1 else None,
        raw=raw,
    )


def _of_plugin(metadata: dict[str, Any], rng: Random) -> dict[str, Any]:
    """*metadata* with the commit that plugin 0.3 adds; the session is the memory's run there."""
    kept = {key: value for key, value in metadata.items() if key != "session_id"}
    return {"git_sha": f"{rng.getrandbits(160):040x}", **kept}


def _created(age: float | None, rng: Random, now: datetime) -> datetime:
    if age is not None and age < _THIS_MORNING:
        return (now - timedelta(days=age)).replace(microsecond=int(rng.random() * 1_000_000))
    days, part = divmod((DAYS - 2) * rng.random() ** 1.4 if age is None else age, 1)
    midnight = (now - timedelta(days=days + 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=18 - 10 * part, microseconds=int(rng.random() * 1_000_000))


def _updated(note: Note, created: datetime, rng: Random, now: datetime) -> datetime:
    if not note.earlier and rng.random() > 0.08:
        return created
    return created + (now - created) * (0.2 + 0.6 * rng.random())


def _history(memory: Memory, note: Note) -> Iterator[HistoryEntry]:
    texts = (*note.earlier, note.text)
    assert memory.created_at is not None
    assert memory.updated_at is not None
    life = memory.updated_at - memory.created_at
    asked = ({"role": "user", "content": f"Remember this: {texts[0]}"},)
    rng = Random(memory.id)
    for number, text in enumerate(texts):
        yield HistoryEntry(
            id=_uuid(rng),
            memory_id=memory.id,
            event="UPDATE" if number else "ADD",
            at=memory.created_at + life * number / max(1, len(texts) - 1),
            old_text=texts[number - 1] if number else None,
            new_text=text,
            metadata=memory.metadata,
            actor=memory.scope.user_id,
            input=asked if number == 0 else (),
        )


def _made_up(count: int, seed: int, now: datetime) -> Iterator[Memory]:
    rng = Random(f"{seed}/made up")
    draw, choices = rng.random, rng.choices
    start = now - timedelta(days=DAYS)
    span = (now - start).total_seconds() - 3600
    session = _uuid(rng)
    batches = range(0, max(count, 0), 1000)
    types = chain.from_iterable(choices(_TYPES, cum_weights=_TYPE_SHARES, k=1000) for _ in batches)
    for number, type_ in zip(range(count), types, strict=False):
        created = start + timedelta(seconds=span * (number + draw()) / count)
        if draw() < 0.15:
            session = _uuid(rng)
        app = choices(_APPS, cum_weights=_APP_SHARES)[0]
        hook = type_ in _HOOK_TYPES
        yield Memory(
            id=_uuid(rng),
            text=sentence(type_, rng),
            scope=Scope(
                user_id=_OWNERS[app] if draw() < 0.72 else USERS[int(draw() * 3)],
                agent_id="codex-ci" if draw() < 0.02 else None,
                app_id=app,
                run_id=session if type_ == "session_summary" else None,
            ),
            metadata=bulk_metadata(type_, rng, session),
            created_at=created,
            updated_at=created,
            expires_on=(created + timedelta(days=90)).date() if hook else None,
        )
