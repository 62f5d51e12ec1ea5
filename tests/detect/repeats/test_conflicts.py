"""What contradicts what, and how that is said."""

from __future__ import annotations

import pytest

from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from tests.detect.repeats.labelled import found_in, memory


def _conflicts(*memories: Memory) -> list[Suspicion]:
    return [each for each in found_in(memories) if each.queue is Queue.CONFLICTS]


def test_the_newest_comes_first_and_the_values_are_named_and_marked() -> None:
    old = memory("old", "The staging API listens on port 8080.")
    new = memory("new", "The staging API listens on port 9090.", days=4)
    (found,) = _conflicts(new, old)
    assert found.ids == ("new", "old")
    assert found.label == "port of the staging API"
    assert found.reason == "port of the staging API: 8080 or 9090; the newer says 9090"
    assert found.tier is Tier.FINDING
    marked = {id_: marks[0] for id_, marks in found.marks.items()}
    assert {each.text[marked[each.id].start : marked[each.id].end] for each in (old, new)} == {
        "8080",
        "9090",
    }
    assert found.proposal == ()


def test_several_values_of_one_subject_are_one_conflict() -> None:
    values = {"a": "8080", "b": "9090", "c": "7070"}
    memories = [
        memory(id_, f"The staging API listens on port {value}.", days=day)
        for day, (id_, value) in enumerate(values.items())
    ]
    (found,) = _conflicts(*memories)
    assert found.ids == ("c", "b", "a")
    assert found.reason == "port of the staging API: 8080 or 9090 or 7070; the newer says 7070"


def test_six_values_are_a_series_and_no_conflict() -> None:
    memories = [memory(f"{n}", f"The importer has read {n} files so far.") for n in range(100, 106)]
    assert _conflicts(*memories) == []
    assert len(_conflicts(*memories[:5])) == 1


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (
            "Commit the lock file.",
            "Do not commit the lock file.",
            "Commit the lock file: yes or no; the newer says no",
        ),
        (
            "The flag new_cart is enabled in production.",
            "The flag new_cart is disabled in production.",
            "flag new_cart: enabled or disabled; the newer says disabled",
        ),
        (
            "We use Ceedling for tests of the driver.",
            "Ceedling was dropped for tests of the driver.",
            "We use Ceedling for tests of the driver: yes or no; the newer says no",
        ),
        (
            "The gateway uses Redis as session cache.",
            "The gateway stopped using Redis as session cache.",
            "The gateway uses Redis as session cache: yes or no; the newer says no",
        ),
    ],
)
def test_yes_and_no_are_a_conflict(one: str, other: str, reason: str) -> None:
    (found,) = _conflicts(memory("a", one), memory("b", other, days=1))
    assert (found.reason, found.tier) == (reason, Tier.FINDING)


def test_without_dates_nothing_is_said_to_be_newer() -> None:
    text = "The staging API listens on port {}."
    (found,) = _conflicts(
        memory("a", text.format(8080), created_at=None),
        memory("b", text.format(9090), created_at=None),
    )
    assert found.reason.endswith("which is newer is not known")


def test_repeats_of_one_memory_count_once() -> None:
    text = "The staging API listens on port {}."
    memories = [
        memory("a", text.format(8080)),
        memory("a2", "The user said that the staging API listens on port 8080."),
        memory("b", text.format(9090), days=1),
    ]
    (found,) = _conflicts(*memories)
    assert found.ids == ("b", "a")


def test_another_app_or_user_may_have_another_value() -> None:
    text = "The staging API listens on port {}."
    for scope in (Scope(user_id="noor", app_id="shop-api"), Scope(user_id="kim", app_id="web")):
        assert (
            _conflicts(memory("a", text.format(8080)), memory("b", text.format(9090), scope=scope))
            == []
        )
