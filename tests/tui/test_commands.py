"""What can be typed after the colon, and what it comes to."""

from __future__ import annotations

import pytest

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import QueryError, UsageError
from mem0_tui.model.page import Sort
from mem0_tui.model.query import parse
from mem0_tui.tui.commands import (
    WORDS,
    AllowWriting,
    Command,
    ForgetSearch,
    RunAction,
    SaveSearch,
    ShowQuery,
    ShowScope,
    SortBy,
    UseTheme,
    read_command,
)
from mem0_tui.tui.keys import ACTIONS, KeyContext, find_action

THEMES = ("mem0-dark", "mem0-light")
KIM = EntityRef(EntityKind.USER, "kim")
SHOP = EntityRef(EntityKind.APP, "shop-api")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("type:decision age>90d", ShowQuery(parse("type:decision age>90d"))),
        (":type:decision", ShowQuery(parse("type:decision"))),
        ("-type:session_state token", ShowQuery(parse("-type:session_state token"))),
        ("scope user:kim", ShowScope(frozenset({KIM}))),
        ("scope user:kim app:shop-api", ShowScope(frozenset({KIM, SHOP}))),
        ("scope all", ShowScope(frozenset())),
        ("scope none", ShowScope(frozenset(), unscoped=True)),
        ("sort updated", SortBy(Sort.UPDATED)),
        ("theme mem0-light", UseTheme("mem0-light")),
        ("save old decisions", SaveSearch("old decisions")),
        ("forget old decisions", ForgetSearch("old decisions")),
        ("w", RunAction("plan.open")),
        (" apply ", RunAction("plan.open")),
        ("doctor", RunAction("health.open")),
        ("memory.pin", RunAction("memory.pin")),
        ("readonly", AllowWriting(False)),
        ("write", AllowWriting(True)),
    ],
)
def test_a_command_is_understood(text: str, command: Command) -> None:
    assert read_command(text, THEMES, ["old decisions"]) == command


@pytest.mark.parametrize("text", ["", "  ", ":"])
def test_nothing_is_no_command(text: str) -> None:
    assert read_command(text, THEMES) is None


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("aply", "no command 'aply'", "did you mean :apply?"),
        ("trahs", "no command 'trahs'", "did you mean :trash?"),
        ("jwt keys", "no command 'jwt'", "/ finds words"),
        ("theme mem0-lihgt", "no theme 'mem0-lihgt'", "did you mean mem0-light?"),
        ("sort", ":sort needs a name", "newest"),
        ("save", ":save needs a name", "such as"),
        ("forget", ":forget needs a name", "old decisions"),
        ("forget old decision", "no saved search 'old decision'", "did you mean old decisions?"),
        ("scope kim", "kim names no scope", "scope user:kim"),
        ("scope type:decision", "names no scope", "scope user:kim"),
        ("undo 3", ":undo takes nothing", "alone"),
    ],
)
def test_an_unknown_command_says_what_may_be_meant(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_command(text, THEMES, ["old decisions"])
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_query_that_does_not_parse_says_where() -> None:
    with pytest.raises(QueryError) as caught:
        read_command("type:decision created:yesterdayish", THEMES)
    assert "column" in caught.value.hint


def test_every_word_leads_to_an_action_that_there_is() -> None:
    ids = {action.id for action in ACTIONS}
    for word in set(WORDS) - {"sort", "theme", "save", "forget"}:
        command = read_command(word, THEMES)
        assert not isinstance(command, RunAction) or command.action_id in ids


def test_every_action_can_be_typed_by_its_id() -> None:
    here = [action for action in ACTIONS if action.where is not KeyContext.HEALTH]
    simple = [action for action in here if action.id not in WORDS]
    for action in simple:
        assert read_command(action.id, THEMES) == RunAction(action.id)
    assert find_action("undo").action == "screen.act('undo')"
