from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import QueryError
from mem0_tui.model.filter import matches
from mem0_tui.model.hints import unknown_values, widened
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import parse

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("metadata", "categories", "kind"),
    [
        ({"type": "decision"}, ("workflows",), "decision"),
        ({}, ("workflows", "results"), "workflows"),
        ({"type": " "}, ("results",), "results"),
        ({"type": 7}, ("results",), "results"),
        ({}, (" ", "results"), "results"),
        ({"type": "decision"}, (), "decision"),
        ({}, ("",), None),
        ({}, (), None),
    ],
)
def test_the_kind_is_the_type_else_the_first_category(
    metadata: dict[str, Any], categories: tuple[str, ...], kind: str | None
) -> None:
    assert Memory("1", "x", metadata=metadata, categories=categories).kind == kind


@pytest.mark.parametrize(
    ("metadata", "folders"),
    [
        ({"dirs": ["src", "src/http"]}, ("src", "src/http")),
        ({"dirs": ["src/", "./src", ""]}, ("src",)),
        ({"dirs": "src"}, ("src",)),
        ({"files": ["src/http/client.py", "README.md"]}, ("src", "src/http")),
        ({"file": "./docs/a.md"}, ("docs",)),
        ({"files_touched": ["/home/kim/x"]}, ("/home", "/home/kim")),
        ({"dirs": ["src"], "files": ["src/a.py", "web/b.ts"]}, ("src", "web")),
        ({"files": ["*"]}, ()),
        ({"dirs": None, "files": 3, "file": [None, {}]}, ()),
        ({}, ()),
    ],
)
def test_folders_of_both_generations(metadata: dict[str, Any], folders: tuple[str, ...]) -> None:
    assert Memory("1", "x", metadata=metadata).folders == folders


_PLUGIN_02 = Memory(
    "02",
    "x",
    Scope("kim", None, "shop"),
    {"type": "decision", "files": ["src/pay/a.py"], "session_id": "session"},
)
_PLUGIN_03 = Memory(
    "03",
    "x",
    Scope(None, "shop-b1c397fde9", "shop", "thread"),
    {"author": "Lee", "dirs": ["src", "src/cart"], "branch": "main", "source": "codex_plugin"},
    ("workflows",),
)
_BOTH_IDS = Memory("both", "x", Scope("kim", "shop-b1c397fde9", "shop"), {}, ("results",))
_OTHER = Memory("other", "x", Scope("kim", "bot", "shop"))
_MEMORIES = (_PLUGIN_02, _PLUGIN_03, _BOTH_IDS, _OTHER)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind:decision", "02"),
        ("kind:workflows", "03"),
        ("kind:workflows,decision", "02 03"),
        ("kind:w*", "03"),
        ("kind:none", "other"),
        ("kind:untyped", "other"),
        ("-kind:none", "02 03 both"),
        ("has:kind", "02 03 both"),
        ("type:workflows", ""),
        ("type:none", "03 both other"),
        ("category:workflows", "03"),
        ("shared:yes", "03 both"),
        ("shared:no", "02 other"),
        ("user:kim shared:no", "02 other"),
        ("user:kim shared:yes", "02 03 both other"),
        ("user:lee shared:yes", "03 both"),
        ("user:lee,kim app:shop shared:yes", "02 03 both other"),
        ("user:kim app:elsewhere shared:yes", ""),
        ("user:kim kind:workflows shared:yes", "03"),
        ("user:kim shared:true", "02 03 both other"),
        ("user:kim -shared:no", "both"),
        ("user:none shared:yes", "03"),
        ("-user:kim shared:yes", "03"),
        ("agent:bot shared:yes", ""),
        ("author:lee shared:yes", "03"),
        ("user:kim", "02 both other"),
        ("-shared:yes app:shop", "02 other"),
        ("author:lee", "03"),
        ("author:none", "02 both other"),
        ("folder:src", "02 03"),
        ("folder:src/", "02 03"),
        ("folder:./src/cart", "03"),
        ("folder:src/*", "02 03"),
        ("folder:none", "both other"),
        ("source:codex_plugin branch:main", "03"),
        ("session:session", "02"),
        ("session:Thread", "03"),
        ("session:thread,session", "02 03"),
        ("session:s*,t*", "02 03"),
        ('session:"thread"', "03"),
        ("-session:thread", "02 both other"),
        ("session:none", "both other"),
        ("-session:none", "02 03"),
        ("has:session", "02 03"),
    ],
)
def test_queries_over_both_generations(query: str, found: str) -> None:
    condition = parse(query).filter(NOW)
    assert [m.id for m in _MEMORIES if matches(condition, m)] == found.split()
    assert parse(str(parse(query))) == parse(query)


def test_shared_takes_yes_or_no() -> None:
    with pytest.raises(QueryError, match="maybe"):
        parse("shared:maybe")


def test_a_category_that_was_asked_for_as_a_type_is_named() -> None:
    values = {"type": {"decision"}, "kind": {"decision", "workflows"}}
    (hint,) = unknown_values(parse("type:workflows"), values)
    assert hint.endswith("did you mean kind:workflows?")
    assert unknown_values(parse("kind:workflows"), values) == []


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("shared:yes", "user:kim", "both"),
        ("user:kim", "shared:yes", "both"),
        ("shared:no", "user:kim", "02 other"),
        ("user:kim shared:yes", "kind:workflows", "03"),
        ("user:kim shared:yes", "user:kim shared:yes", "02 03 both other"),
    ],
)
def test_two_queries_together_find_what_each_of_them_does(one: str, other: str, found: str) -> None:
    """Such as a saved search in whose tab something is looked for."""
    first, second = parse(one), parse(other)
    together = first.and_(second)
    for memory in _MEMORIES:
        each = all(matches(query.filter(NOW), memory) for query in (first, second))
        assert matches(together.filter(NOW), memory) is each
        assert each is (memory.id in found.split())
    assert parse(str(together)) == together


def test_it_is_said_where_shared_adds_memories() -> None:
    (hint,) = widened(parse("user:kim shared:yes"))
    assert "user:kim; -shared:no narrows to it" in hint
    assert widened(parse("user:kim shared:no")) == []
    assert widened(parse("shared:yes app:shop")) == []
