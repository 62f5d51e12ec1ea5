"""Memories that say the same in other words: whose, of what sort, and what else is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.detect.paraphrases.detector import NO_VECTORS, ParaphraseDetector
from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from tests.detect.incremental import Step, agrees_after, some_steps, told
from tests.detect.paraphrases.labelled import Given, embedded
from tests.detect.repeats.labelled import memory

STRIPE = "Payments are processed by Stripe."
THROUGH = "Stripe handles our payments."
CENTS = "Money amounts are stored as integer cents."
WHOLE = "We keep amounts of money in cents, as integers."
DOCKER = "Integration tests run against a real Postgres."
PORTS = ("The staging API listens on port 8080.", "Port 9090 is where the staging API listens.")
SAYS_NO = ("Secrets belong in the repository.", "Never put secrets into the repository.")
ENVIRONMENTS = ("On staging, emails are sent for real.", "Emails are sent for real on production.")
PARALLEL = ("Logs are shipped to Loki.", "Metrics are shipped to Prometheus.")
SUBJECT = ("Webhooks are retried with backoff.", "Webhooks that fail get retried with a delay.")
ALL = (STRIPE, THROUGH, CENTS, WHOLE, DOCKER, *PORTS, *SAYS_NO, *ENVIRONMENTS, *PARALLEL, *SUBJECT)


@cache
def _known() -> Given:
    return embedded(ALL)


@pytest.fixture
def vectors() -> Given:
    return Given(_known().known)


def found(vectors: Given | None, memories: Sequence[Memory]) -> list[Suspicion]:
    detector = ParaphraseDetector(vectors)
    detector.put(memories)
    return told(detector)


def test_what_says_the_same_is_to_be_looked_at_with_no_proposal(vectors: Given) -> None:
    [one] = found(vectors, [memory("a", STRIPE), memory("b", DOCKER), memory("c", THROUGH, days=1)])
    assert (one.queue, one.tier) == (Queue.REPEATS, Tier.LOOK)
    assert one.ids == ("c", "a"), "the newer one is the one that would be kept"
    assert "in other words" in one.reason
    assert " % alike in meaning" in one.reason
    assert not one.proposal
    assert one.to_decide == ("a",)


@pytest.mark.parametrize("texts", [PORTS, SAYS_NO, ENVIRONMENTS, PARALLEL, SUBJECT])
def test_what_words_speak_against_is_not_shown(vectors: Given, texts: tuple[str, str]) -> None:
    assert not found(vectors, [memory("a", texts[0]), memory("b", texts[1])])


def test_memories_of_others_and_of_another_app_are_not_compared(vectors: Given) -> None:
    kim, sam = Scope(user_id="kim", app_id="shop-api"), Scope(user_id="sam", app_id="shop-api")
    web = Scope(user_id="kim", app_id="web")
    one = memory("a", STRIPE, scope=kim)
    assert not found(vectors, [one, memory("b", THROUGH, scope=sam)])
    assert not found(vectors, [one, memory("b", THROUGH, scope=web)])
    assert found(
        vectors, [one, memory("b", THROUGH, scope=Scope(user_id="kim", app_id="Shop_API"))]
    )


@pytest.mark.parametrize("kind", ["session_summary", "session_state", "compact_summary"])
def test_what_is_written_each_session_is_left_out(vectors: Given, kind: str) -> None:
    logged = memory("a", STRIPE, metadata={"type": kind})
    assert not found(vectors, [logged, memory("b", THROUGH)])


@pytest.mark.parametrize(
    "text",
    [
        "## Payments\n- Stripe\n- invoices monthly",
        "支払いは Stripe で処理します。",
        f"{THROUGH} {'Why? ' * 300}",
    ],
    ids=["a page", "letters that the model has not learnt", "longer than the model reads"],
)
def test_what_a_vector_says_little_of_is_left_out(vectors: Given, text: str) -> None:
    vectors.known[text] = vectors.known[THROUGH]
    assert not found(vectors, [memory("a", STRIPE), memory("b", text)])
    assert partly_of(vectors, text) is None, "it is not missing"


def partly_of(vectors: Given, text: str) -> str | None:
    detector = ParaphraseDetector(vectors)
    detector.put([memory("a", STRIPE), memory("b", text)])
    told(detector)
    return detector.partly


def test_copies_of_one_text_are_one_row(vectors: Given) -> None:
    memories = [memory("a", STRIPE), memory("b", STRIPE, days=2), memory("c", THROUGH, days=1)]
    assert [each.ids for each in found(vectors, memories)] == [("b", "c")]


def test_what_has_no_vector_is_said_and_found_once_it_has(vectors: Given) -> None:
    packed = vectors.known.pop(THROUGH)
    detector = ParaphraseDetector(vectors)
    detector.put([memory("a", STRIPE), memory("b", THROUGH), memory("c", THROUGH)])
    assert not told(detector)
    assert detector.partly is not None
    assert "2 memories without a vector yet" in detector.partly
    vectors.known[THROUGH] = packed
    assert told(detector)
    assert detector.partly is None


def test_without_vectors_it_says_that_it_was_not_looked_for() -> None:
    detector = ParaphraseDetector(None)
    detector.put([memory("a", STRIPE)])
    assert detector.partly is None, "one memory repeats nothing"
    detector.put([memory("b", THROUGH)])
    assert not told(detector)
    assert detector.partly == NO_VECTORS


def test_above_the_most_it_says_that_it_was_not_looked_for(vectors: Given) -> None:
    vectors.most = 2
    detector = ParaphraseDetector(vectors)
    detector.put([memory("a", STRIPE), memory("b", THROUGH)])
    assert told(detector)
    detector.put([memory("c", DOCKER)])
    assert not told(detector)
    assert detector.partly is not None
    assert "2 texts at most" in detector.partly
    detector.drop(["a", "c"])
    detector.put([memory("d", CENTS), memory("e", WHOLE)])
    assert not told(detector), "what came before is not known any more"


_IDS = [f"m{n}" for n in range(12)]
_memories = st.builds(
    lambda id_, text, days: memory(id_, text, days=days),
    st.sampled_from(_IDS),
    st.sampled_from([STRIPE, THROUGH, CENTS, WHOLE, DOCKER, *PORTS]),
    st.integers(0, 3),
)
_steps = some_steps(_memories, _IDS, most=10)


@settings(max_examples=60, deadline=None)
@given(_steps)
def test_coming_and_going_equals_a_fresh_run(steps: list[Step]) -> None:
    agrees_after(steps, ParaphraseDetector(_known()), lambda left: found(_known(), left))
