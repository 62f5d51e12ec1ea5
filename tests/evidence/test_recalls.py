"""The hooks' files tell which memory was meant by the beginning of an id."""

from __future__ import annotations

import json
from pathlib import Path

from mem0_tui.evidence.event import Found, FoundKind, FoundSource, SessionMeta, beginning_key
from mem0_tui.evidence.recalls import Recalls

IDS = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(3)]


def given(recalls: Recalls, session: str, number: int) -> str:
    key = beginning_key(IDS[number][:8], "")
    found = [Found(FoundKind.GIVEN, FoundSource.RECALL, key, 0, 0, "")]
    [whole] = recalls.with_whole_ids(found, SessionMeta(thread=session))
    return whole.key


def test_a_session_that_began_while_others_were_read_is_known(tmp_path: Path) -> None:
    names = ("one.json", "one.agent.json", "two.json")
    recalls = Recalls(str(tmp_path))
    for name, id_ in zip(names[:2], IDS, strict=False):
        (tmp_path / name).write_text(json.dumps({"shown": [id_]}))
    assert [given(recalls, "one", number) for number in (0, 1)] == IDS[:2]
    (tmp_path / names[2]).write_text(json.dumps({"shown": [IDS[2]]}))
    assert given(recalls, "two", 2) == IDS[2]
    assert given(recalls, "three", 2).startswith("~"), "of which nothing is kept"
