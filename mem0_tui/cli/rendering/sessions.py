"""Shows Codex's sessions: as a table, turn by turn, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mem0_tui.cli.rendering.json_documents import iso
from mem0_tui.cli.rendering.layout import Cell, Column, cut, table, wrap
from mem0_tui.cli.rendering.output import Output, safe, safe_lines
from mem0_tui.evidence.event import FoundKind
from mem0_tui.evidence.sessions import CodexSession, SessionTurn
from mem0_tui.evidence.transcript import Step, TurnText
from mem0_tui.evidence.use import Coverage
from mem0_tui.presenting.age import age
from mem0_tui.presenting.memory import headline

if TYPE_CHECKING:
    from mem0_tui.model.memory import Memory

Json = dict[str, Any]

_WORDS = {
    FoundKind.GIVEN: "given",
    FoundKind.FETCHED: "fetched",
    FoundKind.WRITTEN: "wrote",
    FoundKind.CHANGED: "changed",
    FoundKind.DELETED: "deleted",
    FoundKind.CITED: "cited",
}
_LABELS = {"prompt": "asked", "answer": "said", "command": "ran", "file": "changed"}
_MOST_LINES = 12
"""Lines of one text that are shown."""


def coverage_document(coverage: Coverage) -> Json:
    """Since when sessions are recorded, and which cannot be read."""
    gaps = [{"until": iso(end), "reason": why} for end, why in coverage.gaps]
    return {"since": iso(coverage.since), "gaps": gaps}


def session_document(session: CodexSession, known: Mapping[str, str]) -> Json:
    """One session, without what was said in it."""
    document: Json = {
        "id": session.id,
        "root": session.root or session.id,
        "parent": session.parent or None,
        "forked_from": session.forked_from or None,
        "agent": session.agent or None,
        "started": iso(session.started),
        "last": iso(session.seen),
        "folder": session.folder or None,
        "branch": session.branch or None,
        "commit": session.commit or None,
        "codex_version": session.version or None,
        "memory_mode": session.memory_mode or None,
        "state": session.state,
        "resume": session.resumes or None,
        "files": [{"path": file.path, "state": file.state} for file in session.files],
    }
    for kind, word in _WORDS.items():
        ids = [known[key] for key in session.keys(kind) if key in known]
        document[word] = list(dict.fromkeys(ids))
    document["unknown"] = [_short(key) for key in session.keys(*FoundKind) if key not in known]
    return document


def turn_document(
    session: CodexSession, turn: SessionTurn, text: TurnText, known: Mapping[str, str]
) -> Json:
    """One turn, with what was said in it."""
    steps = [{"kind": each.kind, "text": each.text, "cut": each.cut} for each in text.steps]
    document: Json = {"id": turn.id, "at": iso(turn.at), "steps": steps}
    skipped = any(each.kind == "skipped" for each in text.steps)
    document |= {
        "complete": not (text.more or text.left_out or skipped),
        "problem": text.problem or None,
    }
    for kind, word in _WORDS.items():
        ids = [known.get(key, _short(key)) for key in _keys(session, turn, kind)]
        document[word] = list(dict.fromkeys(ids))
    return document


def session_table(
    output: Output, sessions: Sequence[CodexSession], known: Mapping[str, str], now: datetime
) -> list[str]:
    """One line per session: id, age, folder, branch, how many memories it was given and wrote."""
    columns = [
        Column("ID", style="yellow", limit=36),
        Column("LAST", right=True, style="dim"),
        Column("GIVEN", right=True),
        Column("WROTE", right=True),
        Column("FILE", style="dim"),
        Column("BRANCH", limit=20, style="dim"),
        Column("FOLDER"),
    ]
    rows: list[list[str | Cell]] = []
    for each in sessions:
        agent = f"subagent {each.agent or each.id[:8]}" if each.parent else ""
        rows.append(
            [
                safe(each.id),
                age(each.seen, now),
                str(len(_meant(each.keys(FoundKind.GIVEN), known))),
                str(len(_meant(each.keys(FoundKind.WRITTEN), known))),
                each.state,
                safe(each.branch),
                safe(each.folder) + (f" · {safe(agent)}" if agent else ""),
            ]
        )
    return table(output, columns, rows)


def _meant(keys: Sequence[str], known: Mapping[str, str]) -> set[str]:
    return {known.get(key, key) for key in keys}


def turn_lines(
    output: Output,
    session: CodexSession,
    turn: SessionTurn,
    text: TurnText,
    known: Mapping[str, str],
    memories: Mapping[str, Memory],
) -> list[str]:
    """One turn: when, what was said and done, and which memories were met."""
    head = f"{turn.at:%Y-%m-%d %H:%M:%S} UTC  turn {safe(turn.id)}"
    lines = [output.styled(head, "bold")]
    for step in text.steps:
        if step.kind == "skipped":
            lines.append(output.styled(f"  … {safe(step.text)} are left out here …", "dim"))
        elif step.kind in _LABELS:
            lines += _step_lines(output, step)
    for kind, word in _WORDS.items():
        for memory_id in dict.fromkeys(known.get(key, key) for key in _keys(session, turn, kind)):
            memory = memories.get(memory_id)
            said = headline(memory.text, output.masking) if memory else "(not here)"
            line = f"  {word:<8} {safe(_short(memory_id))}  {said}"
            lines.append(cut(line, output.width) if output.cut else line)
    if text.more or text.left_out:
        lines.append(output.styled("  … there is more", "dim"))
    if text.problem:
        lines.append(f"  not readable: {safe(text.problem)}")
    return lines


def _step_lines(output: Output, step: Step) -> list[str]:
    label = _LABELS[step.kind]
    shown = safe_lines(output.memory_text(step.text.strip()))
    lines: list[str] = []
    for line in shown[:_MOST_LINES]:
        lines += wrap(line, min(output.width, 100) - 11) if output.cut else [line]
    if len(shown) > _MOST_LINES or step.cut:
        lines.append("…")
    return [
        f"  {output.styled(f'{label if not at else str():<8}', 'dim')} {line}".rstrip()
        for at, line in enumerate(lines)
    ]


def _keys(session: CodexSession, turn: SessionTurn, kind: FoundKind) -> list[str]:
    rows = (row for row in session.rows if row.turn == turn.id and row.kind == kind)
    return list(dict.fromkeys(row.key for row in sorted(rows, key=lambda row: (row.at, row.rank))))


def _short(key: str) -> str:
    """A key as a person sees it: the beginning of an id, or that only the text is known."""
    if key.startswith("~"):
        return key[1:9]
    return "(by text)" if key.startswith("=") else key[:8]
