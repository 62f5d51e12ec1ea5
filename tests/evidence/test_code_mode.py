"""What JavaScript was answered counts as given where an output of JavaScript shows it."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from mem0_tui.evidence.event import FoundKind
from mem0_tui.evidence.rollout import Rollout

MEMORY = {"id": "86d02ae9-0000-4000-8000-000000000001", "memory": "The ledger is in PostgreSQL 16"}
DONE = "Script completed\nWall time 0.1 seconds\nOutput:\n"
RUNNING = "Script running with cell ID 7\nWall time 10.0 seconds\nOutput:\n"


def line(kind: str, payload: dict[str, object]) -> bytes:
    record = {"timestamp": "2026-11-30T14:58:36.000Z", "type": kind, "payload": payload}
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"


def output(kind: str, call: str, shown: object) -> bytes:
    return line("response_item", {"type": kind, "id": "o_1", "call_id": call, "output": shown})


def texts(*parts: str) -> list[dict[str, str]]:
    return [{"type": "input_text", "text": part} for part in parts]


@pytest.mark.parametrize(
    ("outputs", "kind"),
    [
        ([output("custom_tool_call_output", "e1", texts(DONE, json.dumps(MEMORY)))], "GIVEN"),
        (
            [
                output("custom_tool_call_output", "e1", RUNNING),
                output("function_call_output", "wait_1", texts(DONE, json.dumps(MEMORY))),
            ],
            "GIVEN",
        ),
        ([output("function_call_output", "wait_1", DONE + MEMORY["memory"])], "GIVEN"),
        ([output("custom_tool_call_output", "e1", texts(DONE, "found 1"))], "FETCHED"),
        # A file that says the same was read by another tool.
        ([output("function_call_output", "cat_1", f"docs: {MEMORY['memory']}")], "FETCHED"),
    ],
)
def test_only_an_output_of_javascript_shows_what_its_calls_gave(
    outputs: list[bytes], kind: str
) -> None:
    call = {
        "type": "McpToolCall",
        "id": "exec-1",
        "server": "mem0",
        "tool": "search_memories",
        "arguments": {},
        "status": "completed",
        "result": {"content": [], "structuredContent": {"results": [MEMORY]}},
    }
    data = [
        line("session_meta", {"id": "01a22cf7-0134-7500-81a1-f26b23bd8024"}),
        line("event_msg", {"type": "task_started", "turn_id": "t1"}),
        line(
            "event_msg",
            {"type": "item_completed", "thread_id": "x", "turn_id": "t1", "item": call},
        ),
        *outputs,
        line("event_msg", {"type": "task_complete", "turn_id": "t1"}),
    ]
    rollout = Rollout()
    assert rollout.read(BytesIO(b"".join(data)))
    assert [(f.kind, f.key) for f in rollout.reading.found] == [(FoundKind[kind], MEMORY["id"])]


def test_turns_begin_and_end_whatever_stands_before_their_ids() -> None:
    attribution = {"turn_id": "t1", "turn_trigger": None, "root_turn_id": "t1"}
    odd = {"turn_id": "t2", "initiating_agent_path": "a{b}"}
    data = [
        line("session_meta", {"id": "01a22cf7-0134-7500-81a1-f26b23bd8024"}),
        line(
            "event_msg",
            {"type": "task_started", "turn_attribution": attribution, "turn_id": "t1"},
        ),
        line("event_msg", {"type": "task_complete", "root_turn_id": "t1", "turn_id": "t1"}),
        line("event_msg", {"type": "task_started", "turn_attribution": odd, "turn_id": "t2"}),
        line("event_msg", {"type": "turn_aborted", "turn_id": "t2"}),
        line("turn_context", {"turn_id": "t3", "cwd": "/w"}),
    ]
    rollout = Rollout()
    rollout.read(BytesIO(b"".join(data)))
    assert [turn.id for turn in rollout.reading.turns] == ["t1", "t2", "t3"]
