"""Stop and PreCompact: what a session leaves behind, one memory of each kind a session at most.

The memory is updated in its place, never added twice; and one that a person edited or deleted is
left as that person wants it.
"""

from __future__ import annotations

import os
from time import gmtime, strftime, time_ns

from mem0_tui.hooks.block import without_blocks
from mem0_tui.hooks.event import Event
from mem0_tui.hooks.identity import Identity
from mem0_tui.hooks.memories import Memories
from mem0_tui.hooks.state import Session
from mem0_tui.hooks.transcript import advance, asked

SUMMARY, STATE = "session_summary", "session_state"
_SOURCES = {SUMMARY: "stop-hook", STATE: "pre-compaction"}
"""``metadata.source`` as Mem0's own plugin writes it."""
_CALLS, _SAID = 5, 40
_DAYS = 90
"""Days after which such a note expires."""


def keep(kind: str, event: Event, session: Session, memories: Memories, identity: Identity) -> str:
    """Store the session's note of *kind*, and say in a word what was done."""
    advance(session, event.transcript)
    if event.prompt:
        asked(session, event.prompt)
    if said := without_blocks(event.said).strip():
        session.known["said"] = said
    if not substantial(session):
        return "nothing worth a note"
    text = compose(kind, session, event.cwd, identity)
    entry = session.table(kind)
    if entry.get("left"):
        return "left as it was edited"
    if entry.get("digest") == _digest(text):
        return "unchanged"
    return _store(kind, text, entry, event, memories, identity, session)


def substantial(session: Session) -> bool:
    """Whether the session did something: changed a file, or worked and then explained itself."""
    worked = session.number("calls") >= _CALLS and len(session.text("said")) >= _SAID
    return bool(session.texts("files")) or worked


def compose(kind: str, session: Session, cwd: str, identity: Identity) -> str:
    """The note's text: what was asked, what was changed, how it stands."""
    goal, prompts = _line(session.text("goal"), 200), session.texts("prompts")
    said = session.text("said")
    place = identity.app + (f" on {identity.branch}" if identity.branch else "")
    lines = [f"Session in {place}: {goal}" if goal else f"Session in {place}"]
    if kind == STATE:
        lines[0] = f"Unfinished {lines[0][0].lower()}{lines[0][1:]}"
    if prompts:
        lines.append("Then asked: " + "; ".join(_line(prompt, 120) for prompt in prompts[-3:]))
    if files := [_relative(path, cwd) for path in session.texts("files")]:
        more = f" and {len(files) - 12} more" if len(files) > 12 else ""
        lines.append("Changed: " + ", ".join(files[:12]) + more)
    if said:
        word = "Stands at" if kind == STATE else "Outcome"
        lines.append(f"{word}: {_line(said, 700)}")
    return "\n".join(lines)


def _store(
    kind: str,
    text: str,
    entry: dict[str, object],
    event: Event,
    memories: Memories,
    identity: Identity,
    session: Session,
) -> str:
    metadata: dict[str, object] = {
        "type": kind,
        "source": _SOURCES[kind],
        "session_id": event.session,
        "files": [_relative(path, event.cwd) for path in session.texts("files")[:12]],
    }
    if identity.branch:
        metadata["branch"] = identity.branch
    expires = strftime("%Y-%m-%d", gmtime(time_ns() // 10**9 + _DAYS * 86400))
    known = entry.get("id")
    if isinstance(known, str) and known:
        there = memories.get(known)
        if there is None or _digest(there.text) != entry.get("digest"):
            entry["left"] = True
            return "left as it was edited"
    else:
        # An earlier answer may have been lost after the memory was stored.
        there = memories.of_session(kind, event.session)
    if there is None:
        entry["id"] = memories.add(text, metadata, expires)
        done = "added"
    else:
        memories.update(there.id, text, metadata, expires)
        entry["id"] = there.id
        done = "updated"
    entry["digest"] = _digest(text)
    return done


def _line(text: str, most: int) -> str:
    from mem0_tui.model.secret import redact  # loads re: only where there is something to store

    line = redact(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1] + "…"


def _relative(path: str, cwd: str) -> str:
    return path[len(cwd) + 1 :] if cwd and path.startswith(cwd + os.sep) else path


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()
