"""A redaction leaves no byte of a secret in anything that is ours, whenever it is killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from mem0_tui.model.change import ChangeKind, Edit, Update
from mem0_tui.model.errors import UnsupportedError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from tests.curator.conftest import MakeCurator
from tests.support.dying_apply import NEVER
from tests.support.everything import opened
from tests.support.memories import memory
from tests.support.memory_backend import MemoryBackend
from tests.support.secret_home import KIM, PASSWORD, REDACTED, SECRETS, TEXT, TOKEN, fill, holders

pytestmark = pytest.mark.anyio

KILLS = int(os.environ.get("MEM0_TUI_REDACTION_KILLS", "9"))
"""At how many points a redaction is killed; by hand, more."""
SEED = random.randrange(2**32)


async def living(folder: Path) -> dict[str, Memory]:
    async with opened(folder) as curator:
        return {memory.id: memory for memory in await curator.collect(parse(""))}


async def test_nothing_is_left_of_the_secrets_and_all_else_stays(tmp_path: Path) -> None:
    memory_id = await fill(tmp_path)
    before = await living(tmp_path)
    held = holders(tmp_path)
    assert {"data/memories.db", "state/journal.db", "state/hooks/hooks.log"} <= set(held)
    assert any("snapshots" in name for name in held)
    async with opened(tmp_path) as curator:
        plan = await curator.plan_redaction([await curator.get(memory_id)])
        assert plan.counts == {ChangeKind.REDACT: 1}
        assert plan.final_words == (
            "the secrets taken out of 1 memory cannot be put back", "redact",
        )  # fmt: skip
        report = await curator.apply(plan)
        assert holders(tmp_path) == []
        assert report.complete
        assert report.redacted is not None
        assert (report.redacted.left, report.redacted.finished) == ((), True)
        assert {each.place for each in report.redacted.checked} >= {"store", "journal", "state"}
        assert not any(each.found for each in report.redacted.checked)
        assert not report.changed, "there is nothing to be taken back"
        now = await curator.get(memory_id)
        assert now.text == REDACTED
        assert now.metadata["password"] == "[password removed]"
        assert now.metadata["nested"] == {"notes": ["key: [GitHub token removed]"]}
        told = [entry.old_text or "" for entry in await curator.history(memory_id)]
        assert REDACTED in told
        with pytest.raises(UnsupportedError, match="taken out of 1 memory cannot be brought back"):
            await curator.plan_undo(report.transaction_id)
    after = await living(tmp_path)
    del before[memory_id], after[memory_id]
    assert after == before
    assert holders(tmp_path) == []


async def test_earlier_changes_of_the_memory_can_still_be_taken_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as curator:
        there = await curator.backend.add(Draft(TEXT, KIM, {"type": "decision"}))
        edit = Edit(metadata={"type": "convention"})
        changed = await curator.apply(await curator.plan([Update(there.id, edit)]))
        await curator.apply(await curator.plan_redaction([await curator.get(there.id)]))
        await curator.apply(await curator.plan_undo(changed.transaction_id))
        now = await curator.get(there.id)
    assert (now.text, now.type) == (REDACTED, "decision")
    assert holders(tmp_path) == []


async def test_undo_without_a_name_goes_past_a_redaction_and_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as curator:
        one, two = [await curator.backend.add(Draft(text, KIM)) for text in (TEXT, "harmless")]
        await curator.apply(await curator.plan([Update(two.id, Edit("changed"))]))
        await curator.apply(await curator.plan_redaction([one]))
        plan = await curator.plan_undo()
    assert any("cannot be brought back" in note for note in plan.notes)
    assert [item.change for item in plan.items] == [Update(two.id, Edit("harmless"))]


async def test_a_secret_that_an_edit_took_out_before_goes_from_the_history(tmp_path: Path) -> None:
    async with opened(tmp_path) as curator:
        there = await curator.backend.add(Draft(TEXT, KIM))
        await curator.apply(await curator.plan([Update(there.id, Edit(REDACTED))]))
        await curator.apply(await curator.plan([Update(there.id, Edit("It deploys from CI."))]))
        assert any(name.startswith("data/memories.db") for name in holders(tmp_path))
        now = await curator.get(there.id)
        plan = await curator.plan_redaction([now])
        assert plan.items[0].change == Update(there.id, Edit(), redacts=True)
        assert "its history or the journal does" in plan.items[0].warnings[0]
        assert (await curator.apply(plan)).complete
        assert await curator.get(there.id) == now
        assert not await curator.plan_redaction([now])
    assert holders(tmp_path) == []


async def test_another_memory_that_says_the_same_is_named_and_left(tmp_path: Path) -> None:
    async with opened(tmp_path) as curator:
        one, two = [await curator.backend.add(Draft(t, KIM)) for t in (TEXT, f"again {TOKEN}")]
        report = await curator.apply(await curator.plan_redaction([one]))
        assert report.redacted is not None
        assert [each.place for each in report.redacted.left] == [f"memory {two.id}"]
        assert await curator.get(two.id) == two
        assert (await curator.apply(await curator.plan_redaction([two]))).redacted is not None
    assert holders(tmp_path) == []


async def test_a_short_password_goes_from_what_its_memory_said_and_from_nowhere_else(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as curator:
        one = await curator.backend.add(Draft("old: the VPN password is Zx9kq!", KIM))
        two = await curator.backend.add(Draft("the word Zx9kq! in another memory", KIM))
        report = await curator.apply(await curator.plan_redaction([one]))
        assert report.redacted is not None
        assert report.redacted.short == 1
        assert "Zx9kq" not in (await curator.get(one.id)).text
        assert all("Zx9kq" not in str(each) for each in await curator.history(one.id))
        assert await curator.get(two.id) == two


async def test_on_a_server_what_is_ours_is_redacted_and_the_rest_is_said(
    curate: MakeCurator, tmp_path: Path
) -> None:
    backend = MemoryBackend()
    backend.name = "platform"
    there = replace(memory(1), text=TEXT, metadata={"password": PASSWORD})
    backend.memories[there.id] = there
    curator = curate(backend)
    await curator.apply(await curator.plan([Update(there.id, Edit(f"{TEXT} Still."))]))
    assert "journal.db" in "".join(holders(tmp_path))
    plan = await curator.plan_redaction([await curator.get(there.id)])
    assert any("the server's own history" in note for note in plan.notes)
    report = await curator.apply(plan)
    assert report.redacted is not None
    assert "server's own history" in report.redacted.unseen[0]
    assert backend.memories[there.id].text == f"{REDACTED} Still."
    assert holders(tmp_path) == []


async def test_a_refused_redaction_leaves_the_journal_as_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path) as curator:
        there = await curator.backend.add(Draft(TEXT, KIM))
        plan = await curator.plan_redaction([there])
        await curator.backend.update(there.id, Edit(f"{TEXT} Changed meanwhile."))
        report = await curator.apply(plan)
        assert not report.complete
        assert report.redacted is None
        assert TOKEN in (await curator.get(there.id)).text
        assert any(TOKEN in str(entry) for entry in await curator.history(there.id))


async def test_killed_at_any_point_it_is_as_it_was_or_is_finished(tmp_path: Path) -> None:
    folder, copies = tmp_path / "home", tmp_path / "copies"
    memory_id = await fill(folder)
    for secret in SECRETS:
        assert any(secret.encode() in (folder / name).read_bytes() for name in holders(folder))
    copies.mkdir()
    before = await living(folder)
    command = [sys.executable, "-m", "tests.support.dying_redaction", str(folder), memory_id]
    command += [str(copies), str(KILLS), str(SEED)]
    done = await anyio.run_process(command, cwd=Path(__file__).parents[3], check=False)
    assert not done.stderr, done.stderr.decode()
    ended = {int(point): status for point, status in json.loads(done.stdout).items()}
    assert len(ended) > min(KILLS, 8)
    assert [point for point, status in ended.items() if status == 0] == [NEVER]
    outcomes: dict[int, str] = {}
    for point in ended:
        shutil.rmtree(folder)
        (copies / str(point)).rename(folder)
        outcomes[point] = await _taken_up(folder, memory_id, before, point)
    assert outcomes.pop(NEVER) == "done"
    assert "resumed" in outcomes.values(), SEED


async def _taken_up(folder: Path, memory_id: str, before: dict[str, Memory], point: int) -> str:
    """Do what a person does at the next start, and check the promises."""
    async with opened(folder) as curator:
        interrupted = await curator.interrupted()
        now = await curator.get(memory_id)
        if not interrupted and now == before[memory_id]:
            assert holders(folder)
            return "not begun"
        assert interrupted or not holders(folder), (SEED, point)
        for each in interrupted:
            # One half is closed as far as it went, the other is finished.
            report = await curator.resume(each.id, finish=point % 2 == 0)
            if report.redacted is None:
                assert now == before[memory_id], (SEED, point)
                assert not report.complete
                return "resumed"
            assert report.redacted.finished, (SEED, point)
        assert (await curator.get(memory_id)).text == REDACTED, (SEED, point)
        assert await curator.interrupted() == ()
    assert holders(folder) == [], (SEED, point)
    after = await living(folder)
    assert {k: m for k, m in after.items() if k != memory_id} == {
        k: m for k, m in before.items() if k != memory_id
    }
    return "resumed" if interrupted else "done"
