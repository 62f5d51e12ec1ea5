"""A plan stops where the server fails alike again and again, and says so."""

from __future__ import annotations

import pytest

from mem0_tui.curator.applying.report import Outcome
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Delete
from mem0_tui.model.errors import InvalidRequestError, ServerError
from mem0_tui.model.memory import Draft
from tests.curator.conftest import MakeCurator
from tests.support.memories import KIM, memory, uuid_of
from tests.support.memory_backend import ALL, MemoryBackend

pytestmark = pytest.mark.anyio


async def test_a_few_equal_failures_in_a_row_end_it(curate: MakeCurator) -> None:
    backend = MemoryBackend((memory(n) for n in range(40)), batch_size=1)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(n)) for n in range(40)])
    asked = 0

    def fails(call: str) -> None:
        nonlocal asked
        if call == "delete":
            asked += 1
            raise ServerError(f"{uuid_of(asked)} is still there")

    backend.before_call = fails
    report = await curator.apply(plan)
    assert report.counts == {Outcome.FAILED: 5, Outcome.CANCELLED: 35}
    assert asked == 5
    said = str(report.items[-1].error)
    assert said == "stopped after 5 failures in a row for one reason: … is still there"


async def test_failures_of_the_items_own_do_not_end_it(curate: MakeCurator) -> None:
    backend = MemoryBackend(can=ALL - {Capability.KEEP_ID})
    curator = curate(backend)
    plan = await curator.plan([Add(Draft(f"text {n}", KIM)) for n in range(12)])

    def refuses(call: str) -> None:
        if call == "add":
            raise InvalidRequestError("that text is not wanted")

    backend.before_call = refuses
    report = await curator.apply(plan)
    assert report.counts == {Outcome.FAILED: 12}


async def test_different_failures_or_a_success_between_do_not_end_it(curate: MakeCurator) -> None:
    backend = MemoryBackend((memory(n) for n in range(12)), batch_size=1)
    curator = curate(backend)
    plan = await curator.plan([Delete(uuid_of(n)) for n in range(12)])
    asked = 0

    def fails(call: str) -> None:
        nonlocal asked
        if call == "delete":
            asked += 1
            if asked % 4:
                raise ServerError("overloaded")

    backend.before_call = fails
    report = await curator.apply(plan)
    assert report.counts == {Outcome.FAILED: 9, Outcome.DONE: 3}
