"""What is shown of the labelled pairs, with the real model."""

from __future__ import annotations

import pytest

from tests.detect.labelled import read_set
from tests.detect.paraphrases import labelled
from tests.detect.paraphrases.labelled import Given, Pair


def twins() -> list[Pair]:
    """Some of the texts that differ in what matters."""
    return [Pair(row["a"], row["b"], False, False) for row in read_set("twins")[::3]]


@pytest.fixture(scope="module")
def vectors() -> Given:
    return labelled.embedded(labelled.texts_of([*labelled.pairs(), *twins()]))


def test_the_set_is_large_enough() -> None:
    every = labelled.pairs()
    assert sum(pair.same for pair in every) >= 120
    assert sum(not pair.same for pair in every) >= 120


@pytest.mark.parametrize("validation", [False, True])
def test_pairs_that_say_the_same_are_shown_and_others_are_not(
    vectors: Given, validation: bool
) -> None:
    part = [pair for pair in labelled.pairs() if pair.validation is validation]
    score = labelled.score(part, labelled.in_queue(part, vectors))
    assert score.precision >= 0.85, score
    assert score.recall >= 0.78, score


def test_pairs_are_found_among_all_the_others(vectors: Given) -> None:
    score = labelled.shown_together(labelled.pairs(), vectors)
    assert score.precision >= 0.85, score
    assert score.recall >= 0.6, score


def test_texts_that_differ_in_what_matters_are_hardly_shown(vectors: Given) -> None:
    every = twins()
    assert sum(labelled.shown(every, vectors)) <= 0.04 * len(every)
