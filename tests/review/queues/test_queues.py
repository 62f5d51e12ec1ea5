"""What is left in the queues, and when the memories are scanned."""

from __future__ import annotations

import pytest

from mem0_tui.detect.suspicion import Queue, Tier
from mem0_tui.model.verdict import Judgement
from mem0_tui.review.queues.contents import Contents
from mem0_tui.review.queues.judged import Judged
from mem0_tui.review.queues.queues import Queues, sure
from tests.review.queues.items import group, noise

REPEAT, BEAT, LOOK = group("a", "b"), noise("c"), noise("d", tier=Tier.LOOK)


def made(*items: object, reviewed: str = "") -> Queues:
    queues = Queues(there=True)
    queues.seen(Contents(items or (REPEAT, BEAT, LOOK), reviewed=reviewed))  # type: ignore[arg-type]
    return queues


def judged(*given: Judged) -> dict[str, Judged]:
    return {each.item.key: each for each in given}


def test_queues_that_hold_anything_have_a_tab_and_the_inbox_always() -> None:
    assert Queues().holding == ()
    assert Queues(there=True).holding == (Queue.INBOX,)
    assert made().holding == (Queue.INBOX, Queue.REPEATS, Queue.NOISE)


def test_a_verdict_takes_its_item_out_and_taking_it_back_brings_it_again() -> None:
    queues = made()
    keep = Judged(BEAT, Judgement.KEEP)
    assert queues.judged_anew(judged(keep)) == ((keep,), ())
    assert queues.left(Queue.NOISE) == (LOOK,)
    assert queues.kept == {"c"}
    assert queues.judged_anew({}) == ((), (keep,))
    assert queues.left(Queue.NOISE) == (BEAT, LOOK)
    assert not queues.kept
    assert queues.wanted == "c"


def test_what_was_judged_and_comes_again_has_another_text() -> None:
    queues = made()
    queues.judged_anew(judged(Judged(BEAT, Judgement.DONE)))
    queues.seen(Contents((REPEAT, BEAT, LOOK)))
    assert queues.left(Queue.NOISE) == (BEAT, LOOK)


@pytest.mark.parametrize(
    ("judgement", "of_inbox", "leaves"),
    [
        (Judgement.KEEP, False, True),
        (Judgement.DONE, False, True),
        (Judgement.SNOOZE, False, False),
        (Judgement.SNOOZE, True, True),
    ],
)
def test_a_verdict_reviews_a_memory_unless_it_only_puts_it_off(
    judgement: Judgement, of_inbox: bool, leaves: bool
) -> None:
    queues = made(reviewed="z")
    item = queues.of(Queue.INBOX, ("c",))[0] if of_inbox else BEAT
    queues.judged_anew(judged(Judged(item, judgement)))
    inbox = queues.members(Queue.INBOX)
    assert inbox.holds("c") is not leaves
    assert inbox.holds("a")
    assert not inbox.holds("z")


def test_before_the_first_scan_nobody_knows_what_is_in_the_inbox() -> None:
    queues = Queues(there=True)
    assert not queues.members(Queue.INBOX).known
    assert not queues.members(Queue.INBOX).holds("a")


def test_the_progress_counts_what_is_decided_down_from_the_most_there_was() -> None:
    queues = made()
    assert queues.progress_of(Queue.NOISE, ()).words == "2 of 2 left"
    assert queues.progress_of(Queue.REPEATS, ()).words == "1 of 1 groups left"
    queues.judged_anew(judged(Judged(BEAT, Judgement.DONE)))
    assert queues.progress_of(Queue.NOISE, ()).words == "1 of 2 left"
    assert queues.progress_of(Queue.NOISE, {"d"}).words == "nothing left here"
    assert queues.handled(Queue.NOISE, {"d"}) == {LOOK.key}


def test_what_is_left_about_a_memory_is_said_in_the_order_of_the_queues() -> None:
    both = noise("b")
    queues = made(both, REPEAT, noise("c"))
    assert queues.about("b") == (REPEAT, both)
    assert queues.about("nobody") == ()
    assert queues.of(Queue.REPEATS, {"b"}) == (REPEAT,)
    assert sure((BEAT, LOOK)) == (BEAT,)


def test_the_last_that_says_something_is_known() -> None:
    queues = made(group("a", "b"), group("c", "d"), noise("c"), noise("d"))
    assert queues.last_ones({"b"}) == {"a"}
    assert queues.last_ones({"a"}) == set()
    assert queues.last_ones({"d"}) == set(), "all of it is noise, too"


def test_one_scan_goes_on_at_a_time_and_another_follows_where_something_changed() -> None:
    assert not Queues().scan_wanted()
    queues = Queues(there=True)
    assert queues.scan_wanted()
    queues.progress(200, 1000)
    assert queues.words == "scanning 200 of 1,000"
    queues.progress(1000, 1000, (Queue.REPEATS, Queue.CONFLICTS))
    assert queues.words == "looking for repeats"
    assert not queues.scan_wanted()
    assert not queues.scan_wanted()
    assert queues.scan_ended(), "one more"
    assert not queues.words
    assert not queues.scan_ended()
    assert not queues.scanning
