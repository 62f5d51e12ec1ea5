"""What the world writes is read, or it is said what was not: dates, encodings, formats, damage.

The files in ``dumps`` are what the real programs wrote of made-up memories: mem0-cli and @mem0/cli
0.2.13 and npm mem0ai 3.3.1 against ``mem0-tui serve``; OpenMemory's and mcp-memory-service's are
written after their exporters' code.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.errors import FileFormatError
from mem0_tui.model.memory import Memory
from mem0_tui.store.formats.dates import read_day, read_moment
from mem0_tui.store.formats.jsonl import ExportHeader, export_lines
from mem0_tui.store.formats.reading import Reading, remark_lines
from mem0_tui.store.formats.recognise import read_file
from tests.support.arbitrary import MEMORY
from tests.support.memories import memory

DUMPS = Path(__file__).parent / "dumps"
PROPERTY = settings(max_examples=80, deadline=None)
MOMENTS = st.datetimes(datetime(1975, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def read(value: object, **options: Any) -> Reading:
    return read_file(json.dumps(value).encode(), "f.json", **options)


def memories(reading: Reading) -> list[Memory]:
    return [each.memory for each in reading.found]


def said(reading: Reading) -> str:
    return "\n".join([*reading.notes, *remark_lines(reading.remarks)])


@PROPERTY
@given(MOMENTS.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)))
def test_a_date_is_read_in_whatever_form_it_is_written(moment: datetime) -> None:
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)
    whole = moment.replace(microsecond=0)
    millis = round(seconds * 1000)
    for value in (millis, str(millis), millis * 1000, millis * 1_000_000, {"$date": millis}):
        assert read_moment(value) == moment, value
    for value in (int(seconds), str(int(seconds)), {"_seconds": int(seconds)}):
        assert read_moment(value) == whole, value
    for text in (
        moment.isoformat(),
        moment.isoformat().replace("+00:00", "Z"),
        moment.isoformat(" ").replace("+00:00", ""),
        moment.isoformat(" ").replace("+00:00", " UTC"),
        moment.isoformat(" ").replace("+00:00", " +0000"),
    ):
        assert read_moment(text) == moment, text
    assert read_moment(format_datetime(whole)) == whole
    assert read_day(int(seconds)) == read_day(moment.isoformat()) == moment.date()


@pytest.mark.parametrize(
    "value",
    [None, "", "soon", "01/02/2026", 0, -1, 7, "7", 1e30, float("nan"), True, [], {}, "2026-13-01"],
)
def test_what_could_be_any_date_is_none(value: object) -> None:
    assert read_moment(value) is None
    assert read_day(value) is None


def test_days_written_as_digits_are_days() -> None:
    assert read_moment(20260531) == read_moment("20260531") == datetime(2026, 5, 31, tzinfo=UTC)


@PROPERTY
@given(st.lists(MEMORY, min_size=1, max_size=3, unique_by=lambda each: each.id))
def test_an_export_is_read_exactly_in_every_encoding(written: list[Memory]) -> None:
    header = ExportHeader("local", "/a/store", count=len(written))
    text = "".join(export_lines(header, written))
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        assert memories(read_file(text.encode(encoding), "f")) == written, encoding
    assert memories(read_file(gzip.compress(text.encode()), "f")) == written


def test_another_encoding_is_named_as_such() -> None:
    with pytest.raises(FileFormatError, match="not UTF-8 text: byte 12") as raised:
        read_file('{"memory":"éa"}'.encode("latin-1"), "f.json")
    assert "iconv" in str(raised.value.hint)
    with pytest.raises(FileFormatError, match="UTF-16"):
        read_file(b"\xff\xfe\x00", "f.json")


@PROPERTY
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for each in (data, b"[" + data, b"\x1f\x8b" + data, b"PK\x03\x04" + data):
        with contextlib.suppress(FileFormatError):
            read_file(each, "f")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
FIELDS = {
    *("id", "memory", "text", "content", "data", "scope", "user_id", "agent_id", "session_id"),
    *("metadata", "categories", "tags", "created_at", "updated_at", "expiration_date", "state"),
    *("type", "pinned", "deleted", "items", "results", "error"),
}
ROWS = st.dictionaries(st.sampled_from(sorted(FIELDS)), JSON)


@PROPERTY
@given(st.lists(ROWS | JSON, max_size=4), st.booleans())
def test_every_row_is_taken_or_named(rows: list[Any], wrapped: bool) -> None:
    try:
        reading = read({"results": rows} if wrapped else rows)
    except FileFormatError:
        return
    taken = {each.row for each in reading.found}
    left_out = {remark.row for remark in reading.remarks if remark.left_out}
    assert taken | left_out == set(range(1, len(rows) + 1))
    assert not taken & left_out
    assert all(each.memory.text.strip() for each in reading.found)
    for each in reading.found:
        if each.memory.created_at is None:
            assert any(
                each.row == r.row and "dated as of the import" in r.what for r in reading.remarks
            )
    assert len(said(reading)) < 4000


@pytest.mark.parametrize(
    ("name", "app"),
    [
        ("cli-py-json-list", None),
        ("cli-py-add", None),
        ("npm-getall", "shop-api"),
    ],
)
def test_what_mem0s_programs_print_belongs_to_whom_it_says(name: str, app: str | None) -> None:
    reading = read_file((DUMPS / f"{name}.json").read_bytes(), name)
    found = {each.memory.text: each.memory for each in reading.found}
    one = found["Releases are cut from main on Tuesdays"]
    assert one.id == "b4e57202-854e-4e6f-b7f9-0d0e49c4948d"
    assert one.scope.user_id == "kim"
    assert one.scope.app_id == (app or ("shop-api" if name == "cli-py-add" else None))
    if name != "cli-py-add":
        assert one.created_at == datetime(2026, 11, 30, 3, 15, 18, 608393, tzinfo=UTC)
    assert one.type == ("decision" if name == "npm-getall" else None)
    assert ("leaves out metadata" in said(reading)) == name.startswith("cli")
    assert not reading.damaged


@pytest.mark.parametrize("name", ["cli-py-json-get", "cli-py-o-search", "cli-node-agent-search"])
def test_one_memory_and_hits_are_read(name: str) -> None:
    reading = read_file((DUMPS / f"{name}.json").read_bytes(), name)
    (one,) = memories(reading)
    assert (one.id, one.text) == ("88f36270-98be-4dc3-b5d0-53750d0cabb0", "Prefers tabs")
    assert one.scope.user_id == (None if name == "cli-py-json-get" else "kim")
    assert not any("not taken over" in remark.what for remark in reading.remarks)


def openmemory_zip() -> bytes:
    rows = [{"id": "1", "content": "from the lines", "state": "active", "app": "x"}]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("memories.json", (DUMPS / "openmemory.json").read_text("utf-8"))
        archive.writestr("memories.jsonl.gz", gzip.compress(lines))
    return held.getvalue()


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "json"])
def test_what_openmemory_deleted_stays_deleted(packed: bool) -> None:
    data = openmemory_zip() if packed else (DUMPS / "openmemory.json").read_bytes()
    reading = read_file(data, "export")
    alive, archived = memories(reading)
    assert (alive.text, alive.created_at, alive.categories) == ("Alive", WHEN, ("work",))
    assert alive.scope.ids() == {"user_id": "kim", "app_id": "shop-api"}
    assert alive.metadata == {"k": 1}
    assert archived.expires_on == date(2026, 2, 2), "which hides it from list and search"
    assert archived.metadata == {"state": "archived"}
    assert "row 2 (Deleted): left out: it is deleted there" in said(reading)
    assert "archived there" in said(reading)
    assert not reading.damaged


def test_openmemorys_lines_and_listing_are_read() -> None:
    row = {
        "id": "11111111-0000-4000-8000-000000000001",
        "content": "Alive",
        "created_at": 1767323045,
        "state": "active",
        "app_id": "0a0a0a0a-0000-4000-8000-000000000001",
        "app_name": "shop-api",
        "categories": ["work"],
        "metadata_": {"k": 1},
    }
    reading = read({"items": [row], "total": 3, "page": 1, "size": 1, "pages": 3})
    (one,) = memories(reading)
    assert (one.scope.app_id, one.created_at, one.metadata) == ("shop-api", WHEN, {"k": 1})
    assert "1 of 3" in said(reading)
    line = {**row, "app": "shop-api", "metadata": {}, "created_at": WHEN.isoformat()}
    del line["app_id"], line["app_name"], line["metadata_"]
    dead = {**line, "id": "2", "state": "deleted"}
    text = "".join(json.dumps(each) + "\n" for each in (line, dead))
    reading = read_file(gzip.compress(text.encode()), "memories.jsonl.gz")
    assert [each.scope.app_id for each in memories(reading)] == ["shop-api"]


def test_an_export_of_mcp_memory_service_is_read() -> None:
    reading = read_file((DUMPS / "mcp-memory-service.json").read_bytes(), "f")
    first, second = memories(reading)
    assert first.id.endswith("0001")
    assert first.created_at == WHEN.replace(microsecond=500_000)
    assert first.updated_at == datetime(2026, 1, 3, 3, 4, 5, 250_000, tzinfo=UTC)
    assert (first.type, first.categories) == ("decision", ("deploy", "ops"))
    assert first.metadata == {"type": "decision", "project": "shop-api"}
    assert (second.metadata, second.categories) == ({}, ())
    assert said(reading) == ""
    old = {
        "id": "a" * 64,
        "document": "Deploys",
        "metadata": {"tags_str": "a,b", "type": "note", "timestamp": 1767323045, "branch": "main"},
    }
    (one,) = memories(read({"timestamp": "2026", "total_memories": 1, "memories": [old]}))
    assert (one.text, one.created_at, one.categories) == ("Deploys", WHEN, ("a", "b"))
    assert one.metadata == {"type": "note", "branch": "main"}


def test_a_knowledge_graph_gives_a_memory_for_each_observation() -> None:
    lines = [
        {"type": "entity", "name": "Kim", "entityType": "person", "observations": ["likes tabs"]},
        {"type": "relation", "from": "Kim", "to": "shop-api", "relationType": "maintains"},
    ]
    reading = read_file("\n".join(map(json.dumps, lines)).encode(), "memory.jsonl")
    assert [each.text for each in memories(reading)] == [
        "Kim: likes tabs",
        "Kim maintains shop-api",
    ]
    assert memories(reading)[0].metadata == {"entity": "Kim", "entity_type": "person"}


def test_metadata_is_understood_or_kept() -> None:
    rows = [
        {"memory": "a", "metadata": '{"type": "decision"}'},
        {"memory": "b", "metadata": json.dumps(json.dumps({"k": 1}))},
        {"memory": "c", "metadata": ["x", 1]},
        {"memory": "d", "metadata": "plain words"},
        {"memory": "e", "metadata": None},
    ]
    reading = read(rows)
    assert [each.metadata for each in memories(reading)] == [
        {"type": "decision"},
        {"k": 1},
        {"metadata": ["x", 1]},
        {"metadata": "plain words"},
        {},
    ]
    assert "rows 3 (['x', 1]) and 4 (plain words): its metadata is not an object" in said(reading)


def test_truth_values_of_databases_are_read_as_such() -> None:
    rows: list[dict[str, Any]] = [
        {"memory": "gone", "is_deleted": 1},
        {"memory": "gone too", "deleted": "true"},
        {"memory": "gone since", "deleted_at": "2026-01-02"},
        {"memory": "alive", "is_deleted": 0, "deleted": "false", "deleted_at": 0},
        {"memory": "alive in Go", "deletedAt": "0001-01-01T00:00:00Z"},
        {"memory": "pinned", "pinned": 1, "immutable": "true"},
        {"memory": "put away", "archived": True},
        {"memory": "put away since", "archived_at": "2026-01-02T00:00:00Z"},
        {"memory": "taken out again", "state": "active", "archived_at": "2026-01-02T00:00:00Z"},
    ]
    reading = read(rows)
    found = {each.text: each for each in memories(reading)}
    assert list(found) == [row["memory"] for row in rows[3:]]
    assert found["pinned"].pinned
    assert found["pinned"].immutable
    put_away = [text for text, each in found.items() if each.expires_on is not None]
    assert put_away == ["put away", "put away since"]
    told = said(reading)
    assert "rows 1 (gone), 2 (gone too) and 3 (gone since): left out: it is deleted there" in told
    assert "rows 7 (put away) and 8 (put away since): it is archived there" in told


def test_numbers_that_nothing_can_hold_stay_as_they_are_written() -> None:
    digits = "9" * 5000
    text = f'[{{"memory": "a", "metadata": {{"n": {digits}, "x": 1e999, "y": NaN}}}}]'
    for written in (text, text[1:-1]):  # a list, and a line of JSON lines
        (found,) = memories(read_file(written.encode(), "f.json"))
        assert found.metadata == {"n": digits, "x": "1e999", "y": "NaN"}
    with pytest.raises(FileFormatError, match="but does not hold memories"):
        read_file(f'{{"n": {digits}}}'.encode(), "f.json")


def test_an_owner_of_blanks_is_none() -> None:
    reading = read([{"memory": "a", "user_id": "  ", "app_id": "shop"}])
    (found,) = memories(reading)
    assert (found.scope.user_id, found.scope.app_id) == (None, "shop")
    assert "its user_id is not an id: not taken over" in said(reading)


def test_what_is_not_understood_is_named_and_the_rest_is_read() -> None:
    rows: list[Any] = [
        {"memory": "one", "created_at": "soon", "expiration_date": "tomorrow", "prio": 3},
        None,
        7,
        {"memory": " "},
        {"id": "x", "memory": "first"},
        {"id": "x", "memory": "second"},
        {"id": "x", "memory": "first"},
    ]
    reading = read(rows)
    assert [each.text for each in memories(reading)] == ["one", "first"]
    told = said(reading)
    assert "row 2: left out: null is not a memory" in told
    assert "row 3 (7): left out: it is not an object" in told
    assert "row 4: left out: it has no text" in told
    assert "created_at is not a readable date: dated as of the import" in told
    assert "row 1 (tomorrow): expiration_date is not a readable date" in told
    assert "row 1 (3): prio is not taken over" in told
    assert "row 6 (x): left out: it has the id, but not the content" in told
    assert "row 7 (x): left out: it repeats" in told
    assert reading.damaged


def test_many_remarks_stay_a_few_lines() -> None:
    rows = [None, *({"memory": "x", f"field{n}": "y" * 500} for n in range(5000))]
    told = said(read(rows))
    assert "rows 2, 3, 4, 5, 6 and 4,995 more: no date" in told
    assert "other kinds" in told
    assert len(told) < 4000


def test_lines_that_are_no_json_are_left_out_and_a_torn_end_is_refused() -> None:
    lines = ['{"memory": "a"}', "garbage", "null", '{"memory": "b"}', '{"memory": "c']
    data = "\n".join(lines).encode()
    with pytest.raises(FileFormatError, match="line 5, the last one, is cut off") as raised:
        read_file(data, "f")
    assert "--partial" in str(raised.value.hint)
    reading = read_file(data, "f", partial=True)
    assert [each.text for each in memories(reading)] == ["a", "b"]
    assert "rows 2 (garbage) and 5" in said(reading)


def test_an_export_without_its_last_line_says_what_that_is() -> None:
    lines = list(export_lines(ExportHeader("local", "s", count=2), [memory(1), memory(2)]))
    for end, gone in ((3, "no memory is missing"), (2, "so 1 are missing")):
        data = "".join(lines[:end]).encode()
        with pytest.raises(FileFormatError, match=gone) as raised:
            read_file(data, "f")
        assert '{"end":"mem0-tui export","count":2}' in str(raised.value)
        assert len(memories(read_file(data, "f", partial=True))) == end - 1
    torn = "".join(lines[:2]) + lines[2][:30]
    with pytest.raises(FileFormatError, match="cut off after 1 memory"):
        read_file(torn.encode(), "f")


def test_one_page_of_a_listing_and_an_error_are_told_from_the_whole() -> None:
    rows = [{"memory": "a", "user_id": "kim"}]
    assert "1 of 300" in said(read({"count": 300, "next": "…", "results": rows}))
    assert "goes on" in said(read({"next": "http://…", "results": rows}))
    assert said(read({"count": 1, "next": None, "results": rows})) == (
        "row 1: no date of creation: dated as of the import"
    )
    with pytest.raises(FileFormatError, match="an error instead of memories: no key"):
        read({"status": "error", "error": "no key"})


@pytest.mark.parametrize("text", ["", " ", "hello", "[1]", "{}", '{"a": 1}', '[{"memory": "a"}, {'])
def test_what_holds_no_memory_is_refused(text: str) -> None:
    with pytest.raises(FileFormatError):
        read_file(text.encode(), "f")
