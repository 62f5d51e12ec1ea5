"""Texts of the same words are one class, however often they come and go."""

from __future__ import annotations

from mem0_tui.detect.repeats.classes import Classes
from mem0_tui.detect.repeats.memory_table import MemoryTable
from mem0_tui.model.memory import Memory

ONE = "The orders of the shop are kept in PostgreSQL"
OTHER = "Prices are whole numbers of cents, never floats"


def test_a_text_that_comes_back_is_in_one_class_with_the_next_like_it() -> None:
    table = MemoryTable()
    classes = Classes(table)
    places = [table.add(Memory("a", ONE)), table.add(Memory("b", OTHER))]
    numbers = classes.add([ONE, OTHER], places)
    for number, place in zip(numbers, places, strict=True):
        classes.remove(number, place)
        table.remove(place)
    classes.sort()
    again = table.add(Memory("c", ONE))
    [number] = classes.add([ONE], [again])
    classes.sort()  # lets go of the other one, which is not there
    later = table.add(Memory("d", ONE))
    assert classes.add([ONE], [later]) == [number]
    assert sorted(classes.members(number)) == sorted([again, later])
