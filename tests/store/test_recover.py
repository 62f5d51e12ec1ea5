"""What is whole in a damaged store comes out of it, and nothing else; the store stays as it is."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import StoreCorruptError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.store.recover import salvage
from mem0_tui.store.store import open_store

COUNT = 300
PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memories.db"


@pytest.fixture
def stored(path: Path) -> dict[str, Memory]:
    """The memories of a store with some deleted ones between them."""
    store = open_store(path)
    drafts = [
        Draft(f"{n} grüße " + "text " * 40, Scope(user_id="kim"), {"n": n}) for n in range(COUNT)
    ]
    added = asyncio.run(store.add_many(drafts))
    asyncio.run(store.delete([added[7].id]))
    kept = {each.id: store.get_now(each.id) for each in added if each is not added[7]}
    store.close()
    return kept


def listing_pages(path: Path) -> list[int]:
    """The leaves, counted from 1, of the list of tables, whose root is page 1 of the file."""
    data = path.read_bytes()
    assert data[100] == 5, "the root has leaves"
    cells = int.from_bytes(data[103:105], "big")
    places = [int.from_bytes(data[at : at + 2], "big") for at in range(112, 112 + 2 * cells, 2)]
    return [int.from_bytes(data[at : at + 4], "big") for at in (*places, 108)]


def overwrite(path: Path, at: int, length: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(random.Random(at).randbytes(length))


def test_a_sound_store_comes_out_whole(path: Path, stored: dict[str, Memory]) -> None:
    found = salvage(path)
    assert {each.id: each for each in found.memories} == stored
    assert found.lost == 0


@pytest.mark.parametrize("part", range(2, 10))
def test_what_is_whole_comes_out_of_a_damaged_one(
    path: Path, stored: dict[str, Memory], part: int
) -> None:
    first = path.stat().st_size // PAGE * part // 10
    while any(number in range(first + 1, first + 4) for number in listing_pages(path)):
        first += 1  # without the list of its tables nothing comes out, see below
    overwrite(path, first * PAGE, 3 * PAGE)
    before = path.read_bytes()
    found = salvage(path)
    assert all(stored[each.id] == each for each in found.memories)
    assert len(found.memories) + found.lost >= COUNT - 1
    assert len(found.memories) > COUNT // 2
    assert path.read_bytes() == before


def test_a_store_that_was_cut_off_is_read_as_far_as_it_goes(
    path: Path, stored: dict[str, Memory]
) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)
    found = salvage(path)
    assert found.memories
    assert found.lost
    assert all(stored[each.id] == each for each in found.memories)


@pytest.mark.parametrize("data", [b"no database at all", b"SQLite format 3\0" + bytes(5000)])
def test_where_nothing_can_be_read_that_is_said(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(StoreCorruptError) as caught:
        salvage(path)
    assert "--salvage" not in (caught.value.hint or "")
