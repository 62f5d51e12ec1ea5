"""Several memories become one, which keeps its id where the backend can edit it: the same on every
backend, and undo gives all of them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mem0_tui.curator.planning.merging import merged
from mem0_tui.curator.service import Curator
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Merge
from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import parse
from mem0_tui.store.journal.journal import Journal
from tests.contract.conftest import NOW, Bench

pytestmark = pytest.mark.anyio

KIM = Scope(user_id="kim", app_id="shop")
DRAFTS = [
    Draft("Use RS256 for tokens", KIM, {"type": "decision", "confidence": 1}),
    Draft("Use RS256 for all tokens", KIM, {"type": "convention", "files": ["a.py"]}),
    Draft("We use RS256", Scope(user_id="lee", app_id="shop"), expires_on=date(2026, 7, 1)),
    Draft("Stays", KIM),
]


@pytest.fixture
async def curator(bench: Bench, tmp_path: Path) -> AsyncIterator[Curator]:
    clock = FrozenClock(NOW)
    journal = Journal(tmp_path / "journal.db", clock=clock)
    for draft in DRAFTS:
        await bench.backend.add(draft)
    yield Curator(bench.backend, journal, clock=clock, snapshot_folder=tmp_path / "snapshots")
    journal.close()


async def stored(curator: Curator) -> dict[str, Memory]:
    return {each.text: each for each in await curator.collect(parse("user:kim,lee"))}


async def content(curator: Curator) -> Counter[str]:
    return Counter(each.content_hash for each in (await stored(curator)).values())


async def there_and_back(curator: Curator, merge: Merge) -> None:
    start = await content(curator)
    report = await curator.apply(await curator.plan([merge]))
    assert report.complete, [item.error for item in report.items]
    assert [name for item in report.items for name in item.undeclared] == []
    end = await content(curator)
    assert end.total() == 2
    for _ in range(2):
        assert (await curator.apply(await curator.plan_undo())).complete
        assert await content(curator) == start
        assert (await curator.apply(await curator.plan_redo())).complete
        assert await content(curator) == end


async def test_the_survivor_is_edited_where_it_is(curator: Curator) -> None:
    there = await stored(curator)
    survivor, *others = (there[draft.text] for draft in DRAFTS[:3])
    wanted = replace(
        survivor,
        text="Use RS256 for every token",
        metadata={**survivor.metadata, "type": "convention"},
        expires_on=date(2026, 7, 1),
    )
    merge = merged(curator.backend, survivor, [survivor, *others], wanted)
    can = curator.backend.capabilities
    needed = {Capability.EDIT_TEXT, Capability.EDIT_METADATA, Capability.EDIT_EXPIRY}
    assert merge.keep == (survivor.id if needed <= can.can else None)
    await there_and_back(curator, merge)
    after = (await stored(curator))[wanted.text]
    assert (after.metadata, after.expires_on) == (wanted.metadata, wanted.expires_on)
    if merge.keep:
        assert after.created_at == survivor.created_at


async def test_a_key_that_undo_cannot_take_away_is_said_before(curator: Curator) -> None:
    there = await stored(curator)
    survivor, *others = (there[draft.text] for draft in DRAFTS[:3])
    wanted = replace(survivor, metadata={**survivor.metadata, "files": ["a.py"]})
    plan = await curator.plan([merged(curator.backend, survivor, [survivor, *others], wanted)])
    change = plan.items[0].change
    assert isinstance(change, Merge)
    stays = change.keep and Capability.REMOVE_METADATA not in curator.backend.capabilities
    assert bool(stays) is any("files" in loss for loss in plan.items[0].losses)
    assert (await curator.apply(plan)).complete
    assert (await curator.apply(await curator.plan_undo())).complete
    assert ("files" in (await stored(curator))[survivor.text].metadata) is bool(stays)


async def test_an_unchanged_survivor_stays_as_it_is(curator: Curator) -> None:
    there = await stored(curator)
    survivor, *others = (there[draft.text] for draft in DRAFTS[:3])
    merge = merged(curator.backend, survivor, [survivor, *others], survivor)
    assert merge.keep == survivor.id
    report = await curator.apply(await curator.plan([merge]))
    assert report.complete, [item.error for item in report.items]
    assert (await stored(curator))[survivor.text] == survivor
    assert (await curator.apply(await curator.plan_undo())).complete
    assert set(await stored(curator)) == set(there)


async def test_a_survivor_that_is_moved_may_have_a_new_id(curator: Curator) -> None:
    there = await stored(curator)
    survivor, *others = (there[draft.text] for draft in DRAFTS[:3])
    wanted = replace(survivor, scope=Scope(user_id="lee", app_id="shop"))
    merge = merged(curator.backend, survivor, [survivor, *others], wanted)
    in_place = Capability.EDIT_SCOPE in curator.backend.capabilities
    assert merge.keep == (survivor.id if in_place else None)
    await there_and_back(curator, merge)
    assert (await stored(curator))[survivor.text].scope == wanted.scope
