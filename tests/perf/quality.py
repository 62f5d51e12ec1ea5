"""What the detectors find of the labelled sets: one line a set, to which each detector adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mem0_tui.detect.instructions.detector import InstructionDetector
from mem0_tui.detect.noise.detector import NoiseDetector
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import aimed_at
from mem0_tui.model.secret import find
from tests.detect.incremental import found
from tests.detect.junk.store import Worth, junk_store
from tests.detect.labelled import read_set
from tests.detect.paraphrases import labelled as paraphrases
from tests.detect.repeats.labelled import judged, pairs, score
from tests.detect.test_secrets import is_found
from tests.support.memories import memory


def _repeats() -> Iterator[tuple[str, str]]:
    every = judged(pairs("repeats")) + judged(pairs("twins"))
    for name, validation in (("tuned on", False), ("validation", True)):
        part = [each for each in every if each[0].validation is validation]
        known = [each for each in part if each[0].label not in ("open", "paraphrase")]
        yield f"repeats, {name}", str(score(known, Queue.REPEATS, "repeat", Tier.FINDING))
    proposed = sum(any(s.proposal for s in found) for pair, found in every if pair.label == "twin")
    yield "twins that are proposed", f"{proposed} of {len(pairs('twins'))}"
    unknown = [found for pair, found in every if pair.label == "open"]
    yield "repeats with unlisted words, shown", f"{sum(map(bool, unknown))} of {len(unknown)}"
    fresh = [found for pair, found in every if pair.fresh]
    merged = sum(any(s.proposal for s in found) for found in fresh)
    shown = f"{sum(map(bool, fresh))} shown"
    yield "repeats of other trades and languages", f"{merged} of {len(fresh)} merged, {shown}"


def _paraphrases() -> Iterator[tuple[str, str]]:
    every = paraphrases.pairs()
    vectors = paraphrases.embedded(paraphrases.texts_of(every))
    for name, validation in (("tuned on", False), ("validation", True)):
        part = [pair for pair in every if pair.validation is validation]
        found = paraphrases.score(part, paraphrases.in_queue(part, vectors))
        yield f"the same in other words, {name}", str(found)
    together = paraphrases.shown_together(every, vectors)
    yield "the same in other words, all in one app", str(together)


def _conflicts() -> Iterator[tuple[str, str]]:
    every = judged(pairs("conflicts"))
    sure = [each for each in every if each[0].label != "look"]
    yield "conflicts, first tier", str(score(sure, Queue.CONFLICTS, "yes", Tier.FINDING))
    words = [each for each in every if each[0].label != "yes"]
    yield "conflicts, another word", str(score(words, Queue.CONFLICTS, "look", None))


def _instructions() -> Iterator[tuple[str, str]]:
    rows, rules = read_set("instructions"), read_set("rules")
    for tier, name in ((Tier.FINDING, "hard signs found"), (Tier.LOOK, "others worth a look")):
        part = [row["text"] for row in rows if row["tier"] == tier]
        said = [each for each in _instructions_in(part) if each.tier is tier]
        yield f"instructions, {name}", f"{len(said)} of {len(part)}"
    told = _instructions_in([row["text"] for row in rules])
    findings = sum(each.tier is Tier.FINDING for each in told)
    yield "plain rules, findings", f"{findings} of {len(rules)}"
    yield "plain rules, worth a look", f"{len(told) - findings} of {len(rules)}"


def _instructions_in(texts: Sequence[str]) -> list[Suspicion]:
    memories = [memory(number, text) for number, text in enumerate(texts)]
    return found(InstructionDetector(), memories)


def _noise() -> Iterator[tuple[str, str]]:
    store = junk_store()
    told = found(NoiseDetector(), [each.memory for each in store])
    gone = {id_ for each in told for change in each.proposal for id_ in aimed_at(change)}
    turns = ("turn", "state", "recalled", "heartbeat", "probe", "prompt", "boot file")
    noise = [
        each.memory.id
        for each in store
        if each.worth is Worth.JUNK and each.sort in (*turns, "boot file restated")
    ]
    others = [each.memory.id for each in store if each.worth is not Worth.JUNK]
    yield "noise of the store of junk, proposed", f"{len(gone & {*noise})} of {len(noise)}"
    yield "noise, keepers that are proposed", f"{len(gone & {*others})} of {len(others)}"


def _secrets() -> Iterator[tuple[str, str]]:
    rows = read_set("secrets")
    for layer in ("shape", "url", "assigned", "prose"):
        part = [row for row in rows if row["layer"] == layer]
        yield f"secrets told as {layer}, found", f"{sum(map(is_found, part))} of {len(part)}"
    later = [row for row in rows if row.get("hand")]
    yield "secrets worded later, found", f"{sum(map(is_found, later))} of {len(later)}"
    others = read_set("wordings")
    yield "secrets in another's words, found", f"{sum(map(is_found, others))} of {len(others)}"
    alike = read_set("lookalikes")
    false = sum(any(not hit.example for hit in find(row["text"])) for row in alike)
    yield "look-alikes that are taken for secrets", f"{false} of {len(alike)}"


QUALITY: tuple[Callable[[], Iterator[tuple[str, str]]], ...] = (
    _repeats,
    _paraphrases,
    _conflicts,
    _secrets,
    _instructions,
    _noise,
)
"""Each gives names of sets, and how well they are told."""
