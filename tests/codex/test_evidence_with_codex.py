"""What the real Codex is sent now is found in the rollout that it writes now."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.evidence.event import FoundKind
from mem0_tui.evidence.file import Places
from mem0_tui.evidence.index import Index
from mem0_tui.evidence.scan import bring_up_to_date
from mem0_tui.evidence.sessions import read_sessions
from mem0_tui.evidence.use import read_uses
from mem0_tui.evidence.whole import whole_ids
from mem0_tui.model.memory import Memory
from tests.codex.conftest import CURRENT
from tests.evidence.record import STORED, Recording, record_code, record_helper
from tests.support.serving import serving

pytestmark = pytest.mark.codex


def test_a_subagent_and_code_mode_as_they_are_written_today(tmp_path: Path, codex: str) -> None:
    with serving(tmp_path / "store.db") as served:
        served.warm_up()
        made = Recording(tmp_path / "machine", CURRENT, served, codex)
        for record in (record_helper, record_code):
            record(made)
    state = made.home.folder / ".local" / "state" / "mem0-tui" / "hooks"
    index = Index(tmp_path / "evidence.db")
    places = Places(str(made.home.codex_home), str(state))
    assert bring_up_to_date(index, places).problems == []
    memories = [Memory(made.ids[name], text) for name, (text, _) in STORED.items()]
    given = {}
    for session in read_sessions(index)[0]:
        keys = session.keys(FoundKind.GIVEN)
        known = whole_ids(keys, memories)
        assert set(known) == set(keys), "each is one of those that are stored"
        if keys:
            given[session.id] = set(known.values())
    assert given == made.given
    uses = read_uses(index).rows
    assert not [key for key in uses if key.startswith("~")], "hooks remember the whole ids"
    wrote = [row.thread for rows in uses.values() for row in rows if row.kind == FoundKind.WRITTEN]
    assert wrote == list(made.written)
    index.close()
