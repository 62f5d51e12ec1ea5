"""Codex's own memories: read, searched, changed in its files, and put back to the byte."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mem0_tui.backends.codexmemories.backend import CodexBackend
from mem0_tui.model.change import Edit
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import (
    InvalidRequestError,
    RefusedError,
    StaleError,
    StoreError,
    UnsupportedError,
)
from mem0_tui.model.memory import Draft, Memory
from tests.backends.codexmemories import sample

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SHOP = "/home/kim/shop"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    codex_home = tmp_path / "codex"
    sample.write(codex_home)
    return codex_home


@pytest.fixture
async def backend(home: Path, tmp_path: Path) -> AsyncIterator[CodexBackend]:
    made = CodexBackend(home, tmp_path / "state", clock=FrozenClock(NOW))
    yield made
    await made.aclose()


async def all_of(backend: CodexBackend) -> dict[str, Memory]:
    """Every memory by its text; of equal ones the last."""
    page = await backend.list(limit=1000)
    return {memory.text: memory for memory in page.items}


def files(home: Path) -> dict[str, bytes]:
    """What is in the folder, by name."""
    folder = home / "memories"
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


async def test_what_codex_remembers_is_told_apart_by_kind_and_folder(backend: CodexBackend) -> None:
    page = await backend.list(limit=1000)
    kinds = {(memory.text, memory.type, memory.scope.app_id) for memory in page.items}
    assert kinds == {
        ("Likes short answers, and tests before code.\nWorks in Berlin.", "summary", None),
        ("shop: the orders service\n- PostgreSQL, never MySQL", "summary", None),
        ("site: the web page", "summary", None),
        ("Went well; a migration was enough.", "task", SHOP),
        ("Wants migrations, never edits of the schema by hand.", "user_preference", SHOP),
        ("`make db` starts PostgreSQL 16:\n\nit takes a minute.", "reusable_knowledge", SHOP),
        ("Prices are integers of cents.", "reusable_knowledge", SHOP),
        ("The linker ran twice; set `LD=mold`.", "failure", SHOP),
        ("The page is built by Hugo.", "reusable_knowledge", "/home/kim/site"),
        ("# Currency column\n\nThe column was added with a migration.", "rollout_summary", SHOP),
        ("Remember that Kim is away in December.", "note", None),
        ("A page of the wiki.", "resource", None),
    }
    assert len(page.items) == 13, "of two equal ones each is there"
    rollout = next(memory for memory in page.items if memory.type == "rollout_summary")
    assert rollout.scope.run_id == sample.THREAD
    assert rollout.created_at == datetime(2026, 11, 1, 10, 5, tzinfo=UTC)
    note = next(memory for memory in page.items if memory.type == "note")
    assert note.created_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


async def test_words_are_found(backend: CodexBackend) -> None:
    result = await backend.search("cents of prices")
    assert result.hits[0].memory.text == "Prices are integers of cents."


async def test_looking_changes_nothing(home: Path, backend: CodexBackend, tmp_path: Path) -> None:
    before = files(home)
    await all_of(backend)
    await backend.search("orders")
    assert files(home) == before
    assert not (tmp_path / "state").exists()


async def test_what_codex_writes_meanwhile_is_seen(home: Path, backend: CodexBackend) -> None:
    await all_of(backend)
    (home / "memories/MEMORY.md").write_text("# Task Group: New\n\n- All is new.\n")
    assert "All is new." in await all_of(backend)
    assert "Prices are integers of cents." not in await all_of(backend)


async def test_a_delete_leaves_a_note_and_is_taken_back_to_the_byte(
    home: Path, backend: CodexBackend
) -> None:
    before = files(home)
    known = await all_of(backend)
    chosen = [
        known["Prices are integers of cents."],
        known["`make db` starts PostgreSQL 16:\n\nit takes a minute."],
        known["shop: the orders service\n- PostgreSQL, never MySQL"],
        known["Remember that Kim is away in December."],
    ]
    outcome = await backend.delete(
        [memory.id for memory in chosen], seen={m.id: m.content_hash for m in chosen}
    )
    assert set(outcome.values()) == {None}
    left = await all_of(backend)
    assert not {memory.text for memory in chosen} & left.keys()
    [note] = [text for text in left if text.startswith("Forget these.")]
    assert "- Prices are integers of cents." in note
    assert "Kim is away" not in note, "a note that is removed needs no other to say so"
    assert (home / "memories/MEMORY.md").read_text().count("Prices") == 0

    for memory in reversed(chosen):
        assert (await backend.restore(memory)).text == memory.text
    assert files(home) == before
    again = await all_of(backend)
    assert {m.text: m.id for m in chosen}.items() <= {t: m.id for t, m in again.items()}.items()


async def test_one_of_two_equal_ones_is_deleted_and_comes_back(
    home: Path, backend: CodexBackend
) -> None:
    before = files(home)
    twins = [m for m in (await backend.list(limit=1000)).items if m.text.startswith("Wants migra")]
    assert len({memory.id for memory in twins}) == 2
    await backend.delete([twins[0].id])
    rest = [m for m in (await backend.list(limit=1000)).items if m.text.startswith("Wants migra")]
    assert len(rest) == 1
    await backend.restore(twins[0])
    assert files(home) == before


async def test_an_edit_keeps_the_id_and_the_rest_of_the_file(
    home: Path, backend: CodexBackend
) -> None:
    before = files(home)
    known = await all_of(backend)
    memory = known["shop: the orders service\n- PostgreSQL, never MySQL"]
    text = "shop: the orders and prices\n- PostgreSQL 16"
    changed = await backend.update(memory.id, Edit(text=text), seen=memory.content_hash)
    assert (changed.id, changed.text) == (memory.id, text)
    after = (home / "memories/memory_summary.md").read_text()
    assert after == sample.SUMMARY.replace("the orders service", "the orders and prices").replace(
        "PostgreSQL, never MySQL", "PostgreSQL 16"
    )
    await backend.update(memory.id, Edit(text=memory.text))
    assert files(home) == before
    assert (await backend.get(memory.id)).text == memory.text


async def test_an_edit_that_would_be_several_memories_is_refused(
    home: Path, backend: CodexBackend
) -> None:
    before = files(home)
    known = await all_of(backend)
    memory = known["Prices are integers of cents."]
    profile = known["Likes short answers, and tests before code.\nWorks in Berlin."]
    tries = ((profile, "One\n\nTwo"), (memory, " "), (profile, "One\n# Two"), (profile, "- One"))
    for tried, text in tries:
        with pytest.raises(InvalidRequestError):
            await backend.update(tried.id, Edit(text=text))
    with pytest.raises(UnsupportedError):
        await backend.update(memory.id, Edit(scope=Scope(app_id="/elsewhere")))
    assert files(home) == before


async def test_what_codex_would_make_again_is_refused_with_the_reason(
    home: Path, backend: CodexBackend
) -> None:
    sample.database(home)
    before = files(home)
    known = await all_of(backend)
    rollout = next(memory for memory in known.values() if memory.type == "rollout_summary")
    page = known["A page of the wiki."]
    outcome = await backend.delete([rollout.id, page.id])
    error = outcome[rollout.id]
    assert isinstance(error, RefusedError)
    assert "anew" in error.message
    assert isinstance(outcome[page.id], RefusedError)
    assert files(home) == before


async def test_while_codex_writes_its_texts_are_left_alone(
    home: Path, backend: CodexBackend
) -> None:
    sample.database(home, running=int(NOW.timestamp()) + 60)
    before = files(home)
    known = await all_of(backend)
    cents = known["Prices are integers of cents."]
    outcome = await backend.delete([cents.id])
    assert isinstance(outcome[cents.id], RefusedError)
    with pytest.raises(RefusedError, match="writing"):
        await backend.update(cents.id, Edit(text="Prices are floats."))
    assert files(home) == before
    added = await backend.add(Draft("Forget that prices are integers."))
    assert added.type == "note", "a note may be left at any time"


async def test_a_job_whose_lease_is_over_runs_no_more(home: Path, backend: CodexBackend) -> None:
    sample.database(home, running=int(NOW.timestamp()) - 1)
    cents = (await all_of(backend))["Prices are integers of cents."]
    assert await backend.delete([cents.id]) == {cents.id: None}


async def test_a_memory_that_is_not_what_was_seen_stays(home: Path, backend: CodexBackend) -> None:
    cents = (await all_of(backend))["Prices are integers of cents."]
    await backend.update(cents.id, Edit(text="Prices are integers of euros."))
    outcome = await backend.delete([cents.id], seen={cents.id: cents.content_hash})
    assert isinstance(outcome[cents.id], StaleError)
    assert "euros" in (home / "memories/MEMORY.md").read_text()


async def test_a_note_is_added_changed_and_removed(home: Path, backend: CodexBackend) -> None:
    before = files(home)
    added = await backend.add(Draft("Kim is back in January."))
    path = home / "memories/extensions/ad_hoc/notes/2026-11-30T12-00-00-kim-is-back-in-january.md"
    assert path.read_text() == "Kim is back in January.\n"
    changed = await backend.update(added.id, Edit(text="Kim is back in February."))
    assert (changed.id, path.read_text()) == (added.id, "Kim is back in February.\n")
    assert await backend.delete([added.id]) == {added.id: None}
    assert files(home) == before
    with pytest.raises(InvalidRequestError):
        await backend.add(Draft("x", categories=("y",)))


@pytest.mark.parametrize("name", ["MEMORY.md", "memory_summary.md"])
async def test_a_file_that_is_no_text_is_named_and_nothing_is_lost(
    home: Path, backend: CodexBackend, name: str
) -> None:
    (home / "memories" / name).write_bytes(b"\xff\xfe broken")
    with pytest.raises(StoreError, match=name):
        await all_of(backend)


async def test_links_out_of_the_folder_are_not_followed(
    home: Path, backend: CodexBackend, tmp_path: Path
) -> None:
    secret = tmp_path / "elsewhere.md"
    secret.write_text("Not a memory.\n")
    (home / "memories/extensions/ad_hoc/notes/2026-11-21T00-00-00-link.md").symlink_to(secret)
    assert "Not a memory." not in await all_of(backend)
    (home / "memories/memory_summary.md").unlink()
    (home / "memories/memory_summary.md").symlink_to(secret)
    with pytest.raises(StoreError, match="memory_summary.md"):
        await all_of(backend)


async def test_no_folder_is_no_memories(tmp_path: Path) -> None:
    backend = CodexBackend(tmp_path / "none", tmp_path / "state", clock=FrozenClock(NOW))
    assert (await backend.list()).items == ()
    await backend.aclose()
    assert not (tmp_path / "none").exists()
