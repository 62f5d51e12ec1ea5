"""The same memories give the same suspicions, whatever way they came in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.detect.repeats.detector import RepeatDetector
from mem0_tui.model.memory import Memory
from tests.detect.incremental import Step, agrees_after, put, some_steps, told
from tests.detect.repeats.labelled import found_in, memory, pairs

_TEXTS = [
    text
    for name, step in (("repeats", 9), ("twins", 11), ("conflicts", 7))
    for pair in pairs(name)[::step]
    for text in (pair.older, pair.newer)
] + [f"The importer has read {n} files so far." for n in range(8)]
_CORES = ["The ledger must balance at midnight.", "Links are checked by the crawler.",
          "Thumbnails are cropped at upload.", "Feeds tolerate missing dates."]  # fmt: skip
_TEXTS += _CORES + [f"Logbook of the storefront squad: {core}" for core in _CORES]

_memories = st.builds(
    lambda id_, text, days, pinned: memory(
        id_, text, days=days, metadata={"pinned": True} if pinned else {}
    ),
    st.sampled_from([f"m{n}" for n in range(40)]),
    st.sampled_from(_TEXTS),
    st.integers(0, 5),
    st.booleans(),
)
_steps = some_steps(_memories, [f"m{n}" for n in range(40)], most=12)


@settings(max_examples=60, deadline=None)
@given(_steps)
def test_coming_and_going_equals_a_fresh_run(steps: list[Step]) -> None:
    agrees_after(steps, RepeatDetector(), found_in)


@settings(max_examples=20, deadline=None)
@given(st.lists(_memories, max_size=60, unique_by=lambda each: each.id), st.randoms())
def test_the_order_does_not_matter(memories: list[Memory], random: object) -> None:
    shuffled = list(memories)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert found_in(memories) == found_in(shuffled)


def test_many_changes_at_once_are_judged_like_single_ones() -> None:
    """Above some hundred changes all are sorted together; below, each is looked up."""
    every = [
        memory(f"{name} {number} {side}", text)
        for name in ("repeats", "twins", "conflicts")
        for number, pair in enumerate(pairs(name))
        for side, text in (("a", pair.older), ("b", pair.newer))
    ]
    one_by_one = RepeatDetector()
    for start in range(0, len(every), 150):
        put(one_by_one, every[start : start + 150])
        told(one_by_one)
    assert told(one_by_one) == found_in(every)


def test_work_that_was_abandoned_is_taken_up_again() -> None:
    every = [
        memory(f"{number} {side}", text)
        for number, pair in enumerate(pairs("repeats"))
        for side, text in (("a", pair.older), ("b", pair.newer))
    ]
    detector = RepeatDetector()
    put(detector, every)
    for _ in range(1000):
        steps = detector.work()
        if next(steps, "done") == "done":
            break
        steps.close()  # type: ignore[attr-defined]
    assert list(detector.suspicions()) == found_in(every)


def test_what_is_gone_is_forgotten() -> None:
    detector = RepeatDetector()
    put(detector, [memory("a", _CORES[0]), memory("b", _CORES[0]), memory("c", _CORES[1])])
    assert len(told(detector)) == 1
    detector.drop(["a", "nobody"])
    assert told(detector) == []
    put(detector, [memory("c", _CORES[0], days=1)])
    assert [each.ids for each in told(detector)] == [("c", "b")]
