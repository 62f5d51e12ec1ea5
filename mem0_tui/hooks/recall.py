"""SessionStart and UserPromptSubmit: memories that reach the model before it answers.

Each memory is shown once to each context: a session, a subagent and what goes on after a revert
have their own, and compaction begins a new one.
"""

from __future__ import annotations

import os
from time import time_ns

from mem0_tui.hooks.block import block
from mem0_tui.hooks.event import HookEvent
from mem0_tui.hooks.identity import HookIdentity
from mem0_tui.hooks.markup import without_markup
from mem0_tui.hooks.memories import RecalledMemories, RecalledMemory
from mem0_tui.hooks.state import SessionState
from mem0_tui.hooks.transcript import forked_from
from mem0_tui.model.hard_signs.prefilter import candidates

STATE, SUMMARY = "session_state", "session_summary"
RULES = ("decision", "convention", "anti_pattern", "user_preference")
SHORTEST = 20
"""Characters below which a prompt says too little to search with."""
COUNT, THRESHOLD = 5, 0.3
_SHOWN = 500
_TOGETHER = 2_000
"""Milliseconds after a start within which another of its session is the same, seen twice."""


def at_start(
    event: HookEvent, session: SessionState, memories: RecalledMemories, identity: HookIdentity
) -> str:
    """Where the last session stopped, what was decided, and under which ids to look further."""
    if _now() - session.number("started") < _TOGETHER and session.text("start") == event.source:
        return ""
    notes = standing(memories.newest((STATE, SUMMARY), 6), event)
    found, out = _given([*notes, *memories.newest(RULES, 8)])
    session.known["started"] = _now()  # at the end: the same start, seen twice, waited until then
    session.known["start"] = event.source
    session.known["shown"] = {event.transcript: [memory.id for memory in (*found, *out)]}
    lead = (
        "Memory is on. Give these user_id and app_id to the mem0 tools. Search before you start a"
        " task; store what will matter later, with metadata.type."
    )
    return block(found, identity, lead=lead, held_back=len(out))


def _now() -> int:
    return time_ns() // 1_000_000


def standing(notes: list[RecalledMemory], event: HookEvent) -> list[RecalledMemory]:
    """The two of *notes* that say where work stands: of a session, state or summary, not both.

    Within a session that was compacted its state counts, afterwards its summary, which is newer.
    """
    stale, fresh = (SUMMARY, STATE) if event.source == "compact" else (STATE, SUMMARY)
    covered = {note.session for note in notes if note.kind == fresh and note.session}
    return [note for note in notes if not (note.kind == stale and note.session in covered)][:2]


def for_prompt(
    event: HookEvent, session: SessionState, memories: RecalledMemories, identity: HookIdentity
) -> str:
    """The memories that the prompt is about; nothing where all of them were shown already."""
    prompt = without_markup(event.prompt)
    if len(prompt) < SHORTEST:
        return ""
    shown = _shown(event, session)
    found = memories.similar(prompt[:2000], COUNT, THRESHOLD)
    # A session's own note tells it nothing.
    others = (memory for memory in found if memory.session != event.session or not event.session)
    unseen: list[RecalledMemory] = [memory for memory in others if memory.id not in shown]
    shown += [memory.id for memory in unseen]
    del shown[:-_SHOWN]
    fresh, out = _given(unseen)
    return block(fresh, identity, held_back=len(out)) if fresh else ""


def _given(
    memories: list[RecalledMemory],
) -> tuple[list[RecalledMemory], list[RecalledMemory]]:
    """Those of *memories* that the model is given, and those that are held back."""
    if not candidates([memory.text for memory in memories]):
        return memories, []
    from mem0_tui.hooks.holding import without_held_back

    return without_held_back(memories, dict(os.environ))


def _shown(event: HookEvent, session: SessionState) -> list[str]:
    """The ids of what the context of *event* was shown, a list to be added to.

    A context is known by its rollout file; a fork begins with what its origin was shown.
    """
    contexts = session.inner("shown")
    if event.transcript and event.transcript not in contexts.known:
        # Codex may have begun without a file.
        known = contexts.known.pop("", None)
        origin = forked_from(event.transcript) if known is None and not contexts.known else ""
        if origin:
            others = session.other(origin).inner("shown")
            known = [id for path in others.known for id in others.texts(path)]
        contexts.known[event.transcript] = known
    return contexts.texts(event.transcript)
