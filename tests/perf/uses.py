"""The start of the screen where Codex was given memories 100,000 times, against a start where it
never was: the same store, and the index up to date in both."""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mem0_tui.evidence.index import Index
from mem0_tui.evidence.scan import bring_up_to_date
from mem0_tui.evidence.service import INDEX_FILE, find_places
from mem0_tui.evidence.use import read_uses
from mem0_tui.settings.locations import locations
from tests.perf.measure import fact, heading
from tests.perf.starting import Moment, _marks, _moments
from tests.perf.terminal import Terminal
from tests.perf.tui import environ_of, store_of

_MEMORIES = 10_000
_SESSIONS, _CALLS, _SHOWN = 400, 50, 5
STARTS = int(os.environ.get("USES_STARTS", "9"))
_SETTLED = "nothing left to do"


def run(folder: Path) -> None:
    """Print how the starts compare, in the processor's time and in that of the clock."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    store, _ = store_of(folder, _MEMORIES)
    command = [sys.executable, "-m", "mem0_tui", "--store", str(store), "--backend", "local"]
    homes = [_home(folder / "unused"), _home(folder / "used")]
    _record(Path(homes[1]["CODEX_HOME"]), _memories(store))
    counts = [_index(environ) for environ in homes]
    heading(f"The start with {_MEMORIES:,} memories and {counts[1]:,} uses; {counts[0]} = 1.00")
    found: tuple[list[dict[str, Moment]], ...] = ([], [])
    for _ in range(STARTS + 1):  # the first of each reads files that are in memory later
        for environ, moments in zip(homes, found, strict=True):
            moments.append(
                {
                    **_moments(command, environ, _marks(store), key_at="rows"),
                    _SETTLED: _settled(command, environ),
                }
            )
    for name in found[0][0]:
        base, ours = ([each[name] for each in moments[1:]] for moments in found)
        pairs = [our.processor / one.processor for our, one in zip(ours, base, strict=True)]
        shown = (
            f"processor {_ratio(ours, base, 1):5.2f}"
            f"   in the median of pairs {statistics.median(pairs):5.2f}"
        )
        if name != _SETTLED:
            shown += f"   clock, fastest {_ratio(ours, base, 0):5.2f}"
        fact(name, shown, "" if name == _SETTLED else "1.03 of the processor, in pairs")


def _ratio(ours: Sequence[Moment], base: Sequence[Moment], index: int) -> float:
    return min(each[index] for each in ours) / min(each[index] for each in base)


def _home(folder: Path) -> dict[str, str]:
    folder.mkdir()
    return {**environ_of(folder), "CODEX_HOME": str(folder / "codex")}


def _settled(command: Sequence[str], environ: Mapping[str, str]) -> Moment:
    """What the processor did until nothing was painted for two seconds."""
    with Terminal(command, environ=environ) as terminal:
        terminal.until_output()
        terminal.rest(2.0)
        return Moment(0.0, terminal.processor())


def _memories(store: Path) -> list[tuple[str, str]]:
    """The ids and texts of what is in *store*."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(store)) as connection:
        return connection.execute("SELECT id, text FROM memories ORDER BY rowid").fetchall()


def _record(codex: Path, memories: Sequence[tuple[str, str]]) -> None:
    """Write sessions in which Codex searched, and was shown what was found."""
    folder = codex / "sessions"
    folder.mkdir(parents=True)
    for number in range(_SESSIONS):
        thread = f"01a22cf7-{number:04x}-7000-8000-{number:012x}"
        path = folder / f"rollout-2026-10-30T14-00-00-{thread}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for kind, payload in _session(thread, number, memories):
                record = {"timestamp": "2026-10-30T14:58:36.000Z", "type": kind, "payload": payload}
                file.write(json.dumps(record, separators=(",", ":")) + "\n")


def _session(
    thread: str, number: int, memories: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, dict[str, object]]]:
    yield (
        "session_meta",
        {"id": thread, "timestamp": "2026-10-30T14:00:00.000Z", "cwd": "/w", "cli_version": "1"},
    )
    for call in range(_CALLS):
        turn, begin = f"turn-{call}", (number * _CALLS + call) * _SHOWN
        shown = [memories[(begin + at) % len(memories)] for at in range(_SHOWN)]
        result = {"results": [{"id": id_, "memory": text} for id_, text in shown]}
        yield "event_msg", {"type": "task_started", "turn_id": turn}
        item: dict[str, object] = {
            "type": "McpToolCall",
            "id": f"call_{call}",
            "server": "mem0",
            "tool": "search_memories",
            "arguments": {},
            "status": "completed",
            "result": {"content": [], "structuredContent": result},
        }
        told: dict[str, object] = {
            "type": "item_completed",
            "thread_id": thread,
            "turn_id": turn,
            "item": item,
        }
        yield "event_msg", told
        output = {"type": "function_call_output", "call_id": f"call_{call}"}
        yield "response_item", {**output, "output": json.dumps(result)}
        yield "event_msg", {"type": "task_complete", "turn_id": turn}


def _index(environ: Mapping[str, str]) -> int:
    """Bring the index up to date that the program has with *environ*; how many uses it knows."""
    index = Index(locations(environ).state / INDEX_FILE)
    bring_up_to_date(index, find_places(environ))
    count = sum(len(rows) for rows in read_uses(index).rows.values())
    index.close()
    return count
