"""Finding and listing: references, words and conditions, complete lists or an error."""

from __future__ import annotations

import pytest

from mem0_tui.model.errors import NotFoundError, ResponseError, UsageError
from mem0_tui.model.query import parse
from mem0_tui.store.formats.jsonl import read_header, read_memories
from tests.curator.conftest import MakeCurator
from tests.support.memories import memory, uuid_of
from tests.support.memory_backend import MemoryBackend

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "reference",
    [uuid_of(0xABCD1234), "abcd1234", "abcd", "mem0:abcd1234", "[mem0:abcd1234]", " ABCD1234 "],
)
async def test_a_memory_is_found_by_id_beginning_or_citation(
    curate: MakeCurator, reference: str
) -> None:
    curator = curate(MemoryBackend([memory(0xABCD1234), memory(0x11112222)]))
    assert (await curator.get(reference)).id == uuid_of(0xABCD1234)


async def test_an_ambiguous_beginning_names_the_candidates(curate: MakeCurator) -> None:
    backend = MemoryBackend([memory(0xABCD0001, "first\x1b[2J"), memory(0xABCD0002, "second")])
    with pytest.raises(UsageError) as caught:
        await curate(backend).get("abcd")
    assert uuid_of(0xABCD0001) in caught.value.message
    assert "second" in caught.value.message
    assert "\x1b" not in caught.value.message


async def test_an_id_that_begins_another_is_itself(curate: MakeCurator) -> None:
    from dataclasses import replace

    backend = MemoryBackend([replace(memory(1), id="note"), replace(memory(2), id="note-2")])
    assert (await curate(backend).get("note")).id == "note"


@pytest.mark.parametrize("reference", ["abc", "", "*", "ab*cd", "a b c d", "mem0:"])
async def test_what_is_no_reference_is_said_so(curate: MakeCurator, reference: str) -> None:
    with pytest.raises(UsageError):
        await curate(MemoryBackend([memory(1)])).get(reference)


async def test_an_unknown_reference_is_not_found(curate: MakeCurator) -> None:
    curator = curate(MemoryBackend([memory(1)]))
    for reference in ("ffff", uuid_of(77)):
        with pytest.raises(NotFoundError):
            await curator.get(reference)


async def test_search_takes_words_apart_from_conditions(curate: MakeCurator) -> None:
    backend = MemoryBackend(
        [memory(1, "jwt keys", type="decision"), memory(2, "jwt keys"), memory(3)]
    )
    result = await curate(backend).search(parse("type:decision jwt"))
    assert [hit.memory.id for hit in result.hits] == [uuid_of(1)]
    with pytest.raises(UsageError):
        await curate(backend).search(parse("type:decision"))


async def test_collect_gives_all_pages_or_an_error(curate: MakeCurator) -> None:
    backend = MemoryBackend((memory(n) for n in range(230)), page_size=50)
    curator = curate(backend)
    assert len(await curator.collect(parse(""))) == 230
    backend.hide = lambda found: found.id == uuid_of(100)
    with pytest.raises(ResponseError, match="229 of 230"):
        await curator.collect(parse(""))


async def test_an_export_is_streamed_and_a_partial_one_has_no_end(curate: MakeCurator) -> None:
    backend = MemoryBackend((memory(n) for n in range(120)), page_size=50)
    curator = curate(backend)
    lines: list[str] = []
    assert await curator.export(parse(""), lines.append) == 120
    assert read_header(lines[0]).count == 120
    assert len(list(read_memories(lines[1:]))) == 120
    backend.hide = lambda found: found.id == uuid_of(60)
    partial: list[str] = []
    with pytest.raises(ResponseError):
        await curator.export(parse(""), partial.append)
    with pytest.raises(UsageError, match="cut off"):
        list(read_memories(partial[1:]))
