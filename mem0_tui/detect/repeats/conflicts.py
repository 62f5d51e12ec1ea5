"""Conflicts: memories of one owner that give one subject another value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from mem0_tui.detect.repeats.edges import Edge
from mem0_tui.detect.repeats.groups import Groups
from mem0_tui.detect.repeats.judgement import judge
from mem0_tui.detect.repeats.memory_table import MemoryTable
from mem0_tui.detect.repeats.postings import MOST, Omission
from mem0_tui.detect.repeats.reading import read
from mem0_tui.detect.repeats.relation import PairJudgement, Relation
from mem0_tui.detect.repeats.subject import Said, line, statement, subject
from mem0_tui.detect.repeats.vocabulary import NOT
from mem0_tui.detect.suspicion import Mark, Queue, Suspicion, Tier

_TIERS = {Relation.CONFLICT: Tier.FINDING, Relation.CHOICE: Tier.LOOK}


_Spans: TypeAlias = tuple[tuple[int, int], tuple[int, int]]


class _Pair(NamedTuple):
    """Two memories that contradict each other, the newer one first."""

    label: str
    tier: Tier
    newer: int
    older: int
    spans: _Spans
    yes_or_no: bool


class Conflicts:
    """Puts pairs together that are about the same."""

    def __init__(self, table: MemoryTable, groups: Groups) -> None:
        self._table = table
        self._groups = groups

    def found(self, edges: Sequence[Edge]) -> Iterator[Suspicion]:
        """The conflicts among *edges*; repeats of one memory count as one."""
        pairs: dict[tuple[int, int], _Pair] = {}
        for edge in edges:
            if edge.judgement.sort not in _TIERS:
                continue
            others = self._groups.kept_of(edge.other)
            for owner, place in self._groups.kept_of(edge.one).items():
                other = others.get(owner, place)
                key = min(place, other), max(place, other)
                if other != place and key not in pairs:
                    pair = self._pair(place, other, edge)
                    if pair is not None:
                        pairs[key] = pair
        for group in _joined(sorted(pairs.values(), key=self._names)):
            if len({place for pair in group for place in pair[2:4]}) <= MOST[Omission.VALUES]:
                yield self._suspicion(group)

    def _pair(self, one: int, other: int, edge: Edge) -> _Pair | None:
        newer, older = sorted((one, other), key=self._age)
        texts = self._table.text(newer), self._table.text(older)
        judgement: PairJudgement | None = edge.judgement
        if texts == edge.texts[::-1]:
            judgement = edge.judgement.reversed
        elif texts != edge.texts:
            judgement = judge(read(texts[0]), read(texts[1]))
        if judgement is None or judgement.spans is None:
            return None
        sort = judgement.sort if judgement.sort in _TIERS else judgement.otherwise
        if sort not in _TIERS:
            return None
        label = self._label(newer, older, judgement)
        return _Pair(label, _TIERS[sort], newer, older, judgement.spans, judgement.yes_or_no)

    def _label(self, newer: int, older: int, judgement: PairJudgement) -> str:
        """What the two are about: the value's subject or, where one denies it, what is said."""
        assert judgement.spans is not None
        if judgement.yes_or_no:
            spans = dict(zip((newer, older), judgement.spans, strict=True))
            says_no, _ = self._denials((newer, older), spans)
            return statement(self._table.text(older if says_no else newer), 0)
        return subject(self._said(newer, judgement.spans[0]))

    def _denies(self, place: int) -> bool:
        return NOT in read(self._table.text(place)).keys

    def _denials(
        self, places: Sequence[int], spans: Mapping[int, tuple[int, int]]
    ) -> Sequence[bool]:
        """Which of *places* say no. Where none has a plain negation, or all have one, it is those
        that have the word by which they differ, such as "stopped"."""
        plain = [self._denies(place) for place in places]
        if len(set(plain)) > 1:
            return plain
        return [spans[place][0] < spans[place][1] for place in places]

    def _suspicion(self, pairs: Sequence[_Pair]) -> Suspicion:
        table = self._table
        spans: dict[int, tuple[int, int]] = {}
        for pair in pairs:
            spans.setdefault(pair.newer, pair.spans[0])
            spans.setdefault(pair.older, pair.spans[1])
        places = sorted(spans, key=self._age)
        said = [self._said(place, spans[place]) for place in places]
        denied = self._denials(places, spans) if pairs[0].yes_or_no else []
        return Suspicion(
            Queue.CONFLICTS,
            tuple(table.id(place) for place in places),
            line(pairs[0].label, said, denied=denied),
            pairs[0].tier,
            pairs[0].label,
            {
                table.id(place): (Mark(*spans[place]),)
                for place in places
                if spans[place][0] < spans[place][1]
            },
        )

    def _said(self, place: int, span: tuple[int, int]) -> Said:
        return Said(self._table.text(place), *span, self._table.changed(place))

    def _age(self, place: int) -> tuple[int, str]:
        """A key by which the newest comes first."""
        changed = self._table.changed(place)
        return (2**62 if changed is None else -changed), self._table.id(place)

    def _names(self, pair: _Pair) -> tuple[str, str, str]:
        return pair.label, self._table.id(pair.newer), self._table.id(pair.older)


def _joined(pairs: Sequence[_Pair]) -> list[list[_Pair]]:
    """*pairs* by what they are about and have in common."""
    groups: dict[tuple[str, Tier], list[tuple[set[int], list[_Pair]]]] = {}
    for pair in pairs:
        same = groups.setdefault((pair.label, pair.tier), [])
        members, held = {pair.newer, pair.older}, [pair]
        for group in [group for group in same if group[0] & members]:
            same.remove(group)
            members |= group[0]
            held = group[1] + held
        same.append((members, held))
    return [held for same in groups.values() for _, held in same]
