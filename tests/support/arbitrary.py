"""Arbitrary memories for property tests: any text, any JSON, any dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory

AWKWARD = st.sampled_from(
    [
        "---",
        "---\nid: x\n---\n",
        "\\---",
        "a\r\n---\r\nb",
        "\u2028---\x0c",
        "\ud800",
        "\x00\x1b[2J",
        "ﷺ",
    ]
)
TEXT = st.lists(st.text(st.characters(), max_size=8) | AWKWARD, max_size=4).map("\n".join)
NAME = st.none() | st.text(min_size=1, max_size=6)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, width=32) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "type": TEXT | st.sampled_from(["decision", "convention"]),
        "confidence": st.sampled_from([0.7, "0.7", 1, None]),
        "branch": TEXT,
        "files": st.lists(TEXT, max_size=2) | TEXT,
    },
)
METADATA = st.builds(
    lambda known, more: {**more, **known}, KNOWN, st.dictionaries(TEXT, JSON, max_size=2)
)
MOMENT = st.none() | st.datetimes(
    min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)
)

MEMORY = st.builds(
    Memory,
    id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
    | st.uuids().map(str),
    text=TEXT,
    scope=st.builds(Scope, user_id=NAME, agent_id=NAME, app_id=NAME, run_id=NAME),
    metadata=METADATA,
    categories=st.lists(TEXT, max_size=2).map(tuple),
    created_at=MOMENT,
    updated_at=MOMENT,
    expires_on=st.none() | st.dates(min_value=date(1970, 1, 1)),
    immutable=st.booleans(),
    replaced_by=NAME,
    synthesized=st.booleans(),
    feedback=st.none() | st.sampled_from(["POSITIVE", "NEGATIVE", ""]),
    raw=st.dictionaries(TEXT, JSON, max_size=2),
)
