"""Categories: set, changed, cleared and put back where a backend takes them, refused elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from mem0_tui.curator.applying.report import Outcome
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import StaleError, UnsupportedError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.store.journal.journal import Journal
from tests.contract.conftest import NOW, Bench

pytestmark = pytest.mark.anyio

KIM = Scope(user_id="kim", app_id="shop")
FILED = Draft("Releases go out on Thursdays", KIM, categories=("workflows", "Größe, 90%"))


@pytest.fixture
async def curator(bench: Bench, tmp_path: Path) -> AsyncIterator[Curator]:
    clock = FrozenClock(NOW)
    journal = Journal(tmp_path / "journal.db", clock=clock)
    yield Curator(bench.backend, journal, clock=clock, snapshot_folder=tmp_path / "snapshots")
    journal.close()


async def takes(bench: Bench) -> bool:
    """Whether the backend takes categories, which a remote one knows once it was asked."""
    await bench.backend.info()
    return Capability.EDIT_CATEGORIES in bench.backend.capabilities


async def do(curator: Curator, *changes: Change) -> None:
    report = await curator.apply(await curator.plan(changes))
    assert report.complete, [item.error for item in report.items]
    assert not any(item.differences for item in report.items)


async def only(curator: Curator) -> Memory:
    (found,) = await curator.collect(parse("user:kim"))
    return found


async def test_where_they_are_not_taken_nothing_is_sent(bench: Bench, curator: Curator) -> None:
    if await takes(bench):
        return
    verbatim = Capability.ADD_VERBATIM in bench.backend.capabilities
    with pytest.raises(UnsupportedError, match="cannot set categories: " if verbatim else "infer"):
        await curator.plan([Add(FILED)])
    if not verbatim:
        return
    with pytest.raises(UnsupportedError):
        await bench.backend.add(FILED)
    added = await bench.backend.add(replace(FILED, categories=()))
    with pytest.raises(UnsupportedError, match="cannot set categories: "):
        await curator.plan([Update(added.id, Edit(categories=("x",)))])
    with pytest.raises(UnsupportedError):
        await bench.backend.update(added.id, Edit(text="changed", categories=("x",)))
    assert (await only(curator)).text == FILED.text


async def test_they_are_set_changed_cleared_and_found(bench: Bench, curator: Curator) -> None:
    if not await takes(bench):
        return
    await do(curator, Add(FILED))
    added = await only(curator)
    assert (added.categories, added.kind) == (FILED.categories, "workflows")
    assert await curator.collect(parse("category:workflows kind:workflows")) == (added,)
    for names in (("results",), (), ("b", "a")):
        await do(curator, Update(added.id, Edit(categories=names)))
        assert (await only(curator)).categories == names
    await do(curator, Update(added.id, Edit(text="All at once", categories=("workflows",))))
    now = await only(curator)
    assert (now.text, now.categories) == ("All at once", ("workflows",))
    await do(curator, Update(added.id, Edit(text="Text only")))
    assert (await only(curator)).categories == ("workflows",)


async def test_undo_and_redo_give_each_field_back(bench: Bench, curator: Curator) -> None:
    if not await takes(bench):
        return
    await do(curator, Add(FILED))
    first = await only(curator)
    await do(curator, Update(first.id, Edit(categories=("results",))))
    await do(curator, Update(first.id, Edit(metadata={"k": 1}, categories=())))
    changed = await only(curator)
    for wanted in (("results",), FILED.categories):
        assert (await curator.apply(await curator.plan_undo())).complete
        assert (await only(curator)).categories == wanted
    assert (await only(curator)).metadata == {}
    for wanted in (("results",), ()):
        assert (await curator.apply(await curator.plan_redo())).complete
        assert (await only(curator)).categories == wanted
    again = await only(curator)
    assert replace(again, updated_at=None, raw={}) == replace(changed, updated_at=None, raw={})


async def test_what_is_deleted_comes_back_with_them(bench: Bench, curator: Curator) -> None:
    if not await takes(bench):
        return
    await do(curator, Add(FILED))
    await do(curator, Delete((await only(curator)).id))
    report = await curator.apply(await curator.plan_undo())
    assert report.complete
    assert not any(item.undeclared for item in report.items)
    assert (await only(curator)).categories == FILED.categories


async def test_a_merge_is_filed(bench: Bench, curator: Curator) -> None:
    if not await takes(bench):
        return
    await do(curator, Add(FILED), Add(replace(FILED, text="Releases go out on Fridays")))
    ids = tuple(memory.id for memory in await curator.collect(parse("user:kim")))
    merged = replace(FILED, text="Releases go out late in the week", categories=("results",))
    await do(curator, Merge(merged, ids))
    assert (await only(curator)).categories == ("results",)


async def test_what_somebody_else_filed_meanwhile_is_not_overwritten(
    bench: Bench, curator: Curator
) -> None:
    if not await takes(bench):
        return
    await do(curator, Add(FILED))
    seen = await only(curator)
    plan = await curator.plan([Update(seen.id, Edit(categories=("results",)))])
    await bench.backend.update(seen.id, Edit(categories=("somebody",)))
    report = await curator.apply(plan)
    assert [item.outcome for item in report.items] == [Outcome.REFUSED]
    assert isinstance(report.items[0].error, StaleError)
    assert (await only(curator)).categories == ("somebody",)
