"""What Mem0's own programs write, and what this one prints with ``--json``.

That is answers of the REST interface and of the SDKs (Python mem0ai 2.2.1, npm mem0ai 3.3.1), and
what its command line (mem0-cli and @mem0/cli 0.2.13) prints with ``--json``, ``--agent`` or
``-o json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mem0_tui.model.errors import FileFormatError
from mem0_tui.store.formats.reading import Reading
from mem0_tui.store.formats.row import has_text, read_row, snake

LISTS: Final = ("results", "memories", "data", "items", "hits", "trash")
"""What the list of memories is called."""
TOTALS: Final = ("count", "total", "total_memories")


def read_mem0(value: Any) -> Reading | None:
    """The memories of *value*, a file's JSON; None where it holds none that Mem0 would write.

    Raises:
        FileFormatError: it is an error that Mem0 answered.
    """
    if isinstance(value, list):
        return _rows(Reading("a JSON list of memories"), value, {})
    if not isinstance(value, Mapping):
        return None
    _refuse_error(value)
    for name in LISTS:
        if isinstance(value.get(name), list):
            reading = _rows(Reading(_called(value)), value[name], value)
            _say_what_is_missing(reading, value, value[name])
            return reading
    for name in ("data", "memory"):
        if has_text(value.get(name)):
            reading = _rows(Reading(_called(value)), [value[name]], value)
            _say_what_is_missing(reading, value, [value[name]])
            return reading
    if has_text(value):
        return _rows(Reading("one memory as JSON"), [value], {})
    return None


def _rows(reading: Reading, rows: Sequence[Any], around: Mapping[str, Any]) -> Reading:
    for number, row in enumerate(rows, 1):
        read_row(row, number, reading, around)
    return reading


def _called(value: Mapping[str, Any]) -> str:
    command = value.get("command")
    if isinstance(command, str) and "status" in value:
        return f"what Mem0's command line printed for {command}"
    return "an answer with memories as JSON"


def _refuse_error(value: Mapping[str, Any]) -> None:
    told = value.get("error") or value.get("detail")
    if told and not any(isinstance(value.get(name), (list, Mapping)) for name in LISTS):
        if isinstance(told, Mapping):
            told = told.get("message") or told
        raise FileFormatError(f"it holds an error instead of memories: {told}")


def _say_what_is_missing(reading: Reading, value: Mapping[str, Any], rows: Sequence[Any]) -> None:
    total = next(
        (value[n] for n in TOTALS if type(value.get(n)) is int and value[n] > len(rows)), None
    )
    if total is not None:
        reading.notes.append(
            f"the file holds {len(rows):,} of {total:,} memories: it is one page of a listing"
        )
    elif value.get("next") or value.get("complete") is False:
        reading.notes.append("the file is one page of a listing that goes on")
    objects = [snake(row) for row in rows if isinstance(row, Mapping)]
    bare = objects and not any("metadata" in row or "user_id" in row for row in objects)
    if bare and "status" in value and "command" in value:
        reading.notes.append(
            "Mem0's command line leaves out metadata, agent, app and run here: mem0-tui export,"
            " or the answer of the REST interface, has them"
        )
