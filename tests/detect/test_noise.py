"""Noise by producer: what is noise, what of it is kept, and what stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.demo.generator import DEMO_NOW, generate
from mem0_tui.detect.noise.detector import NoiseDetector
from mem0_tui.detect.suspicion import Queue, Suspicion
from mem0_tui.model.change import Delete
from mem0_tui.model.memory import Memory
from tests.detect.incremental import agrees_with_a_fresh_one, found
from tests.detect.junk.store import Worth, junk_store
from tests.detect.labelled import read_set
from tests.support.memories import memory, uuid_of

SUMMARY: dict[str, Any] = {"type": "session_summary", "source": "stop-hook"}
CAPTURE: dict[str, Any] = {"type": "auto_capture", "source": "auto_capture", "confidence": 0.7}
AGENTS = "# shop\n\n- Run make check before you commit.\n- Never edit the generated files.\n"


def _said(*memories: Memory) -> list[Suspicion]:
    return found(NoiseDetector(), memories)


def _gone(suspicions: list[Suspicion]) -> set[str]:
    return {
        change.memory_id
        for each in suspicions
        for change in each.proposal
        if isinstance(change, Delete)
    }


def test_of_each_sessions_summaries_the_newest_is_kept_and_comes_first() -> None:
    memories = [
        memory(number, f"turn {number}", session_id=session, **SUMMARY)
        for number, session in enumerate(["a", "a", "b", "a", "b", "c"], 1)
    ]
    of_a, of_b = _said(*memories)
    assert of_a.queue is Queue.NOISE
    assert of_a.label == of_b.label == "stop-hook/session_summary"
    assert of_a.ids == (uuid_of(4), uuid_of(2), uuid_of(1))
    assert _gone([of_a]) == {uuid_of(2), uuid_of(1)}
    assert of_b.ids == (uuid_of(5), uuid_of(3))
    assert "Stop hook" in of_a.reason


def test_states_and_compaction_summaries_are_told_apart_from_summaries() -> None:
    kinds = ["session_summary", "session_state", "compact_summary"] * 2
    memories = [
        memory(number, f"note {number}", session_id="a", type=kind)
        for number, kind in enumerate(kinds, 1)
    ]
    assert _gone(_said(*memories)) == {uuid_of(1), uuid_of(2), uuid_of(3)}


def test_a_session_without_a_name_is_none() -> None:
    assert _said(*(memory(number, "a turn", **SUMMARY) for number in (1, 2, 3))) == []


def test_what_is_pinned_is_never_proposed() -> None:
    memories = [
        memory(1, "turn 1", session_id="a", pinned=True, **SUMMARY),
        memory(2, "turn 2", session_id="a", **SUMMARY),
        memory(3, "turn 3", session_id="a", **SUMMARY),
        memory(4, "ping", pinned=True),
    ]
    (each,) = _said(*memories)
    assert _gone([each]) == {uuid_of(2)}
    assert set(each.ids) == {uuid_of(1), uuid_of(2), uuid_of(3)}


def test_of_an_instruction_file_the_newest_import_is_kept_in_all_its_parts() -> None:
    imported: dict[str, Any] = {"type": "project_profile", "source": "auto-import"}
    first = [memory(n, AGENTS + str(n), file=f"AGENTS.md[{n}/3]", **imported) for n in (1, 2, 3)]
    later = first[0].created_at
    assert later is not None
    later += timedelta(days=9)
    newest = [
        replace(memory(10 + n, f"{AGENTS}{n}.", file=f"AGENTS.md[{n}/2]", **imported),
                created_at=later, updated_at=later)
        for n in (1, 2)
    ]  # fmt: skip
    other = memory(30, "# rules", file="CLAUDE.md", **imported)
    assert _gone(_said(*first, *newest, other)) == {uuid_of(n) for n in (1, 2, 3)}


def test_what_only_restates_an_instruction_file_is_noise_unless_a_person_stored_it() -> None:
    file = memory(1, AGENTS, type="project_profile", source="auto-import", file="AGENTS.md")
    again = memory(
        2, "Run make check before you commit. Never edit the generated files.", **CAPTURE
    )
    more = memory(3, "Run make check before you commit. It takes four minutes here.", **CAPTURE)
    by_hand = memory(4, "Never edit the generated files.", source="remember_command")
    assert _gone(_said(file, again, more, by_hand)) == {uuid_of(2)}
    assert _gone(_said(again, more)) == set()


NOISE = {
    "recalled memories, stored again": [
        '<mem0-memory user_id="kim" app_id="shop">\n- [decision] we use uv\n</mem0-memory>',
        "Relevant memories:\n1. We use uv\n2. Deploys are on Tuesday",
        "## Recalled memories (mem0, 3 of 640)\n- [decision] Auth issues JWTs",
        "Mem0 found these relevant memories from earlier work in this repository:\n1. We use uv",
        "The assistant was given these memories: we use uv; deploys are on Tuesday.",
        "<recalled-memories>\n- runner disk is full\n</recalled-memories>",
        "Memories:\n1. We use uv\n2. Deploys are on Tuesday",
        "The following memories were retrieved: we use uv; deploys are on Tuesday",
        "Context from mem0:\n1. Deploys are on Tuesday",
        "Search of the memory returned: we use uv / deploys are on Tuesday",
        "Here are the relevant memories for this task:\n- Deploys are on Tuesday",
        "Here is what I remember about this project:\n* We use uv\n- Deploys are on Tuesday",
    ],
    "an instruction file, restated": [
        "According to AGENTS.md, make check has to run before each commit.",
        "# AGENTS.md instructions for /srv/shop\n\n<INSTRUCTIONS>\nRun make check",
        "The contents of CLAUDE.md are: run make check",
        "AGENTS.md says that generated files must not be edited.",
        "The CLAUDE.md file instructs to run make check.",
        "Contents of /srv/shop/AGENTS.md (project instructions): run make check",
        "AGENTS.md of infra: applying happens in CI only.",
        "Migrations are reviewed by a second person. (stated in AGENTS.md)",
    ],
    "heartbeats": [
        "HEARTBEAT_OK", "heartbeat 2026-11-03T10:00:00Z ok", "Agent is still alive.",
        "keepalive #412", "Cron heartbeat: nothing to report",
        "Idle for 293 minutes; still waiting.",
        "Scheduled check at 08:20 UTC: no changes.", "No activity since last check",
        "scheduled heartbeat run finished",
    ],
    "health probes": [
        "test", "ping", "Test memory, please ignore", "mem0 connectivity check: ping",
        "hello world", "connection ok", "This is a sample memory",
        "this is a test", "testing 1 2 3", "mem0 health check probe 3",
    ],
    "prompts of a word or two": [
        "yes", "continue", "Go on.", "The user said thanks.", 'User said: "ok, go ahead"',
        "/compact", "lgtm", "User: yes please", "run the tests", "👍", "sounds good",
    ],
    "output of tools": [
        "Command output:\nAll 12 tests passed\n",
        "$ git status\nOn branch main\nnothing to commit",
        'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1',
        "PASS tests/a.py\nPASS tests/b.py\nFAIL tests/c.py\nPASS tests/d.py\n"
        "2 passed, 1 failed\nPASS tests/e.py",
        "2026-11-03 10:00:01 INFO start\n2026-11-03 10:00:02 INFO read\n"
        "2026-11-03 10:00:03 WARN slow\n2026-11-03 10:00:04 INFO end\n"
        "2026-11-03 10:00:05 INFO bye\n2026-11-03 10:00:06 INFO off",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in NOISE.items() for text in texts]
)
def test_noise_is_known_by_its_wording(kind: str, text: str) -> None:
    (each,) = _said(memory(1, text, **CAPTURE))
    assert each.reason.startswith(kind)
    assert each.label == "auto_capture/auto_capture"
    assert _gone([each]) == {uuid_of(1)}


@pytest.mark.parametrize(
    "text",
    [
        "The heartbeat interval of the workers is 30 seconds.",
        "Ping the on-call channel before a deploy.",
        "Test names say what a user would notice.",
        "The scheduled job checks for changes of the catalogue every ten minutes.",
        "AGENTS.md says how to run the tests; keep it current when they change.",
        "Search of the catalogue returned nothing for umlauts until the index was folded.",
        "AGENTS.md must stay under 100 lines.",
        "CLAUDE.md is a symlink to AGENTS.md.",
        "Memories older than 90 days are archived by the nightly job.",
        "The prompt of the support bot lists relevant memories before the question.",
        "User prefers tabs.",
        "/usr/share/doc/python",
        "What I remember to check before a release:\n- the tag\n- the changelog",
        "Memories that are kept for ever:\nDecisions, and nothing else.",
        "Check the connection pool before you scale the workers.",
        "User wants dark mode.",
        "Use pnpm.",
        "Health checks of the gateway go to /healthz and time out after 2 s.",
        "# Commands\n\n- `make up` starts Postgres\n- `make check` runs all\n- `make gen` writes "
        "the client\n- `make fmt` formats\n- `make e2e` runs Playwright\n- `make down` stops it",
    ],
)
def test_what_speaks_of_such_things_is_no_noise(text: str) -> None:
    assert _said(memory(1, text, **CAPTURE)) == []


def test_wording_says_nothing_of_what_a_person_stored() -> None:
    assert (
        _said(memory(1, "ping", source="remember_command"), memory(2, "ok", confidence=1.0)) == []
    )


def test_plain_rules_are_no_noise() -> None:
    memories = [memory(n, row["text"], **CAPTURE) for n, row in enumerate(read_set("rules"))]
    assert _said(*memories) == []


def test_of_the_demo_nothing_is_proposed_that_somebody_decided() -> None:
    memories = {each.id: each for each in generate(400, now=DEMO_NOW)}
    gone = _gone(_said(*memories.values()))
    assert len(gone) > 30
    assert {memories[id_].type for id_ in gone} <= {
        "session_summary", "session_state", "compact_summary", "auto_capture", "health_check",
        "project_profile", "task_learning", None,
    }  # fmt: skip


def test_a_store_of_junk_is_told_from_what_is_worth_keeping() -> None:
    store = {each.memory.id: each for each in junk_store()}
    gone = _gone(_said(*(each.memory for each in store.values())))
    assert [each for id_, each in store.items() if id_ in gone and each.worth != Worth.JUNK] == []
    sorts = ("turn", "state", "recalled", "heartbeat", "probe", "prompt", "boot file")
    for sort in (*sorts, "boot file restated"):
        junk = [id_ for id_, each in store.items() if (each.sort, each.worth) == (sort, Worth.JUNK)]
        assert len(gone.intersection(junk)) >= 0.97 * len(junk), sort


def test_two_users_notes_of_one_session_are_told_apart() -> None:
    one = memory(1, "turn", session_id="a", **SUMMARY)
    other = memory(2, "turn", session_id="a", **SUMMARY)
    assert _said(one, replace(other, scope=replace(other.scope, user_id="ravi"))) == []


_KINDS: list[tuple[str, dict[str, Any]]] = [
    ("turn", {**SUMMARY, "session_id": "a"}),
    ("turn", {**SUMMARY, "session_id": "b"}),
    (AGENTS, {"type": "project_profile", "file": "AGENTS.md"}),
    ("Run make check before you commit.", CAPTURE),
    ("Never edit the generated files.", CAPTURE),
    ("ping", {}),
    ("Deploys are on Tuesday.", CAPTURE),
]
_STEPS = st.tuples(
    st.tuples(st.integers(0, 7), st.sampled_from(_KINDS), st.booleans()).map(
        lambda each: memory(each[0], each[1][0], pinned=each[2], **each[1][1])
    ),
    st.sampled_from(["put", "drop", "put!", "drop!", "put?"]),
)


@given(st.lists(_STEPS, max_size=14))
def test_changes_leave_what_a_fresh_look_finds(steps: list[Any]) -> None:
    agrees_with_a_fresh_one(NoiseDetector, steps)


_THINGS = ("the chorus", "tap tempo", "patch loader", "panel scan", "velocity curves", "the DAC")
_DID = ("stopped", "asked back", "ran just test", "reported success")
RECAP: dict[str, Any] = {"source": "turn-logger", "type": "turn_recap"}
STATUS: dict[str, Any] = {"source": "watcher", "type": "status"}


def _recap(number: int, session: str, **metadata: Any) -> Memory:
    thing, did = _THINGS[number % 6], _DID[number % 4]
    text = f"User asked to check {thing}; assistant edited {number % 7} files and {did}."
    return memory(number, text, session_id=session, **{**RECAP, **metadata})


def _status(number: int, form: str = "[tick] {} queue={}", **metadata: Any) -> Memory:
    at = memory(number).created_at
    assert at is not None
    text = form.format(f"{at:%Y-%m-%dT%H:%M:%S}", number % 3)
    return memory(number, text, **{**STATUS, **metadata})


def test_recaps_of_turns_are_known_by_their_frame_whoever_writes_them() -> None:
    said = _said(*(_recap(number, "abc"[number % 3]) for number in range(30)))
    assert [each.ids[0] for each in said] == [uuid_of(27), uuid_of(28), uuid_of(29)]
    assert len(_gone(said)) == 27
    assert {each.label for each in said} == {"turn-logger/turn_recap"}
    assert said[0].reason == "notes of one session: 9 of 10, all but the newest"


def test_lines_that_differ_in_their_own_time_are_a_status_whoever_writes_them() -> None:
    forms = ("[tick] {} queue={}", "worker {} from bench-2")
    said = _said(*(_status(number, forms[number % 2]) for number in range(40)))
    assert sorted(each.ids[0] for each in said) == [uuid_of(38), uuid_of(39)]
    assert len(_gone(said)) == 38
    assert said[0].reason == "status lines of one form: 19 of 20, all but the newest"


def test_what_says_a_rule_stays_in_a_log() -> None:
    rule = "User asked to check DMA; assistant edited 2 files and learned: never move descriptors."
    recaps = [_recap(number, "a") for number in range(30)]
    gone = _gone(_said(*recaps[:3], replace(recaps[3], text=rule), *recaps[4:]))
    assert gone == {uuid_of(number) for number in range(29)} - {uuid_of(3)}


@pytest.mark.parametrize(
    "memories",
    [
        [_recap(n, "a") for n in range(19)],
        [_recap(n, f"{n}") for n in range(60)],
        [_recap(n, "a", type="decision") for n in range(60)],
        [_recap(n, "a", source="manual") for n in range(60)],
        [_recap(n, "a", source="memory_tool") for n in range(60)],
        [_recap(n, "a", confidence=1.0) for n in range(60)],
        [_recap(n, "a", pinned=True) for n in range(60)],
        [memory(n, f"User prefers the tool {n}", session_id="a", **RECAP) for n in range(60)],
        [memory(n, f"The service s{n} of the shop listens on port {n}", session_id="a", **STATUS)
         for n in range(60)],
        [_status(n, "{} was the cut of release " + f"1.{n}.0") for n in range(60)],
        [_status(n, type="fact") for n in range(60)],
        [memory(n, f"2021-01-01T10:00:0{n % 10} broke the import", **STATUS) for n in range(60)],
    ],
)  # fmt: skip
def test_what_may_be_worth_keeping_is_no_log(memories: list[Memory]) -> None:
    assert _said(*memories) == []


@pytest.mark.parametrize("name", ["repeats", "twins", "rules", "conflicts", "paraphrases"])
def test_varied_facts_are_no_log_even_of_one_producer(name: str) -> None:
    texts = [
        text
        for row in read_set(name)
        for text in row.values()
        if isinstance(text, str) and " " in text
    ]
    assert len(texts) >= 60
    told = _said(*(memory(n, text, session_id="a", **CAPTURE) for n, text in enumerate(texts)))
    log = _said(*(memory(n, text, session_id="a", **RECAP) for n, text in enumerate(texts)))
    assert _gone(log) == _gone(told)


_LOGGED = st.tuples(
    st.one_of(
        st.builds(_recap, st.integers(0, 40), st.sampled_from("ab")),
        st.builds(lambda n: memory(n, "The tail is long.", **RECAP), st.integers(0, 40)),
        st.builds(lambda n: replace(_status(n), metadata=RECAP), st.integers(0, 40)),
    ),
    st.sampled_from(["put", "drop", "put!", "drop!", "put?"]),
)


@given(st.lists(_LOGGED, max_size=12))
def test_changes_of_a_log_leave_what_a_fresh_look_finds(steps: list[Any]) -> None:
    logged = [(_recap(number, "ab"[number % 2]), "put") for number in range(22)]
    agrees_with_a_fresh_one(NoiseDetector, [*logged, *steps])
