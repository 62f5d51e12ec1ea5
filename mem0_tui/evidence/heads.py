"""Judges a line of a rollout by its first bytes, for most say nothing of memories.

The shapes are those of Codex 0.114 to 0.171. A line that begins in another way is read whole.
"""

from __future__ import annotations

import re

HEAD = re.compile(
    rb'\{"timestamp":"[^"]{0,40}",(?:"ordinal":\d{1,12},)?"type":"(\w{1,40})","payload":\{'
    rb'(?:"type":"(\w{1,40})",?'
    rb'(?:"thread_id":"[^"]{0,80}","turn_id":"[^"]{0,80}","item":\{"type":"(\w{1,40})")?)?'
)
_PASSED_OVER = (
    rb'\{"timestamp":"[^"]{0,40}",(?:"ordinal":\d{1,12},)?"type":"(?:event_msg","payload":\{"type":"'
    rb'(?:token_count|agent_reasoning|exec_command|item_completed","thread_id":"[^"]{0,80}",'
    rb'"turn_id":"[^"]{0,80}","item":\{"type":"(?!McpToolCall))'
    rb'|response_item","payload":\{"type":"(?:reasoning|%s)|token_usage_record|world_state|compacted)'
)
"""What most lines are, found with one look."""
_WAITING = re.compile(_PASSED_OVER % rb"ghost_snapshot")
_CALM = re.compile(_PASSED_OVER % rb"function_call_output|custom_tool_call_output")
"""The same where nobody waits for the output of a call."""
TURN = re.compile(
    rb'\{"timestamp":"([^"\\]{0,40})",(?:"ordinal":\d{1,12},)?"type":"'
    rb'(?:turn_context","payload":\{"turn_id":"([^"\\]{0,80})"[,}]'
    rb'|event_msg","payload":\{"type":"(?:(?:task_started|turn_started)",'
    rb'(?:"turn_attribution":\{[^{}]{0,800}\},)?"turn_id":"([^"\\]{0,80})"[,}]'
    rb'|(?:task_complete|turn_aborted)"[,}]))'
)
"""A line that begins a turn, by the second or the third group, which are its id, or ends one."""
_OUTPUT = re.compile(
    rb'\{"timestamp":"[^"]{0,40}",(?:"ordinal":\d{1,12},)?"type":"response_item","payload":\{'
    rb'"type":"(function|custom_tool)_call_output",(?:"id":"[^"]{0,80}",)?'
    rb'(?:"status":"[^"]{0,40}",)?"call_id":"([^"]{1,100})"'
)
"""The output of a call, found with one look; most are of calls that nobody asks about."""
_OF_SCRIPT = b'"Script '
"""How an output begins that comes of JavaScript ("Script completed", "Script running with cell ID
7"); those of other functions show nothing of it. Seen in Codex 0.150 and 0.171 of ``exec``; of the
function ``wait`` in published transcripts."""
_ROLE = re.compile(rb'(?:"id":"[^"]{0,80}",)?"role":"(\w{1,20})"')
_CALL = re.compile(rb'"call_id":"([^"]{1,100})"')
_NAME = re.compile(rb'"name":"([\w.-]{1,80})"')
_ITEM = re.compile(rb'"item":\{"type":"(\w{1,40})"')
HEAD_BYTES = 600
_TURNS = frozenset((b"task_started", b"turn_started", b"task_complete", b"turn_aborted"))
_OUTPUTS = frozenset((b"function_call_output", b"custom_tool_call_output"))
_TOOLS = re.compile(rb"(?:search|get|add|list|update|delete)[_-]memor(?:y|ies)")
_CITATIONS = (b"mem0:", b"<oai-mem-citation>")
BLOCKS = (
    b"<mem0-memory ",
    b"Mem0 found these relevant memories",
    b"Relevant repository memories:",
)
"""How what a hook recalled begins: of this program's hooks, and of Mem0's plugin 0.3."""


class Judge:
    """Says which lines are worth parsing."""

    def __init__(self) -> None:
        self.calls: frozenset[bytes] = frozenset()
        """The calls of which the output is waited for."""
        self.words: frozenset[bytes] = frozenset()
        """An output of JavaScript that holds one of these is waited for, whichever call it is of:
        it may show what its calls gave in any."""

    @property
    def passed_over(self) -> re.Pattern[bytes]:
        """Matches the beginnings of most lines that are not wanted now."""
        return _WAITING if self.calls or self.words else _CALM

    def __call__(self, buffer: bytearray, begin: int, end: int) -> bool:
        """Whether the line at *begin* is wanted."""
        if (self.calls or self.words) and (output := _OUTPUT.match(buffer, begin, end)):
            kind, call = output.groups()
            if call in self.calls or not self.words:
                return call in self.calls
            at = output.end()
            if kind == b"function" and buffer.find(_OF_SCRIPT, at, min(end, at + 100)) < 0:
                return False
            return any(buffer.find(word, at, end) >= 0 for word in self.words)
        head = HEAD.match(buffer, begin, end)
        if head is None:
            return end > begin
        kind, inner, item = head.groups()
        if kind == b"event_msg":
            if item is not None:
                return bool(item == b"McpToolCall")
            return self._event(inner, buffer, head.end(), min(end, begin + HEAD_BYTES))
        if kind == b"response_item":
            return self._item(inner, buffer, head.end(), end)
        return kind in (b"session_meta", b"turn_context")

    def _event(self, inner: bytes | None, buffer: bytearray, at: int, end: int) -> bool:
        if inner == b"item_completed":
            item = _ITEM.search(buffer, at, end)
            return item is None or item.group(1) == b"McpToolCall"
        return inner == b"mcp_tool_call_end" or inner in _TURNS

    def _item(self, inner: bytes | None, buffer: bytearray, at: int, end: int) -> bool:
        if inner == b"message":
            role = _ROLE.match(buffer, at, min(end, at + 200))
            if role is None or role.group(1) == b"assistant":
                return any(buffer.find(each, at, end) >= 0 for each in _CITATIONS)
            return role.group(1) == b"developer" and any(
                buffer.find(block, at, end) >= 0 for block in BLOCKS
            )
        if inner in _OUTPUTS:
            if not (self.calls or self.words):
                return False
            call = _CALL.search(buffer, at, min(end, at + 300))
            if call is None or call.group(1) in self.calls:
                return True
            return any(buffer.find(word, at, end) >= 0 for word in self.words)
        if inner == b"function_call":
            name = _NAME.search(buffer, at, min(end, at + 200))
            return name is not None and _TOOLS.search(name.group(1)) is not None
        return False
