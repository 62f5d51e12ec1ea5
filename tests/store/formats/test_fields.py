"""Owners, labels and states in whatever form a program writes them."""

from __future__ import annotations

from tests.store.formats.test_formats import memories, read, said


def test_an_owner_is_read_without_the_blanks_around_it() -> None:
    (found,) = memories(read([{"memory": "a", "user_id": " kim ", "run_id": "r\n"}]))
    assert (found.scope.user_id, found.scope.run_id) == ("kim", "r")


def test_labels_are_understood_in_json_too() -> None:
    labels = {"categories": '["work", "home"]', "tags": '[{"name": "ci"}]'}
    (found,) = memories(read([{"memory": "a", **labels}]))
    assert found.categories == ("work", "home", "ci")
    plain, empty = memories(
        read([{"memory": "b", "categories": "x, 7"}, {"memory": "c", "tags": "[]"}])
    )
    assert (plain.categories, empty.categories) == (("x", "7"), ())


def test_a_state_is_understood_or_named() -> None:
    reading = read(
        [{"memory": word, "state": word} for word in ("removed", "Trashed", "active", "draft")]
    )
    assert [each.text for each in memories(reading)] == ["active", "draft"]
    assert "row 4 (draft): its state is not taken over" in said(reading)


def test_half_a_character_is_named() -> None:
    reading = read([{"memory": "Ship it \ud83d"}, {"memory": "Ship it \U0001f600"}])
    first, second = memories(reading)
    assert (first.text, second.text) == ("Ship it \ufffd", "Ship it \U0001f600")
    assert "row 1 (Ship it \ufffd): half a character in its text becomes \ufffd" in said(reading)
