"""OpenMemory's exports: the zip of ``POST /api/v1/backup/export``, the two files in it, and what
its interface lists (``items``). What is deleted there stays so; what is paused or archived comes as
expired, which no search shows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from mem0_tui.model.errors import FileFormatError
from mem0_tui.store.formats.encoding import MOST
from mem0_tui.store.formats.reading import Reading
from mem0_tui.store.formats.row import Row, read_row

ZIP: Final = b"PK\x03\x04"
_NAMES: Final = ("memories.json", "memories.jsonl.gz", "memories.jsonl")
"""What the zip holds, the file that says whose they are first."""
_OWN: Final = ("app", "app_name", "category_ids")


def unzipped(data: bytes, name: str) -> bytes:
    """The file of memories in a zip.

    Raises:
        FileFormatError: the zip is damaged, too large, or holds none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            by_name = {each.filename.rpartition("/")[2]: each for each in archive.infolist()}
            wanted = next((by_name[each] for each in _NAMES if each in by_name), None)
            if wanted is None:
                raise FileFormatError(
                    f"{name} holds no {_NAMES[0]}", hint="unzip it and import the file inside"
                )
            if wanted.file_size > MOST:
                raise FileFormatError(f"{name} holds more than {MOST >> 30} GiB")
            return archive.read(wanted)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileFormatError(f"{name} is not a valid zip file: {error}") from None


def read_openmemory(value: Any) -> Reading | None:
    """The memories of *value*, a file's JSON; None where it is not OpenMemory's."""
    if not isinstance(value, Mapping):
        return None
    if isinstance(value.get("items"), list) and any(map(is_openmemory_row, value["items"])):
        reading = Reading("a listing of OpenMemory's")
        for number, row in enumerate(value["items"], 1):
            read_row(named(row), number, reading)
        total = value.get("total")
        if type(total) is int and total > len(value["items"]):
            reading.notes.append(
                f"the file holds {len(value['items']):,} of {total:,} memories: it is one page"
            )
        return reading
    if not isinstance(value.get("memories"), list) or "apps" not in value:
        return None
    reading = Reading("an export of OpenMemory's")
    owner = value["user"].get("user_id") if isinstance(value.get("user"), Mapping) else None
    apps = _by_id(value.get("apps"))
    labels = _by_id(value.get("categories"))
    for number, row in enumerate(value["memories"], 1):
        read_row(_joined(row, owner, apps, labels), number, reading)
    return reading


def is_openmemory_row(row: object) -> bool:
    """Whether *row* is one of OpenMemory's listing, or a line of its export."""
    return isinstance(row, Mapping) and "state" in row and ("app" in row or "app_name" in row)


def named(row: object) -> object:
    """A row of a listing, or a line, with the app's name where its number is."""
    if not isinstance(row, Mapping):
        return row
    app = row.get("app_name") or row.get("app")
    return {**{n: v for n, v in row.items() if n not in _OWN}, "app_id": app}


def _joined(
    row: object, owner: object, apps: Mapping[str, str], labels: Mapping[str, str]
) -> object:
    """A row of the export with names where it refers to its other tables."""
    if not isinstance(row, Mapping):
        return row
    ids = row.get("category_ids")
    known = [labels.get(str(each), str(each)) for each in ids] if isinstance(ids, list) else []
    app = row.get("app_id")
    return {
        **{n: v for n, v in row.items() if n not in _OWN},
        "user_id": owner or row.get("user_id"),
        "app_id": apps.get(str(app), app) if app else None,
        "categories": known,
    }


def _by_id(table: object) -> dict[str, str]:
    """The names of a table's rows by their ids."""
    rows: list[Row] = (
        [row for row in table if isinstance(row, Mapping)] if isinstance(table, list) else []
    )
    return {str(row.get("id")): str(row["name"]) for row in rows if row.get("name")}
