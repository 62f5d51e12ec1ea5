"""The same memories give the same findings, in whatever order and pieces they came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from mem0_tui.detect.findings import Findings
from mem0_tui.detect.registry import make_detectors
from mem0_tui.detect.scan import Scan
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.memory import Memory
from tests.detect.junk.store import NOW, junk_store

SOME: Sequence[Memory] = [each.memory for each in junk_store()[:2500]]


def scan() -> Scan:
    return Scan(make_detectors(NOW.date()))


def exhaust(steps: Iterable[object]) -> None:
    for _ in steps:
        pass


def found(scan: Scan) -> Findings:
    exhaust(scan.work())
    [findings] = [each for each in scan.gather() if each is not None]
    return findings


def test_whatever_the_order() -> None:
    one, other = scan(), scan()
    exhaust(one.put(SOME))
    shuffled = list(SOME)
    Random(3).shuffle(shuffled)
    exhaust(other.put(shuffled))
    assert found(one) == found(other)


def test_whatever_was_there_before() -> None:
    """Half of them first; then others are edited, dropped and put back, as on a busy day."""
    fresh, lived = scan(), scan()
    exhaust(fresh.put(SOME))
    whole = found(fresh)
    assert whole.found[Queue.REPEATS]
    assert whole.found[Queue.NOISE]

    half = len(SOME) // 2
    others = [replace(each, text=f"{each.text} for now") for each in SOME[:100]]
    exhaust(lived.put([*others, *SOME[100:half]]))
    found(lived)
    exhaust(lived.put(SOME[half:]))
    exhaust(lived.drop([each.id for each in SOME[50:300]]))
    found(lived)
    abandoned = lived.work()
    next(abandoned, None)
    exhaust(lived.put(SOME[:300]))
    assert found(lived) == whole
    exhaust(lived.retain({each.id for each in SOME[:7]}))
    assert found(lived).total == 7


def test_what_was_said_before_is_not_said_of_another_text() -> None:
    """What differs is remembered for pairs of texts, so an edit must not find an earlier answer."""
    kept, other = (replace(each, metadata={}) for each in SOME[:2])
    kept = replace(kept, text="Deploys of the shop run on Friday mornings.")
    other = replace(
        other, text="Reminder: deploys of the shop run on Friday mornings.", scope=kept.scope
    )
    one = scan()
    exhaust(one.put([kept, other]))
    first = found(one).of(Queue.REPEATS)
    assert "Reminder" in first[0].reason
    assert found(one).of(Queue.REPEATS) == first
    exhaust(
        one.put([replace(other, text="Confirmed: deploys of the shop run on Friday mornings.")])
    )
    [now] = found(one).of(Queue.REPEATS)
    assert "Confirmed" in now.reason
    assert [mark.end for mark in now.marks[other.id]] == [len("Confirmed")]
