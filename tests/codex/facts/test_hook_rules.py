"""Fingerprints and strictness of hooks, as the real Codex 0.169 computes and applies them."""

from __future__ import annotations

from typing import Any

import pytest

from mem0_tui.codex.facts.hook_rules import file_fault, hook_form, matcher_fault, snake
from mem0_tui.codex.facts.hook_trust import fingerprint
from mem0_tui.codex.rules import load, versions

NEWEST = load(versions()[-1])
TRUE = {"type": "command", "command": "/bin/true"}
VECTORS: list[tuple[str, str | None, dict[str, Any], str]] = [
    ("Stop", None, TRUE, "fef68b1a8a8090019e0421bcd64cfac1f7b7c21980e2f35d49b46427395a6dda"),
    (
        "Stop",
        None,
        {**TRUE, "timeout": 0},
        "6632f50875c3489ed7bc25e4764a2783a1f9f4fb95851ef1e4627a3556c1bb8d",
    ),
    (
        "Stop",
        None,
        {**TRUE, "async": True},
        "725a41eb26a33ff1828f08ff1d96e81ee21e61ce649ccbaaab1f3cc311e93cf6",
    ),
    ("PreToolUse", "", TRUE, "b54f91db18a96114b9d436fff402b1c1af85b3d5a0910d3f76f00e387025a449"),
    (
        "PreToolUse",
        "*",
        {**TRUE, "statusMessage": 'Grüße "q" / \\ 😀'},
        "72899e5c4db89c8c1f3d4d72d27edbece6efd541b399d228628a03a30ec9834d",
    ),
    (
        "PreToolUse",
        None,
        {"type": "command", "command": "MEM0_PLATFORM=codex ${PLUGIN_ROOT}/x.sh", "timeout": 12},
        "3d11b69d4e4c5fc449f9454503a3f37453d2739a3f6ea32149a283b61ae741d7",
    ),
    (
        "SessionEnd",
        "a|b",
        TRUE,
        "c267006e98a381f0685dcd0f3310cc3bb710e66bb75a13b764cb2f8d6fb4d7e1",
    ),
    (
        "SubagentStop",
        "x",
        {**TRUE, "timeout": 86400},
        "7cce905e8cb1fa529933e0748f55defd299cbc189760661a38263d592c6daedf",
    ),
    (
        "Interrupt",
        None,
        {"type": "command", "command": "/bin/true \u0007\u2028\x7f"},
        "b9e54fdcb2073f1bcbe77efa58edb849d85d24c6415f4d4186ad330605131bfc",
    ),
]


@pytest.mark.parametrize(("event", "matcher", "handler", "digest"), VECTORS)
def test_fingerprint(event: str, matcher: str | None, handler: dict[str, Any], digest: str) -> None:
    assert fingerprint(event, matcher, handler, NEWEST) == f"sha256:{digest}"


def test_event_names_in_trust_keys() -> None:
    assert [snake(event) for event in hook_form(NEWEST).events][:3] == [
        "pre_model_request",
        "post_model_request",
        "pre_tool_use",
    ]


def _stop(*groups: object) -> dict[str, object]:
    return {"hooks": {"Stop": list(groups)}}


ACCEPTED: list[object] = [
    {},
    [],
    {"hooks": {}},
    {"hooks": []},
    {"description": "mine", "hooks": {}},
    _stop({"hooks": [TRUE]}),
    _stop({"matcher": None, "hooks": [{**TRUE, "timeout": None, "unknown": 1}], "unknown": 2}),
    _stop(TRUE),
    _stop(["m", [TRUE]]),
    _stop({"hooks": [{"type": "prompt"}, {"type": "agent"}]}),
    _stop({"hooks": [{"type": "mcp_tool", "server": "s", "tool": "t"}]}),
    {"hooks": {"Notification": "anything", "state": []}},
    # Codex keeps a fraction as an object of its digits.
    _stop({"hooks": [{"type": "mcp_tool", "server": "s", "tool": "t", "input": 1.5}]}),
    _stop({"hooks": [{"type": "mcp_tool", "server": "s", "tool": "t", "input": {"a": [1.5]}}]}),
]
REFUSED: list[object] = [
    3,
    {"$schema": "x", "hooks": {}},
    {"description": 3, "hooks": {}},
    {"hooks": None},
    {"hooks": {"Stop": None}},
    {"hooks": {"Stop": {"hooks": []}}},
    _stop(None),
    _stop({"matcher": 3}),
    _stop({"hooks": [{"command": "x"}]}),
    _stop({"hooks": [{"type": "command"}]}),
    _stop({"hooks": [{"type": "http"}]}),
    _stop({"hooks": [{"type": "mcp_tool"}]}),
    _stop({"hooks": [{**TRUE, "timeout": "5"}]}),
    _stop({"hooks": [{**TRUE, "timeout": 5.0}]}),
    _stop({"hooks": [{**TRUE, "timeout": -1}]}),
    _stop({"hooks": [{**TRUE, "async": None}]}),
    _stop({"hooks": [{**TRUE, "statusMessage": 1}]}),
    _stop({"hooks": [{**TRUE, "commandWindows": 1}]}),
    _stop({"hooks": [{**TRUE, "timeout": 1 << 63}]}),
    _stop({"hooks": [{"type": "mcp_tool", "server": "s", "tool": "t", "input": 1}]}),
    _stop({"hooks": [{"type": "mcp_tool", "server": "s", "tool": "t", "input": {"a": None}}]}),
]


@pytest.mark.parametrize("data", ACCEPTED)
def test_accepted(data: object) -> None:
    assert file_fault(data, frozenset(), NEWEST, strict=True) is None


@pytest.mark.parametrize("data", REFUSED)
def test_refused(data: object) -> None:
    assert file_fault(data, frozenset(), NEWEST, strict=True) is not None


def test_older_codex_takes_unknown_top_level_keys() -> None:
    assert file_fault({"$schema": "x", "hooks": {}}, frozenset(), NEWEST, strict=False) is None


def test_a_duplicate_event_is_refused_and_a_duplicate_unknown_one_is_not() -> None:
    assert file_fault({"hooks": {"Stop": []}}, frozenset({"Stop"}), NEWEST, strict=True) is not None
    assert file_fault({"hooks": {"Foo": []}}, frozenset({"Foo"}), NEWEST, strict=True) is None


@pytest.mark.parametrize(
    "matcher",
    [
        None,
        "",
        "*",
        "Read",
        "a|b",
        "mcp__mem0__.*",
        r"(?P<a>x)",
        "a++",
        r"[[:alpha:]]\p{L}",
        "[[a]b]",
    ],
)
def test_matchers_that_codex_takes(matcher: str | None) -> None:
    assert matcher_fault(matcher) is None


@pytest.mark.parametrize("matcher", ["(", "(?!x)a", r"(a)\1", "a{2,1}", "a|*", r"a\Z", "a{"])
def test_matchers_that_codex_drops(matcher: str) -> None:
    assert matcher_fault(matcher) is not None
