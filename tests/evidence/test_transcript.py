"""A turn is opened where it begins; a long one takes no longer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mem0_tui.evidence import transcript
from mem0_tui.evidence.lines import Lines
from mem0_tui.evidence.sessions import turns_of
from mem0_tui.evidence.transcript import read_turn
from tests.evidence.conftest import Machine

FIRST = "Which database holds the orders? Please add a currency column there."
LAST = "When do our releases go out?"
NOISE = (
    '{"timestamp":"2026-11-30T14:58:36.000Z","type":"response_item","payload":{"type":'
    f'"function_call_output","call_id":"c","output":"{"x" * 5_000}"}}}}\n'
)


def lengthened(machine: Machine) -> str:
    """Have ten megabytes be put out in the first turn before its last answer; its thread."""
    thread: str = next(iter(machine.truth["written"]))
    machine.scan()
    path = Path(turns_of(machine.index, thread)[0].path)
    parts = path.read_text(encoding="utf-8").splitlines(keepends=True)
    roles = [json.loads(part)["payload"].get("role") for part in parts]
    at = roles.index("assistant")
    path.write_text("".join([*parts[:at], NOISE * 2_000, *parts[at:]]), encoding="utf-8")
    machine.scan()
    return thread


def test_each_turn_says_what_was_said_in_it_and_nothing_else(machine: Machine) -> None:
    machine.scan()
    thread = next(iter(machine.truth["written"]))
    turns = [read_turn(turn) for turn in turns_of(machine.index, thread)]
    asked = [[step.text for step in turn.steps if step.kind == "prompt"] for turn in turns]
    assert [each for each in asked if each] == [[FIRST], [LAST]]


def test_of_a_long_turn_the_question_and_the_answer_are_read(current: Machine) -> None:
    current.scan()
    whole = read_turn(turns_of(current.index, next(iter(current.truth["written"])))[0])
    turns = turns_of(current.index, lengthened(current))
    text = read_turn(turns[0])
    assert [step.kind for step in text.steps if step.kind != "skipped"] == [
        step.kind for step in whole.steps
    ]
    (skipped,) = (step for step in text.steps if step.kind == "skipped")
    assert int(skipped.text.removesuffix(" bytes").replace(",", "")) > 9_000_000
    assert LAST in {step.text for step in read_turn(turns[-1]).steps}


def test_how_much_is_read_does_not_depend_on_how_long_it_is(
    current: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    class Counted(Lines):
        def __iter__(self) -> Iterator[tuple[int, bytes]]:
            start = self.end
            yield from super().__iter__()
            read.append(self.end - start)

    turn = turns_of(current.index, lengthened(current))[0]
    monkeypatch.setattr(transcript, "Lines", Counted)
    read_turn(turn)
    assert 0 < sum(read) < 3 << 19
