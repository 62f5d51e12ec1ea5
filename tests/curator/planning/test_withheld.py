"""Plan files hold no secret and can be applied all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.planning.plan_file import dump, load, withheld_ids
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update, with_metadata
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import PlanChangedError, RefusedError
from mem0_tui.model.memory import Draft, Memory
from tests.curator.conftest import MakeCurator
from tests.support.memories import memory
from tests.support.memory_backend import MemoryBackend

pytestmark = pytest.mark.anyio

TOKEN = "gh" + "p_Zq7Lm2Xc9Vb4Nn8Kk1Jj6Hh3Gg5Ff0Dd2Ss"
FIRST, SECOND = "Vex4tious!Quorb", "Ofen-Kartoffel77"
TEXT = f"CI pushes with {TOKEN}; password: {FIRST}, and for staging password: {SECOND}"
WHOLE = (TOKEN, FIRST, SECOND)


def leaky() -> Memory:
    there = replace(memory(1), text=TEXT, metadata={"type": "x", "password": SECOND})
    return replace(there, raw={"id": there.id, "memory": TEXT, "extra": TOKEN})


def through_a_file(plan: Plan, now: Memory | None) -> Plan:
    text = dump(plan)
    assert not [each for each in WHOLE if each in text]
    there = {} if now is None else {now.id: now}
    return load(text, {each: there[each] for each in withheld_ids(text) if each in there})


@pytest.mark.parametrize(
    "change",
    [
        Delete(leaky().id),
        Update(leaky().id, with_metadata(leaky(), {"type": "decision"})),
        Update(leaky().id, Edit(text=f"{TEXT}. Still so.")),
        Update(leaky().id, Edit(text=f"{SECOND} and {FIRST}")),
    ],
)
async def test_it_is_applied_as_if_it_held_them(curate: MakeCurator, change: Change) -> None:
    backend = MemoryBackend([leaky()])
    curator = curate(backend)
    plan = await curator.plan([change])
    again = through_a_file(plan, await curator.get(leaky().id))
    assert again == plan
    assert (await curator.apply(again)).complete
    if isinstance(change, Update):
        edited = change.edit.applied_to(leaky())
        assert backend.memories[leaky().id].content_hash == edited.content_hash
    else:
        assert not backend.memories


async def test_a_memory_that_has_changed_is_refused(curate: MakeCurator) -> None:
    backend = MemoryBackend([leaky()])
    curator = curate(backend)
    edit = with_metadata(leaky(), {"type": "decision"})
    text = dump(await curator.plan([Update(leaky().id, edit)]))
    backend.memories[leaky().id] = replace(leaky(), text=f"{TEXT} changed")
    plan = load(text, dict(backend.memories))
    assert not (await curator.apply(plan)).complete
    assert backend.memories[leaky().id].text == f"{TEXT} changed"
    assert backend.memories[leaky().id].type == "x"


async def test_a_merge_finds_the_secrets_of_all_that_it_merges(curate: MakeCurator) -> None:
    other = replace(memory(2), text=f"staging password: {SECOND}", metadata={})
    backend = MemoryBackend([replace(leaky(), metadata={}, raw={}), other])
    curator = curate(backend)
    draft = Draft(f"{TEXT}\n{other.text}", Scope(user_id="kim"))
    plan = await curator.plan([Merge(draft, (leaky().id, other.id))])
    text = dump(plan)
    assert not [each for each in WHOLE if each in text]
    assert load(text, dict(backend.memories)) == plan


async def test_what_no_memory_says_is_written_only_when_asked(curate: MakeCurator) -> None:
    curator = curate(MemoryBackend([leaky()]))
    for change in (
        Add(Draft(f"a new one: {TOKEN}", Scope(user_id="kim"))),
        Update(leaky().id, Edit(text=f"{TEXT} and AKIA" + "Q7LM2XC9VB4NN8KK")),
    ):
        plan = await curator.plan([change])
        with pytest.raises(RefusedError, match="adds text with a secret") as refused:
            dump(plan)
        assert "--with-secrets" in refused.value.hint
        assert TOKEN not in str(refused.value)
        whole = dump(plan, with_secrets=True)
        assert withheld_ids(whole) == []
        assert load(whole) == plan


async def test_a_mask_that_was_written_into_the_file_is_no_secret(curate: MakeCurator) -> None:
    curator = curate(MemoryBackend([leaky()]))
    plan = await curator.plan([Update(leaky().id, Edit(text=f"<GitHub token 1> is not {TOKEN}"))])
    with pytest.raises(RefusedError):
        dump(plan)


async def test_a_changed_file_is_refused(curate: MakeCurator) -> None:
    curator = curate(MemoryBackend([leaky()]))
    plan = await curator.plan([Update(leaky().id, Edit(text=f"{TEXT}. Still so."))])
    text = dump(plan).replace("Still so", "Never so")
    with pytest.raises(PlanChangedError):
        load(text, {leaky().id: await curator.get(leaky().id)})
