"""How much of what people would call a repeat or a conflict is found, and nothing else."""

from __future__ import annotations

from functools import cache

import pytest

from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from tests.detect.repeats.labelled import Pair, judged, pairs, score


@cache
def _judged(name: str) -> list[tuple[Pair, list[Suspicion]]]:
    return judged(pairs(name))


def test_the_sets_are_large_enough() -> None:
    assert len(pairs("repeats")) >= 300
    assert len(pairs("twins")) >= 300
    assert len(pairs("conflicts")) >= 80


@pytest.mark.parametrize("validation", [False, True])
def test_repeats_are_offered_for_merging_and_twins_never(validation: bool) -> None:
    every = [each for name in ("repeats", "twins") for each in _judged(name)]
    part = [each for each in every if each[0].validation is validation]
    known = [each for each in part if each[0].label not in ("open", "paraphrase")]
    found = score(known, Queue.REPEATS, "repeat", Tier.FINDING)
    assert found.wrong == 0
    assert found.precision >= 0.99
    assert found.recall >= 0.95


def test_nothing_is_proposed_for_twins() -> None:
    proposed = [pair for pair, found in _judged("twins") if any(s.proposal for s in found)]
    assert proposed == []


def test_repeats_with_words_that_no_list_knows_are_at_least_shown_to_people() -> None:
    of = [each for each in _judged("repeats") if each[0].label == "open"]
    shown = sum(bool(found) for _, found in of)
    assert shown / len(of) >= 0.99


def test_of_repeats_in_words_of_other_trades_most_are_merged_and_all_are_shown() -> None:
    of = [each for each in _judged("repeats") if each[0].fresh]
    assert len(of) >= 100
    merged = sum(any(s.proposal for s in found) for _, found in of)
    shown = sum(bool(found) for _, found in of)
    assert merged / len(of) >= 0.80
    assert shown / len(of) >= 0.99


def test_each_found_repeat_proposes_to_delete_all_but_the_kept_one() -> None:
    for _, found in _judged("repeats"):
        for suspicion in found:
            if suspicion.queue is Queue.REPEATS and suspicion.tier is Tier.FINDING:
                deleted = [change.memory_id for change in suspicion.proposal]  # type: ignore[union-attr]
                assert deleted == list(suspicion.ids[1:])


def test_conflicts_of_values_and_of_yes_and_no_are_found() -> None:
    of = [each for each in _judged("conflicts") if each[0].label != "look"]
    found = score(of, Queue.CONFLICTS, "yes", Tier.FINDING)
    assert found.precision >= 0.97
    assert found.recall >= 0.95


def test_another_word_at_the_place_of_a_value_is_for_people() -> None:
    of = [each for each in _judged("conflicts") if each[0].label == "look"]
    shown = [pair for pair, found in of if any(s.queue is Queue.CONFLICTS for s in found)]
    assert len(shown) / len(of) >= 0.9
    assert all(s.tier is Tier.LOOK and not s.proposal for _, found in of for s in found)
