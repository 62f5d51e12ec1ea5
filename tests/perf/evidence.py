"""The index of what Codex did, against one look through the same files: 1 GB of sessions made of
recorded lines and filler, of which one line in forty matters."""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from mem0_tui.evidence.file import Places
from mem0_tui.evidence.index import Index
from mem0_tui.evidence.scan import bring_up_to_date
from mem0_tui.evidence.sessions import turns_of
from mem0_tui.evidence.transcript import read_turn
from mem0_tui.evidence.use import read_uses
from tests.evidence.record import RECORDED, VERSIONS
from tests.perf.measure import heading

_SESSIONS = 400
_ROUNDS = 7
_SCANS = 5
_BYTES = int(os.environ.get("EVIDENCE_MB", "1000")) << 20
_FILLER = (
    '{"timestamp":"2026-11-30T14:58:36.000Z","type":"response_item","payload":{"type":'
    '"function_call_output","id":"fco_1","call_id":"call_%d","output":"%s"}}\n',
    '{"timestamp":"2026-11-30T14:58:36.000Z","type":"event_msg","payload":{"type":"token_count",'
    '"info":{"number":%d,"said":"%s"}}}\n',
    '{"timestamp":"2026-11-30T14:58:36.000Z","type":"event_msg","payload":{"type":"item_completed",'
    '"thread_id":"01a22cf7-0134-7500-81a1-f26b23bd8024","turn_id":"01a22cf7-0191-7000-8000-000000000001","item":{"type":'
    '"CommandExecution","id":"call_%d","aggregated_output":"%s"}}}\n',
)
_WORDS = ("mem0", "McpToolCall", "mcp_tool_call_end", "session_meta", "task_started", "memories")


def run(folder: Path) -> None:
    """Make the sessions, and time the index in a process of its own."""
    home = folder / "evidence"
    size = _make(home)
    heading(f"{size >> 20:,} MB of sessions in {_SESSIONS} files")
    words = [sys.executable, "-m", "tests.perf.evidence", str(home), str(folder / "evidence.db")]
    found = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    first, baseline = found["first"], found["baseline"]
    print(
        f"  first index {first:.2f} s of CPU against {_searcher(home)[1]} {baseline:.2f}:"
        f" {first / baseline:.2f}, in the median of {_ROUNDS} pairs {found['median']:.2f}"
    )
    print(
        f"  memory {found['mb']:.0f} MB more than at the start; the index is"
        f" {found['index'] / size:.3%} of the files; {found['uses']:,} uses"
    )
    print(f"  nothing changed {found['nothing']:.1f} ms, one line appended {found['line']:.1f} ms")
    print(f"  a turn of a session of {found['session'] >> 20} MB opened in {found['turn']:.1f} ms")
    print(
        f"  longest hold of the interpreter {found['hold']:.1f} ms, in the worst of"
        f" {_SCANS} scans {found['worst']:.1f} ms"
    )
    shutil.rmtree(home)


def _cpu(command: list[str]) -> float:
    """Seconds of the processor that *command* takes: others may be at work, too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _fastest(work: Callable[[], object]) -> float:
    """Milliseconds of the processor that *work* takes at best."""
    found = []
    for _ in range(15):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return min(found) * 1000


def _searcher(home: Path) -> tuple[list[str], str]:
    patterns = [word for each in _WORDS for word in ("-e", each)]
    if rg := shutil.which("rg"):
        return [rg, "-j1", "-c", "-F", *patterns, str(home)], "rg -j1"
    grep = ["env", "LC_ALL=C", "grep", "-r", "-c", "-F", *patterns, str(home)]
    return grep, "grep -F (there is no rg)"


def _make(home: Path) -> int:
    recorded = sorted((RECORDED / VERSIONS[0]).rglob("rollout-*.jsonl"))
    text = "The build wrote some lines that nobody will ever read again. " * 110
    filler = "".join(part % (at, text) for at in range(14) for part in _FILLER).encode()
    size, number = 0, 0
    for number in range(_SESSIONS):
        source = recorded[number % len(recorded)].read_text(encoding="utf-8")
        own = f"01a22cf7-{number:04x}-7000-8000-{number:012x}"
        thread = json.loads(source.split("\n", 1)[0])["payload"]["id"]
        lines = source.replace(thread, own).encode().splitlines(keepends=True)
        path = home / "sessions" / f"rollout-2026-11-30T14-00-00-{own}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        room = _BYTES // 5 if number == 0 else _BYTES * 4 // 5 // _SESSIONS
        with path.open("wb") as file:
            for at, line in enumerate(lines):
                file.write(line)
                while file.tell() < room * (at + 1) // len(lines):
                    file.write(filler)
            size += file.tell()
    return size


def _first_index(home: str, places: Places, folder: Path) -> dict[str, float]:
    """Seconds of the processor of an index made anew and of a look through the same files, in turn,
    so that a busy moment of the machine hits both."""
    command, _ = _searcher(Path(home))
    pairs = []
    for number in range(_ROUNDS):
        theirs = _cpu(command)
        tried = Index(folder / f"tried-{number}.db")
        start = time.process_time()
        bring_up_to_date(tried, places)
        pairs.append((time.process_time() - start, theirs))
        tried.close()
    return {
        "first": min(ours for ours, _ in pairs),
        "baseline": min(theirs for _, theirs in pairs),
        "median": statistics.median(ours / theirs for ours, theirs in pairs),
    }


def _longest_hold(places: Places, path: Path) -> float:
    """Milliseconds for which another thread waited for the interpreter, at most, while an index was
    made. What it waited for a processor is not counted, where the kernel tells that (Linux)."""
    late: list[float] = []
    done = threading.Event()

    def tick() -> None:
        status = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        told = status.exists()
        while not done.is_set():
            queued = int(status.read_text().split()[1]) / 1e9 if told else 0.0
            start, used = time.perf_counter(), time.process_time()
            time.sleep(0.001)
            waited, worked = time.perf_counter() - start - 0.001, time.process_time() - used
            if told:
                waited -= int(status.read_text().split()[1]) / 1e9 - queued
            # Late because this process was at work, and not another one.
            late.append(min(worked, waited))

    again = Index(path)
    ticker = threading.Thread(target=tick)
    ticker.start()
    bring_up_to_date(again, places)
    done.set()
    ticker.join()
    again.close()
    return max(late) * 1000


def main(home: str, path: str) -> None:
    """Index *home* and print what that took, as JSON."""
    folder, places = Path(path).parent, Places(home, home)
    index = Index(Path(path))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bring_up_to_date(index, places)
    found: dict[str, object] = {
        "mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    }
    found |= _first_index(home, places, folder)
    found["uses"] = sum(len(rows) for rows in read_uses(index).rows.values())
    found["nothing"] = _fastest(lambda: bring_up_to_date(index, places))
    file = sorted(Path(home).rglob("rollout-*"))[0]
    line = file.read_bytes()[-400:].splitlines(keepends=True)[-1]

    def append() -> None:
        with file.open("ab") as stream:
            stream.write(line)
        bring_up_to_date(index, places)

    found["line"] = _fastest(append)
    turn = turns_of(index, file.name[-42:-6])[-1]
    found["turn"] = _fastest(lambda: read_turn(turn))
    found["session"] = file.stat().st_size
    index.close()
    found["index"] = os.path.getsize(path)
    sys.setswitchinterval(0.0001)  # as the screen has it
    held = [_longest_hold(places, folder / f"held-{number}.db") for number in range(_SCANS)]
    found["hold"], found["worst"] = min(held), max(held)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
