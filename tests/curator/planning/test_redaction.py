"""A plan that takes a secret out of a text says where that secret stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mem0_tui.model.change import Change, Edit, Update
from mem0_tui.model.memory import Memory
from tests.curator.conftest import MakeCurator
from tests.support.memories import memory
from tests.support.memory_backend import MemoryBackend

pytestmark = pytest.mark.anyio

SECRET = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"


async def notes(curate: MakeCurator, there: Memory, *changes: Change) -> tuple[str, ...]:
    backend = MemoryBackend()
    backend.memories[there.id] = there
    return (await curate(backend).plan(changes)).notes


async def test_taking_a_secret_out_says_until_when_it_can_come_back(curate: MakeCurator) -> None:
    there = replace(memory(1), text=f"Push with {SECRET} from CI.")
    (note,) = await notes(
        curate, there, Update(there.id, Edit("Push with [GitHub token removed]."))
    )
    assert "the secrets taken out of 1 memory stay in the history" in note
    assert "until 2026-05-31 undo can bring them back" in note
    assert "mem0-tui edit --redact" in note
    assert SECRET not in note


async def test_an_edit_that_leaves_it_or_an_example_says_nothing(curate: MakeCurator) -> None:
    there = replace(memory(1), text=f"Push with {SECRET} from CI.")
    assert await notes(curate, there, Update(there.id, Edit(f"Push with {SECRET}."))) == ()
    assert await notes(curate, there, Update(there.id, Edit(metadata={"type": "x"}))) == ()
    example = replace(memory(1), text="The docs use AKIAIOSFODNN7EXAMPLE as the key id.")
    assert await notes(curate, example, Update(example.id, Edit("The docs use an example."))) == ()


async def test_putting_it_back_says_nothing(curate: MakeCurator) -> None:
    there = replace(memory(1), text=f"Push with {SECRET} from CI.")
    backend = MemoryBackend()
    backend.memories[there.id] = there
    curator = curate(backend)
    await curator.apply(await curator.plan([Update(there.id, Edit("Push from CI."))]))
    assert (await curator.plan_undo()).notes == ()
