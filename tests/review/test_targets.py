"""What a key acts on, and what becomes of marks and staged changes: the table, without a screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.change import Edit
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.review.staged import StagedKind
from mem0_tui.review.targets import Target, Unclear, target_of
from mem0_tui.review.triage import StagingOutcome, Triage
from mem0_tui.tui.questions import (
    expiry_edit,
    expiry_question,
    pin_edit,
    retype_edit,
    type_question,
)

DAY = date(2027, 1, 31)
MEMORIES = [Memory(id=f"m{n}", text=f"text {n}", metadata={"type": "note"}) for n in range(4)]
ROW = MEMORIES[3]

Key = Callable[[Triage, Target], StagingOutcome]


def to_decision(memory: Memory) -> Edit | None:
    return retype_edit(memory, "decision", filing=True)


KEYS: dict[str, Key] = {
    "d": lambda triage, to: triage.toggle_deletes(to, to.memories),
    "t": lambda triage, to: triage.stage_edits(to, StagedKind.TYPE, to_decision),
    "x": lambda triage, to: triage.stage_edits(
        to, StagedKind.EXPIRY, lambda m: expiry_edit(m, DAY)
    ),
    "P": lambda triage, to: triage.stage_edits(to, StagedKind.PIN, lambda m: pin_edit(m, True)),
    "E": lambda triage, to: triage.stage_edits(
        to, StagedKind.TEXT, lambda m: Edit(text=f"{m.id} new")
    ),
}
LETTERS = {"d": "D", "t": "T", "x": "X", "P": "P", "E": "E", "merge": "M", "": " "}
STAGED_KINDS = {
    "d": StagedKind.DELETE,
    "t": StagedKind.TYPE,
    "x": StagedKind.EXPIRY,
    "P": StagedKind.PIN,
    "E": StagedKind.TEXT,
    "merge": StagedKind.MERGE,
}


@pytest.mark.parametrize("hidden", ["none", "some", "all"])
@pytest.mark.parametrize("marks", [0, 1, 3])
@pytest.mark.parametrize("row", [None, ROW])
def test_a_key_acts_on_the_marks_and_asks_where_none_of_them_is_shown(
    marks: int, hidden: str, row: Memory | None
) -> None:
    marked = {memory.id: memory for memory in MEMORIES[:marks]}
    unseen = {"none": set(), "some": {"m0"}, "all": set(marked)}[hidden]
    target = target_of(marked, unseen, row)
    if not marked:
        assert target == (Target((row,)) if row else None)
    elif len(unseen & set(marked)) == marks:
        assert target == Unclear(
            Target(tuple(marked.values()), of_marks=True, hidden=marks),
            Target((row,)) if row else None,
        )
    else:
        assert target == Target(
            tuple(marked.values()), of_marks=True, hidden=len(unseen & set(marked))
        )


def stage_before(triage: Triage, key: str, memories: list[Memory]) -> None:
    if key == "merge":
        triage.staging.merge(memories, Draft("merged", memories[0].scope))
    elif key:
        KEYS[key](triage, Target(tuple(memories)))


@pytest.mark.parametrize("before", ["", "d", "t", "x", "P", "E", "merge"])
@pytest.mark.parametrize("of_marks", [False, True])
@pytest.mark.parametrize("key", list(KEYS))
def test_staging_treats_marks_alike_and_says_what_it_replaces(
    key: str, of_marks: bool, before: str
) -> None:
    triage = Triage()
    memories = MEMORIES[:3]
    stage_before(triage, before, memories)
    triage.mark(memories, by_query=False)
    marks, staged = dict(triage.marked), triage.staging.snapshot()
    outcome = KEYS[key](triage, Target(tuple(memories), of_marks=of_marks))
    same = key == before
    if same and key != "d":
        assert outcome.what == ""
        assert triage.marked == marks
    else:
        assert triage.marked == ({} if of_marks else marks)
    replaces = before and not same and (key == "d" or before in ("d", "merge"))
    count = 1 if before == "merge" else 3
    assert outcome.replaced == ({STAGED_KINDS[before]: count} if replaces else {})
    assert ("in place of" in outcome.words) == bool(replaces)
    if same and key == "d":
        assert not triage.staging
    elif before and not replaces:
        words = triage.words(memories[0])
        assert len(words) == (1 if same else 2), "both kinds are staged"
    else:
        assert [triage.letter(m.id) for m in memories] == [LETTERS[key]] * 3
    if outcome.what:
        assert triage.steps.undo()
    assert triage.marked == marks
    assert triage.staging.snapshot() == staged


@pytest.mark.parametrize("before", ["", "d", "t", "merge"])
def test_backspace_takes_back_what_is_staged_and_u_stages_it_again(before: str) -> None:
    triage = Triage()
    stage_before(triage, before, MEMORIES[:3])
    triage.mark(MEMORIES[:2], by_query=False)
    staged, marks = triage.staging.snapshot(), dict(triage.marked)
    outcome = triage.drop(Target(tuple(triage.marked.values()), of_marks=True))
    assert bool(outcome.what) == bool(before)
    assert triage.marked == ({} if before else marks)
    assert not outcome.replaced
    if before:
        triage.steps.undo()
    assert (triage.staging.snapshot(), triage.marked) == (staged, marks)


def test_hidden_memories_are_counted_when_something_is_staged_for_them() -> None:
    triage = Triage()
    target = Target(tuple(MEMORIES[:3]), of_marks=True, hidden=2)
    assert KEYS["t"](triage, target).words == "3 type changes staged (2 of them not shown)"
    words = KEYS["d"](triage, target).words
    assert words == "3 deletes staged in place of 3 type changes (2 of them not shown)"


def test_immutable_memories_stay_as_they_are() -> None:
    triage = Triage()
    fixed = replace(MEMORIES[0], immutable=True)
    triage.mark([fixed], by_query=False)
    for key in ("t", "x", "P", "E"):
        assert not KEYS[key](triage, Target((fixed,), of_marks=True)).what
    assert triage.marked
    assert not triage.staging


operations = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(list(KEYS)), st.booleans()),
        st.tuples(st.just("space"), st.integers(0, 3)),
        st.sampled_from([("U", 0), ("R", 0), ("backspace", 1), ("backspace", 0), ("n", 0)]),
        st.sampled_from([("*", 0), ("i", 0), ("merge", 0)]),
    ),
    max_size=14,
)


def do(triage: Triage, name: str, which: int) -> None:
    marks = tuple(triage.marked.values())
    target = Target(marks, of_marks=True) if which and marks else Target((ROW,))
    if name in KEYS:
        KEYS[name](triage, target)
    elif name == "space":
        triage.toggle(MEMORIES[which])
    elif name == "U":
        triage.unmark_all()
    elif name == "R":
        triage.clear()
    elif name == "backspace":
        triage.drop(target)
    elif name == "n":
        triage.add(Draft("new", ROW.scope))
    elif name == "*":
        triage.mark(MEMORIES, by_query=True)
    elif name == "i":
        triage.invert(MEMORIES)
    else:
        with triage.steps.step("merge"):
            triage.staging.merge(MEMORIES[:2], Draft("merged", ROW.scope))


@given(operations)
@settings(deadline=None, max_examples=200)
def test_u_gives_every_mark_and_staged_change_back_step_by_step_and_redo_does_them_again(
    operations: list[tuple[str, int]],
) -> None:
    triage = Triage()
    states = [triage.snapshot()]
    for name, which in operations:
        do(triage, name, which)
        if triage.snapshot() != states[-1]:
            states.append(triage.snapshot())
    assert len(triage.steps) == len(states) - 1
    for state in reversed(states[:-1]):
        assert triage.steps.undo()
        assert triage.snapshot() == state
    assert triage.steps.undo() is None
    for state in states[1:]:
        assert triage.steps.redo()
        assert triage.snapshot() == state
    assert triage.steps.redo() is None


@given(operations)
@settings(deadline=None, max_examples=100)
def test_marks_go_only_where_they_were_acted_on_or_taken_away(
    operations: list[tuple[str, int]],
) -> None:
    triage = Triage()
    for name, which in operations:
        before = dict(triage.marked)
        do(triage, name, which)
        gone = before.keys() - triage.marked.keys()
        if gone:
            acted = name in KEYS or name == "backspace"
            assert name in ("U", "i") or (name == "space" and len(gone) == 1) or (acted and which)


@pytest.mark.parametrize(
    ("values", "filled_in", "said"),
    [
        ([None], "", ""),
        ([DAY], "2027-01-31", "«never» clears it."),
        ([DAY, DAY], "2027-01-31", "«never» clears it."),
        ([DAY, None, None], "", "Now: never (2), 2027-01-31 (1). «never» clears it."),
    ],
)
def test_a_prompt_is_filled_in_and_an_empty_box_never_clears(
    values: list[date | None], filled_in: str, said: str
) -> None:
    question = expiry_question(values, date(2026, 11, 30))
    assert (question.filled_in, question.explanation) == (filled_in, said)
    assert question.read("never") is None
    assert question.read("NEVER ") is None
    assert question.problem("never") is None
    assert question.read("2d") == date(2026, 12, 2)
    clears = any(values)
    assert (question.problem("") is not None) == clears
    assert (question.problem("  ") is not None) == clears


def test_a_type_is_cleared_by_its_word_alone() -> None:
    question = type_question(["decision", None])
    assert question.filled_in == ""
    assert question.explanation == "Now: decision (1), untyped (1). «untyped» clears it."
    assert question.problem("") == "write untyped to clear it"
    assert question.read("untyped") is None
    assert question.read(" note ") == "note"
    assert type_question(["decision"]).filled_in == "decision"
    assert type_question([None]).problem("") is None
