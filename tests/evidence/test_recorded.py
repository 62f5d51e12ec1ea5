"""What the real Codex was sent, and had written, is found in its rollouts: all of it, nothing else.

The sessions were recorded with Codex 0.171.0 and 0.150.0 by ``tests.evidence.record``: recall by
hooks, searches, reading, writing, refusals, a compaction, a subagent, a revert, a fork, code mode.
"""

from __future__ import annotations

import json
from pathlib import Path

from mem0_tui.evidence.event import FoundKind
from mem0_tui.evidence.sessions import read_sessions
from mem0_tui.evidence.use import read_uses
from mem0_tui.evidence.whole import whole_ids
from tests.evidence.conftest import BEFORE, Machine
from tests.evidence.record import STORED


def test_what_each_session_was_given_is_what_the_model_was_sent(machine: Machine) -> None:
    machine.scan()
    memories = [machine.memory(name) for name in STORED]
    found = {}
    for session in read_sessions(machine.index)[0]:
        keys = session.keys(FoundKind.GIVEN)
        known = whole_ids(keys, memories)
        assert set(known) == set(keys)
        if keys:
            found[session.id] = sorted(set(known.values()))
    assert found == {thread: sorted(ids) for thread, ids in machine.truth["given"].items()}


def test_what_each_session_wrote_is_what_was_stored(machine: Machine) -> None:
    machine.scan()
    sessions = read_sessions(machine.index)[0]
    wrote = {each.id: len(keys) for each in sessions if (keys := each.keys(FoundKind.WRITTEN))}
    assert wrote == {thread: len(texts) for thread, texts in machine.truth["written"].items()}
    # An update and a deletion were refused.
    assert not [each.id for each in sessions if each.keys(FoundKind.CHANGED, FoundKind.DELETED)]


def test_what_javascript_looked_up_and_did_not_show_was_fetched_but_not_given(
    machine: Machine,
) -> None:
    machine.scan()
    use = machine.use("mail")
    assert use.fetched == 1
    (in_code_mode,) = (
        thread
        for thread in machine.truth["written"]
        if len(machine.truth["given"][thread]) == 4
        and machine.truth["ids"]["linker"] in machine.truth["given"][thread]
    )
    assert in_code_mode not in use.sessions


def test_an_answer_cites_a_memory(machine: Machine) -> None:
    machine.scan()
    assert machine.use("database").cited == 1
    assert machine.use("currency").cited == 0


def test_never_is_said_only_of_what_was_recorded_all_its_life(machine: Machine) -> None:
    machine.scan()
    assert machine.use("never").never
    older = machine.use("never", created=BEFORE)
    assert older.given is None
    assert older.reason == "sessions are recorded since 2026-11-30 only"
    # What was seen counts, however old it is.
    assert machine.use("currency", created=BEFORE).given == 2


def test_ids_in_full_from_what_the_hooks_remember(current: Machine) -> None:
    folder = Path(current.places.hooks_state)
    folder.mkdir()
    (thread, *_) = sorted(current.truth["given"])
    shown = {"rollout": [current.truth["ids"]["database"], current.truth["ids"]["releases"]]}
    (folder / f"{thread}.json").write_text(json.dumps({"shown": shown}))
    current.scan()
    rows = read_uses(current.index).rows
    assert {row.thread for row in rows[current.truth["ids"]["database"]]} == {thread}
