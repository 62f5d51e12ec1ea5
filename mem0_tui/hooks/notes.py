"""Stop and PreCompact: what a session leaves behind, one memory of each kind a session at most.

The memory is updated in its place, never added twice; and one that a person edited or deleted is
left as that person wants it.
"""

from __future__ import annotations

import os
from time import gmtime, strftime, time_ns

from mem0_tui.hooks.event import HookEvent
from mem0_tui.hooks.identity import HookIdentity
from mem0_tui.hooks.markup import without_markup
from mem0_tui.hooks.memories import RecalledMemories
from mem0_tui.hooks.state import Known, SessionState
from mem0_tui.hooks.transcript import advance, goal_of, prompts_of

SUMMARY, STATE = "session_summary", "session_state"
_SOURCES = {SUMMARY: "stop-hook", STATE: "pre-compaction"}
"""``metadata.source`` as Mem0's own plugin writes it."""
_CALLS, _SAID = 5, 40
_DAYS = 90
"""Days after which such a note expires."""


def keep(
    kind: str,
    event: HookEvent,
    session: SessionState,
    memories: RecalledMemories,
    identity: HookIdentity,
) -> str:
    """Store the session's note of *kind*, and say in a word what was done."""
    done = read(event, session)
    if done is None:
        return "of a subagent: its session keeps the note"
    if not done.substantial:
        return "nothing worth a note"
    text = compose(kind, done, event.cwd, identity)
    entry = session.table(kind)
    if entry.get("left"):
        return "left as it was edited"
    if entry.get("digest") == _digest(text):
        return "unchanged"
    return _store(kind, text, done.files, entry, event, memories, identity)


class Done:
    """What was asked of a session, in all its rollouts, and what came of it."""

    __slots__ = ("calls", "files", "goal", "prompts", "said")

    def __init__(self, rollouts: list[Known]) -> None:
        self.goal = ""
        self.prompts: list[str] = []
        self.said = ""
        self.files: list[str] = []
        self.calls = 0
        asked: list[tuple[int, str]] = []
        for rollout in rollouts:
            self.calls += rollout.number("calls")
            # What was changed stays changed when the turn that did it is taken back.
            self.files += [path for path in rollout.texts("files") if path not in self.files]
            if rollout.known.get("agent"):
                continue
            begin = rollout.number("from") if asked and "from" in rollout.known else -1
            kept = [pair for pair in asked if begin < 0 or pair[0] < begin]
            asked = kept + [pair for pair in prompts_of(rollout) if pair not in kept]
            self.said = rollout.text("said") or self.said
        if asked:
            place = goal_of(asked)
            self.goal = asked[place][1]
            self.prompts = [text for _, text in asked[place + 1 :] if text != self.goal]

    @property
    def substantial(self) -> bool:
        """Whether a file was changed, or the session worked and then explained itself."""
        return bool(self.files) or (self.calls >= _CALLS and len(self.said) >= _SAID)


def read(event: HookEvent, session: SessionState) -> Done | None:
    """What the session did until *event*; None where the event is a subagent's."""
    if event.agent or advance(session, event.transcript).known.get("agent"):
        return None
    for agent in session.agents():
        advance(session, agent.text("transcript"), agent=True)
    rollouts = session.inner("rollouts")
    done = Done([rollouts.inner(path) for path in list(rollouts.known)])
    done.said = without_markup(event.said) or done.said
    return done


def compose(kind: str, done: Done, cwd: str, identity: HookIdentity) -> str:
    """The note's text: what was asked, what was changed, how it stands."""
    goal, prompts, said = _line(done.goal, 200), done.prompts, done.said
    place = identity.app + (f" on {identity.branch}" if identity.branch else "")
    lines = [f"Session in {place}: {goal}" if goal else f"Session in {place}"]
    if kind == STATE:
        lines[0] = f"Unfinished {lines[0][0].lower()}{lines[0][1:]}"
    if prompts:
        lines.append("Then asked: " + "; ".join(_line(prompt, 120) for prompt in prompts[-3:]))
    if files := [_relative(path, cwd) for path in done.files]:
        more = f" and {len(files) - 12} more" if len(files) > 12 else ""
        lines.append("Changed: " + ", ".join(files[:12]) + more)
    if said:
        word = "Stands at" if kind == STATE else "Outcome"
        lines.append(f"{word}: {_line(said, 700)}")
    return "\n".join(lines)


def _store(
    kind: str,
    text: str,
    files: list[str],
    entry: dict[str, object],
    event: HookEvent,
    memories: RecalledMemories,
    identity: HookIdentity,
) -> str:
    metadata: dict[str, object] = {
        "type": kind,
        "source": _SOURCES[kind],
        "session_id": event.session,
        "files": [_relative(path, event.cwd) for path in files[:12]],
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
