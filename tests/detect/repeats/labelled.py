"""The labelled sets of pairs in ``tests/detect/sets``, and what the detector says of them.

They were written by hand before the detector was tuned. Every third pair (``validation``) was never
looked at while tuning.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mem0_tui.detect.repeats.detector import RepeatDetector
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from tests.detect.incremental import found

SETS = Path(__file__).parent.parent / "sets"
_START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and what a person says of them."""

    kind: str
    older: str
    newer: str
    label: str
    """``repeat``, ``open`` (a repeat with words that no list knows), ``paraphrase`` (a repeat in
    other words, which only its meaning could tell), ``twin``, or of conflicts
    ``yes``, ``look`` and ``no``."""
    validation: bool
    fresh: bool = False
    """Whether it was written later, of trades that no list was made for, in six languages."""


def pairs(name: str) -> list[Pair]:
    """The pairs of the set *name*."""
    found = []
    for line in (SETS / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        label = row.get("conflict") or {"repeats": "repeat", "twins": "twin"}[name]
        found.append(
            Pair(
                row["kind"],
                row.get("older", row.get("a")),
                row.get("newer", row.get("b")),
                row["kind"] if row["kind"] in ("open", "paraphrase") else label,
                row["validation"],
                row.get("hand") == "fresh",
            )
        )
    return found


def memory(id_: str, text: str, *, days: int = 0, **fields: object) -> Memory:
    """A memory of one user and app, made that many days after the first of March."""
    made = _START + timedelta(days=days)
    scope = Scope(user_id="kim", app_id="shop-api")
    return Memory(**{"id": id_, "text": text, "scope": scope, "created_at": made, **fields})  # type: ignore[arg-type]


def found_in(memories: Iterable[Memory]) -> list[Suspicion]:
    """What a new detector finds among *memories*."""
    return found(RepeatDetector(), list(memories))


def judged(of: Sequence[Pair]) -> list[tuple[Pair, list[Suspicion]]]:
    """Each pair with the suspicions about both of its texts: pairs do not see each other."""
    memories = []
    for number, pair in enumerate(of):
        scope = Scope(user_id=f"user {number}", app_id="shop-api")
        memories += [
            memory(f"{number}/older", pair.older, scope=scope),
            memory(f"{number}/newer", pair.newer, scope=scope, days=1),
        ]
    about: dict[str, list[Suspicion]] = {}
    for suspicion in found_in(memories):
        about.setdefault(suspicion.ids[0].partition("/")[0], []).append(suspicion)
    return [(pair, about.get(str(number), [])) for number, pair in enumerate(of)]


@dataclass(frozen=True, slots=True)
class Score:
    """How right the findings are."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}, recall {self.recall:.3f}"


def score(
    of: Sequence[tuple[Pair, list[Suspicion]]], queue: Queue, wanted: str, tier: Tier | None
) -> Score:
    """Of the pairs labelled *wanted*, those that *queue* holds in *tier* (None: in any); all other
    pairs in it are wrong."""
    counts: Counter[tuple[bool, bool]] = Counter()
    for pair, suspicions in of:
        hit = any(s.queue is queue and tier in (None, s.tier) for s in suspicions)
        counts[pair.label == wanted, hit] += 1
    return Score(counts[True, True], counts[False, True], counts[True, False])
