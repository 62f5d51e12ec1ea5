"""The user's own keys: what is taken, and every way in which it is refused."""

from __future__ import annotations

import tomllib

import pytest

from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.keymap import Bound, clashes, normal_key, read_keymap, without_key

APP = Bound("help", "question_mark,f1", ("everywhere",))
MAIN = Bound("plan.open", "a", ("main", "everywhere"))
LIST = Bound("memory.delete", "d", ("list", "main", "everywhere"))
TREE = Bound("scope.delete", "D", ("tree", "main", "everywhere"))
ACTIONS = [APP, MAIN, LIST, TREE]
RESERVED = {"down": "for moving down"}


def read(table: dict[str, object]) -> dict[str, str]:
    return read_keymap(table, ACTIONS, reserved=RESERVED)


def test_keys_are_taken_as_a_person_writes_them() -> None:
    assert read({"help": "?, Ctrl+H", "memory.delete": ["delete", "x"]}) == {
        "help": "question_mark,ctrl+h",
        "memory.delete": "delete,x",
    }


def test_an_id_needs_no_quotes_in_the_file() -> None:
    table = tomllib.loads("[keys]\nmemory.delete = 'x'\n'plan.open' = 'p'\n")["keys"]
    assert read(table) == {"memory.delete": "x", "plan.open": "p"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("?", "question_mark"),
        ("/", "slash"),
        ("[", "left_square_bracket"),
        ("D", "D"),
        ("ctrl+D", "ctrl+d"),
        ("Ctrl + k", "ctrl+k"),
        ("ctrl++", "ctrl+plus"),
        ("+", "plus"),
        ("F5", "f5"),
        ("PageDown", "pagedown"),
        ("asterisk", "asterisk"),
        ("é", "é"),
    ],
)
def test_a_key_gets_the_name_that_the_terminal_library_has_for_it(written: str, name: str) -> None:
    assert normal_key(written) == name


@pytest.mark.parametrize("written", ["", " ", "f99", "hold+d", "nonsense", "ctrl+", "\x1b"])
def test_what_is_no_key_is_known_as_such(written: str) -> None:
    assert normal_key(written) is None


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        ({"memory.delte": "x"}, "unknown action memory.delte", "did you mean memory.delete?"),
        ({"help": "hlep"}, "'hlep' is not a key", "such as"),
        ({"help": ""}, "no key is named", "comma"),
        ({"help": 5}, "no key is named", "write keys"),
        ({"help": "down"}, "down is for moving down", "another key"),
        ({"help": "x", "plan.open": "x"}, "x already does help", "choose another"),
        ({"memory.delete": "x,f1", "help": "f1"}, "f1 already does memory.delete", "give"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_way_on(
    table: dict[str, object], message: str, hint: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(table)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_two_actions_may_swap_their_keys() -> None:
    assert read({"memory.delete": "a", "plan.open": "d"}) == {
        "memory.delete": "a",
        "plan.open": "d",
    }


def test_a_key_of_ones_own_comes_before_a_usual_one() -> None:
    assert read({"memory.delete": "a"}) == {"memory.delete": "a", "plan.open": ""}
    assert read({"plan.open": "f1"}) == {"plan.open": "f1", "help": "question_mark"}
    assert read({"help": "D"}) == {"help": "D", "scope.delete": ""}


def test_what_has_no_key_any_more_is_named_with_what_took_it() -> None:
    def without(table: dict[str, object]) -> tuple[tuple[str, str, str], ...]:
        return without_key(ACTIONS, read(table))

    assert without({"memory.delete": "a"}) == (("plan.open", "a", "memory.delete"),)
    assert without({"memory.delete": "f1,?"}) == (("help", "question_mark", "memory.delete"),)
    assert without({"memory.delete": "f1", "plan.open": "x"}) == ()


def test_panes_that_never_meet_may_share_a_key() -> None:
    assert read({"scope.delete": "d"}) == {"scope.delete": "d"}


def test_the_place_of_the_entry_is_named() -> None:
    with pytest.raises(SettingsError, match=r"^config\.toml:7: "):
        read_keymap({"x": "y"}, ACTIONS, reserved={}, where=lambda _: "config.toml:7")


def test_clashes_are_found_in_either_order() -> None:
    assert clashes([LIST, MAIN], {"memory.delete": "a"}) == (("a", "memory.delete", "plan.open"),)
    assert clashes([MAIN, LIST], {"memory.delete": "a"}) == (("a", "plan.open", "memory.delete"),)
