"""What the detectors find of the labelled sets: one line a set, to which each detector adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mem0_tui.detect.suspicion import Queue, Tier
from tests.detect.repeats.labelled import judged, pairs, score


def _repeats() -> Iterator[tuple[str, str]]:
    every = judged(pairs("repeats")) + judged(pairs("twins"))
    for name, validation in (("tuned on", False), ("validation", True)):
        part = [each for each in every if each[0].validation is validation]
        known = [each for each in part if each[0].label != "open"]
        yield f"repeats, {name}", str(score(known, Queue.REPEATS, "repeat", Tier.FINDING))
    proposed = sum(any(s.proposal for s in found) for pair, found in every if pair.label == "twin")
    yield "twins that are proposed", f"{proposed} of {len(pairs('twins'))}"
    unknown = [found for pair, found in every if pair.label == "open"]
    yield "repeats with unlisted words, shown", f"{sum(map(bool, unknown))} of {len(unknown)}"


def _conflicts() -> Iterator[tuple[str, str]]:
    every = judged(pairs("conflicts"))
    sure = [each for each in every if each[0].label != "look"]
    yield "conflicts, first tier", str(score(sure, Queue.CONFLICTS, "yes", Tier.FINDING))
    words = [each for each in every if each[0].label != "yes"]
    yield "conflicts, another word", str(score(words, Queue.CONFLICTS, "look", None))


QUALITY: tuple[Callable[[], Iterator[tuple[str, str]]], ...] = (_repeats, _conflicts)
"""Each gives names of sets, and how well they are told."""
