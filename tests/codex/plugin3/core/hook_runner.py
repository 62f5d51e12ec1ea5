"""What each hook does; none of them ever stops a turn."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.codex.plugin3.core import flush_worker
from tests.codex.plugin3.core.evidence import Evidence, now
from tests.codex.plugin3.core.memory_core import (
    FIRST,
    HEADING,
    SUBAGENT_HEADING,
    VERSION,
    Api,
    data_folder,
    filters,
    numbered,
    option,
    seconds,
    settings_key,
    text_of,
)
from tests.codex.plugin3.core.packet import tool_payload
from tests.codex.plugin3.core.repository import Repository, look

_EXCHANGES, _MESSAGES, _CHARACTERS = 5, 10, 40_000
_RELAUNCHED, _OLD, _CRASHED = 5, 7 * 86_400, 300
_SECRETS = ("PLUGIN_OPTION_API_KEY", "CLAUDE_PLUGIN_OPTION_API_KEY")


class Session:
    """One hook's call: what Codex said, whose it is, and the database."""

    def __init__(self, asked: dict[str, Any], evidence: Evidence) -> None:
        self.asked = asked
        self.evidence = evidence
        self.id = str(asked.get("session_id") or "unknown")
        self.repository = evidence.pinned(self.id) or self._see()

    def _see(self) -> Repository:
        """The repository of a session that begins: it stays the same wherever Codex goes."""
        found = look(str(self.asked.get("cwd") or os.getcwd()), os.environ)
        self.evidence.pin(self.id, found)
        return found

    def record(self, kind: str, **payload: object) -> None:
        self.evidence.record(self.id, self.repository, kind, payload)

    def flush(self, reason: str) -> None:
        packet = self.evidence.prepare(self.id, self.repository, reason)
        if packet is not None:
            flush_worker.launch(self.evidence, packet)


def session_start(session: Session) -> None:
    evidence = session.evidence
    if not os.environ.get("MEM0_API_KEY") and not settings_key(os.environ):
        (evidence.folder / "api-key").unlink(missing_ok=True)
    state = evidence.folder / "install-state.json"
    if not state.exists():
        claim = {"plugin_version": VERSION, "installed_at": now(), "upgraded": False}
        state.write_text(json.dumps(claim))
        state.chmod(0o600)
    repository, asked = session.repository, session.asked
    session.record(
        "session_start",
        source=asked.get("source"),
        model=asked.get("model"),
        branch=repository.branch,
        head_sha=repository.head,
    )
    _relaunch(evidence)


def _relaunch(evidence: Evidence) -> None:
    moment = time.time_ns() / 1e9
    files = sorted((evidence.folder / "pending").glob("*.*"), key=lambda file: file.stat().st_mtime)
    waiting = []
    for file in files:
        age = moment - file.stat().st_mtime
        if age > _OLD:
            file.unlink()
        elif file.suffix == ".json":
            waiting.append(file)
        elif file.suffix == ".running" and age > _CRASHED:
            waiting.append(file.rename(file.with_suffix(".json")))
    for file in waiting[:_RELAUNCHED]:
        flush_worker.start(evidence, file)


def user_prompt(session: Session) -> None:
    text = str(session.asked.get("prompt") or "")
    first = not any(kind == "user_prompt" for _, kind, _ in session.evidence.events(session.id))
    session.record("user_prompt", text=text)
    if first and len(text.strip()) >= int(option("MIN_QUERY_CHARS", "20")):
        block = _recall(session, text)
        if block:
            _say("UserPromptSubmit", block)


def _recall(session: Session, query: str) -> str:
    evidence, repository = session.evidence, session.repository
    asked, found, error = filters(repository, os.environ), [], ""
    begun = time.monotonic()
    try:
        api = Api(os.environ)
        if not api.key:
            return ""
        found = api.search(repository, query, asked, top=FIRST, wait=seconds(2))
    except (OSError, ValueError, LookupError) as failure:
        error = str(failure)
    known = {
        row[0]
        for row in evidence.rows(
            "SELECT memory_id FROM retrievals WHERE session_id = ?", session.id
        )
    }
    fresh = [memory for memory in found if memory["id"] not in known]
    block = numbered(fresh, heading=HEADING)
    evidence.put(
        "operations",
        created_at=now(),
        repo_id=repository.identity,
        session_id=session.id,
        operation="first-prompt-search",
        duration_ms=(time.monotonic() - begun) * 1000,
        success=int(not error),
        item_count=len(found),
        request_chars=len(query) + len(json.dumps(asked)),
        response_chars=len(block),
        error=error or None,
    )
    shown = block.count("\n") if block else 0
    for rank, memory in enumerate(fresh[:shown], 1):
        evidence.put(
            "retrievals",
            session_id=session.id,
            repo_id=repository.identity,
            memory_id=memory["id"],
            injected_at=now(),
            rank=rank,
            score=memory.get("score"),
            memory_text=text_of(memory)[:4000],
            context_chars=len(block),
        )
    return block


def post_tool(session: Session) -> None:
    payload = tool_payload(session.asked, session.repository.root)
    session.record("tool_failure" if payload["failed"] else "tool_result", **payload)


def subagent_start(session: Session) -> None:
    repository = session.repository
    rows = session.evidence.rows(
        "SELECT memory_id, memory_text FROM retrievals WHERE repo_id = ? AND session_id = ?"
        " ORDER BY rank",
        *(repository.identity, session.id),
    )
    known = [{"id": memory_id, "memory": text} for memory_id, text in rows]
    block = numbered(known, heading=SUBAGENT_HEADING, branches=False)
    session.evidence.put(
        "sidekick_runs",
        repo_id=repository.identity,
        session_id=session.id,
        agent_id=session.asked.get("agent_id"),
        agent_type=session.asked.get("agent_type"),
        started_at=now(),
        transcript_path=session.asked.get("transcript_path"),
        context_chars=len(block),
    )
    session.record("subagent_start")
    if block:
        _say("SubagentStart", block)


def subagent_stop(session: Session) -> None:
    session.evidence.rows(
        "UPDATE sidekick_runs SET stopped_at = ?, final_message = ?"
        " WHERE session_id = ? AND agent_id = ?",
        *(now(), session.asked.get("last_assistant_message"), session.id),
        session.asked.get("agent_id"),
    )
    session.record("subagent_stop")


def stop(session: Session) -> None:
    text = str(session.asked.get("last_assistant_message") or "")
    said = [p["text"] for _, kind, p in session.evidence.events(session.id) if kind == _STOPPED]
    if text and text not in said[-1:]:
        session.record(_STOPPED, text=text)
    if not _flushes_itself():
        return
    spoken = [
        (kind, payload["text"])
        for _, kind, payload in session.evidence.events(session.id, unsent=True)
        if kind in ("user_prompt", _STOPPED)
    ]
    exchanges = sum(kind == _STOPPED for kind, _ in spoken)
    characters = sum(len(text) for _, text in spoken)
    if exchanges >= _EXCHANGES or len(spoken) >= _MESSAGES or characters >= _CHARACTERS:
        session.flush("periodic")
    elif wait := float(option("IDLE_FLUSH_SECONDS", "300")):
        _flush_later(session, wait)


_STOPPED = "assistant_stop"


def _flush_later(session: Session, wait: float) -> None:
    pending = session.evidence.folder / "pending"
    pending.mkdir(exist_ok=True)
    file = pending / f"idle-{session.id}-{time.time_ns()}.json"
    file.write_text(json.dumps({"session_id": session.id}))
    flush_worker.start(session.evidence, file, wait)


def flush(session: Session, reason: str) -> None:
    if _flushes_itself():
        session.flush(reason)


def _flushes_itself() -> bool:
    return option("AUTO_FLUSH", "true").lower() in ("1", "true", "yes", "on")


def _say(event: str, text: str) -> None:
    said = {"hookSpecificOutput": {"hookEventName": event, "additionalContext": text}}
    sys.stdout.write(json.dumps(said))


ACTIONS: dict[str, Callable[[Session], None]] = {
    "session-start": session_start,
    "user-prompt": user_prompt,
    "post-tool": post_tool,
    "subagent-start": subagent_start,
    "subagent-stop": subagent_stop,
    "stop": stop,
}


def run(action: str, reason: str) -> None:
    """Do *action* with what Codex says on standard input; whatever goes wrong is only logged."""
    folder = data_folder(os.environ)
    try:
        asked = json.loads(sys.stdin.read() or "{}")
        evidence = Evidence(folder)
        _keep_key(folder)
        if evidence.paused:
            if action == "session-start":
                for file in (folder / "pending").glob("*"):
                    file.touch()
            return
        session = Session(asked, evidence)
        if action == "flush":
            flush(session, reason)
        else:
            ACTIONS[action](session)
    except Exception as error:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "plugin-errors.log", "a") as log:
            log.write(f"{time.time_ns() / 1e9} {type(error).__name__}: {error}\n")


def _keep_key(folder: Path) -> None:
    """A key that is an option of the plugin is kept for its other programs."""
    key = next((os.environ[name] for name in _SECRETS if os.environ.get(name)), "")
    if key:
        (folder / "api-key").write_text(key)
        (folder / "api-key").chmod(0o600)
