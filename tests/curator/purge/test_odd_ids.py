"""Ids that are no UUIDs, over MCP: each names its own memory, also where another's begins so."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.backends.registry import BackendOptions, open_backend
from mem0_tui.curator.purge.carry_out import Purger
from mem0_tui.curator.purge.evidence import Roots
from mem0_tui.curator.purge.plan import plan_ids
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Delete
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import NotFoundError, UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.store.journal.journal import Journal
from tests.support.mcp_serving import served

pytestmark = pytest.mark.anyio


async def test_an_id_that_is_no_uuid_names_its_own_memory_only(tmp_path: Path) -> None:
    texts = {"note-1": "Use tabs", "note-10": "Tea is at four", "x/2": "The port is 8080"}
    with served(tmp_path / "memories.db") as place:
        await place.store.restore(
            [Memory(id_, text, Scope(user_id="kim")) for id_, text in texts.items()]
        )
        backend = open_backend("mcp", BackendOptions(url=f"{place.url}/mcp", api_key=place.key))
        clock = SystemClock()
        journal = Journal(tmp_path / "journal.db", clock=clock)
        curator = Curator(backend, journal, clock=clock, snapshot_folder=tmp_path)
        try:
            assert {id_: (await curator.get(id_)).text for id_ in texts} == texts
            assert (await curator.apply(await curator.plan([Delete("note-1")]))).complete
            with pytest.raises(NotFoundError, match="not there any more"):
                await curator.get("note-1")
            roots = Roots((), (), temporary=tmp_path / "none")
            plan = await plan_ids(curator, ["x/2", "note-1"])
            report = await Purger(curator, roots).purge(plan)
            assert set(report.purged) == {"x/2", "note-1"}
            for gone in ("x/2", "note-1"):
                with pytest.raises((NotFoundError, UsageError), match="not there|no memory"):
                    await curator.get(gone)
        finally:
            await backend.aclose()
            journal.close()
        left = await LocalBackend(place.store).list()
        assert [memory.id for memory in left.items] == ["note-10"]
