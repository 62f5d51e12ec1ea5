"""The index keeps up with files that grow, move, are replaced, or are not what they should be."""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from mem0_tui.evidence import compressed, lines, scan
from mem0_tui.evidence.index import Index
from mem0_tui.evidence.scan import bring_up_to_date
from mem0_tui.evidence.sessions import turns_of
from mem0_tui.evidence.transcript import read_turn
from mem0_tui.evidence.use import read_uses
from tests.evidence.conftest import ENDED, Machine


def everything(machine: Machine) -> set[tuple[object, ...]]:
    """What the index holds of memories, without its own numbers."""
    rows = read_uses(machine.index).rows
    return {tuple(row) for some in rows.values() for row in some}


def test_nothing_is_read_twice(machine: Machine) -> None:
    first = machine.scan()
    assert (first.read, first.complete) == (len(machine.sessions), True)
    again = machine.scan()
    assert (again.files, again.read, again.read_bytes) == (first.files, 0, 0)


def test_a_file_that_grows_byte_by_byte_comes_to_the_same(machine: Machine) -> None:
    """Wherever a scan meets the writer: within a line, or between a call and its output."""
    machine.scan()
    whole = everything(machine)
    grown = Machine(machine.places, Index(machine.index_path.with_name("grown.db")), machine.truth)
    for file in machine.sessions:
        data = file.read_bytes()
        cuts = [at + 1 for at, byte in enumerate(data) if byte == 10]
        file.unlink()
        for end in sorted({*cuts, *(cut - 40 for cut in cuts[1:])}):
            with file.open("ab") as stream:
                stream.write(data[stream.tell() : end])
            grown.scan()
    assert sorted(everything(grown) ^ whole) == []
    grown.index.close()


def test_only_what_is_new_is_read(current: Machine) -> None:
    current.scan()
    file = current.sessions[0]
    line = file.read_bytes().splitlines(keepends=True)[-1]
    with file.open("ab") as stream:
        stream.write(line)
    report = current.scan()
    assert (report.read, report.read_bytes) == (1, len(line))


def test_another_file_under_the_same_name_is_read_anew(current: Machine) -> None:
    current.scan()
    file = current.sessions[0]
    text = file.read_text(encoding="utf-8")
    gone, come = current.truth["ids"]["branches"], current.truth["ids"]["never"]
    status = file.stat()
    file.write_text(text.replace(gone, come), encoding="utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert current.use("branches").given == 1
    current.scan()
    assert (current.use("branches").given, current.use("never").given) == (0, 1)


def test_a_file_that_was_cut_short_is_read_anew(current: Machine) -> None:
    current.scan()
    assert current.use("releases").given == 1
    file = current.sessions[0]
    data = file.read_bytes()
    file.write_bytes(data[: data.index(b"\n", len(data) // 3) + 1])
    current.scan()
    assert current.use("releases").given == 0


def test_archiving_moves_a_session_and_loses_nothing(machine: Machine) -> None:
    machine.scan()
    before = everything(machine)
    home = Path(machine.places.codex_home)
    shutil.move(home / "sessions", home / "archived_sessions")
    assert machine.scan().read_bytes == 0
    assert everything(machine) == before


def test_what_a_deleted_session_told_stays_true(machine: Machine) -> None:
    machine.scan()
    before = everything(machine)
    shutil.rmtree(Path(machine.places.codex_home) / "sessions")
    machine.scan()
    assert everything(machine) == before


def test_a_session_that_was_compressed_after_it_was_read_is_still_known(current: Machine) -> None:
    current.scan()
    before = everything(current)
    file = current.sessions[0]
    file.with_name(f"{file.name}.zst").write_bytes(b"not looked into")
    file.unlink()
    assert current.scan().problems == []
    assert everything(current) == before


def test_a_compressed_session_that_cannot_be_read_leaves_use_unknown(
    current: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compressed, "_READERS", ())
    file = current.sessions[0]
    file.rename(file.with_name(f"{file.name}.zst"))
    assert compressed.UNREADABLE in current.scan().problems[0]
    assert current.use("never").given == 0, "it was made after all of that"
    use = current.use("never", created=ENDED - timedelta(seconds=1))
    assert use.given is None
    assert compressed.UNREADABLE in use.reason


def test_a_compressed_session_says_what_it_said_and_opens_at_its_turns(current: Machine) -> None:
    name = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    zstd = pytest.importorskip(name, reason="the extra dev is older than this test")
    current.scan()
    before = {row[:5] for row in everything(current)}
    thread = next(iter(current.truth["written"]))
    texts = [read_turn(turn) for turn in turns_of(current.index, thread)]
    for file in current.sessions:
        with zstd.open(f"{file}.zst", "wb") as stream:
            stream.write(file.read_bytes())
        file.unlink()
    anew = Machine(current.places, Index(current.index_path.with_name("anew.db")), current.truth)
    assert anew.scan().problems == []
    assert {row[:5] for row in everything(anew)} == before
    assert [read_turn(turn) for turn in turns_of(anew.index, thread)] == texts
    anew.index.close()


def test_a_long_line_is_passed_over_in_bounded_memory(
    current: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "BUFFER", 1 << 14)
    monkeypatch.setattr(lines, "LONGEST", 1 << 16)
    current.scan()
    whole = everything(current)
    file = current.sessions[0]
    parts = file.read_bytes().splitlines(keepends=True)
    noise = b'{"timestamp":"2026-11-30T14:58:39.000Z","type":"world_state","payload":{"x":"'
    wanted = noise.replace(b"world_state", b"event_msg").replace(
        b'{"x"', b'{"type":"item_completed","item":{"type":"McpToolCall","id"'
    )
    long = [head + b"y" * (1 << 18) + b'"}}\n' for head in (noise, wanted)]
    file.write_bytes(b"".join([parts[0], *long, *parts[1:]]))
    current.scan()
    moved = {row[:5] for row in everything(current)}
    assert moved == {row[:5] for row in whole}
    (gap,) = read_uses(current.index, []).coverage.gaps
    assert gap[1] == f"a line of {file.name} is too long to be looked into"


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\n\n\n",
        b"\x00" * 4096,
        b"null\n[]\n{}\n1\n",
        b'{"type":"event_msg","payload":[]}\n' * 3,
        b"[" * 100_000 + b"\n",
        b'{"timestamp":"x","type":"session_meta","payload":{"id":7,"cwd":[],"git":1}}\n',
        b'{"timestamp":"9999-99-99","type":"event_msg","payload":{"type":"item_completed",'
        b'"item":{"type":"McpToolCall","result":{"structuredContent":{"results":[1,{"id":[]}]}}}}}\n',
        b'{"timestamp":"x","type":"response_item","payload":{"type":"message","role":"developer",'
        b'"content":[{"text":"<mem0-memory \xff"}]}}\n',
        json.dumps(
            {"type": "response_item", "payload": {"type": "message", "content": 1}}
        ).encode(),
    ],
)
def test_a_file_of_junk_is_survived(junk: bytes, current: Machine) -> None:
    current.scan()
    before = everything(current)
    folder = current.sessions[0].parent
    (folder / "rollout-2026-11-30T15-00-00-01a22cf7-0000-7000-8000-000000000000.jsonl").write_bytes(
        junk
    )
    assert current.scan().complete
    assert everything(current) == before


def test_a_scan_that_was_stopped_goes_on_where_it_was(current: Machine) -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) % 3 == 0

    scans = 1
    while not bring_up_to_date(current.index, current.places, stop=stop).complete:
        scans += 1
        assert scans < 100
    stopped = everything(current)
    anew = Machine(current.places, Index(current.index_path.with_name("anew.db")), current.truth)
    anew.scan()
    assert scans > 1
    assert stopped == everything(anew)
    anew.index.close()


def test_the_index_is_private_and_holds_no_text(current: Machine) -> None:
    current.scan()
    path = current.index_path
    current.index.close()
    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    for told in (b"PostgreSQL", b"currency", b"invoices", b"Thursday"):
        assert told not in content


def test_a_damaged_index_is_made_anew(current: Machine) -> None:
    current.scan()
    current.index.close()
    current.index_path.write_bytes(b"this is no database" * 500)
    again = Machine(current.places, Index(current.index_path), current.truth)
    again.scan()
    assert again.use("currency").given == 2
    again.index.close()
