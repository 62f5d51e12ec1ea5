"""What of several queues is proposed together."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from mem0_tui.detect.findings import Findings, Judgements, proposed, settled
from mem0_tui.detect.known import KnownMemory
from mem0_tui.detect.suspicion import IN_OTHER_WORDS, Mark, Queue, Suspicion, Tier
from mem0_tui.model.change import Delete, Edit, Update
from mem0_tui.model.verdict import Judgement, Verdict, text_hash

_DAY = date(2026, 11, 30)


def repeats(*ids: str) -> Suspicion:
    marks = {id_: (Mark(0, 1),) for id_ in ids}
    changes = tuple(Delete(id_) for id_ in ids[1:])
    return Suspicion(Queue.REPEATS, ids, "the same", marks=marks, proposal=changes)


def noise(*ids: str) -> Suspicion:
    return Suspicion(Queue.NOISE, ids, "noise", proposal=tuple(Delete(id_) for id_ in ids))


def test_noise_is_not_kept_in_place_of_what_it_repeats() -> None:
    """``a`` goes as noise: ``b`` stays for it. ``d`` was compared with ``a`` alone, so it stays."""
    found = settled(
        {Queue.REPEATS: (repeats("a", "b", "c", "d"),), Queue.NOISE: (noise("a", "c"),)}, {"c"}
    )
    [group] = found[Queue.REPEATS]
    assert group.ids == ("b", "a", "c")
    assert group.proposal == (Delete("a"),), "c is pinned"
    assert group.marks.keys() == {"a", "b", "c"}


def test_a_group_that_goes_as_a_whole_stays_as_it_is() -> None:
    group = repeats("a", "b")
    found = settled({Queue.REPEATS: (group,), Queue.NOISE: (noise("a", "b"),)}, frozenset())
    assert found[Queue.REPEATS] == (group,)
    assert proposed(found) == [Delete("b"), Delete("a")]


def test_what_goes_anyway_is_not_shown_as_the_same_in_other_words() -> None:
    def in_other_words(*ids: str) -> Suspicion:
        return Suspicion(Queue.REPEATS, ids, "85 %", Tier.LOOK, label=IN_OTHER_WORDS)

    group = Suspicion(Queue.REPEATS, ("a", "b"), "the same text", proposal=(Delete("b"),))
    looks = in_other_words("b", "c"), in_other_words("a", "d"), in_other_words("e", "f", "n")
    found = settled({Queue.REPEATS: (group, *looks), Queue.NOISE: (noise("n"),)}, frozenset())
    assert [each.ids for each in found[Queue.REPEATS]] == [("a", "b"), ("a", "d"), ("e", "f")]


def test_one_of_those_that_repeat_each_other_is_left_whichever_queue_deletes() -> None:
    """No detector's queue knows of the other's: a person judged ``b`` away from the noise."""
    found = {Queue.REPEATS: (repeats("a", "b"),), Queue.STALE: (noise("a"),)}
    assert proposed(found) == [Delete("b")]


def test_a_deletion_goes_before_an_edit_and_a_look_proposes_nothing() -> None:
    edit = Update("a", Edit(text="redacted"))
    secret = Suspicion(Queue.SECRETS, ("a",), "a token", proposal=(edit,))
    look = Suspicion(Queue.SECRETS, ("b",), "a word", Tier.LOOK, proposal=(Delete("b"),))
    assert proposed({Queue.SECRETS: (secret, look)}) == [edit]
    assert proposed({Queue.SECRETS: (secret, look), Queue.NOISE: (noise("a"),)}) == [Delete("a")]


def test_noise_of_which_only_the_kept_one_is_open_is_no_noise() -> None:
    group = Suspicion(Queue.NOISE, ("newest", "old"), "notes", proposal=(Delete("old"),))
    hashed = text_hash("x")
    known = KnownMemory(0, bytes.fromhex(hashed), pinned=False)
    findings = Findings(known={"newest": known, "old": known}, found={Queue.NOISE: (group,)})

    def left(judged: str) -> tuple[Suspicion, ...]:
        verdict = Verdict(Queue.NOISE, judged, hashed, Judgement.DONE)
        return findings.left(Judgements([verdict], _DAY)).found[Queue.NOISE]

    assert left("old") == ()
    [rest] = left("newest")
    assert rest.ids == ("old",)
    assert rest.proposal == (Delete("old"),)


def test_a_new_memory_that_contradicts_what_was_kept_is_a_conflict() -> None:
    """``old`` and ``older`` were kept. What somebody saw beside them and let be does not come
    back, what was made since is told."""
    judged_at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    group = Suspicion(Queue.CONFLICTS, ("new", "old", "older"), "port: 1 or 2 or 3")
    hashed = text_hash("x")
    digest = bytes.fromhex(hashed)
    kept = [
        Verdict(Queue.CONFLICTS, id_, hashed, Judgement.KEEP, at=judged_at)
        for id_ in ("old", "older")
    ]

    def left(made: datetime, *more: Verdict) -> tuple[Suspicion, ...]:
        micros = (made - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        known = dict.fromkeys(group.ids, KnownMemory(0, digest, pinned=False, age=-micros))
        findings = Findings(known=known, found={Queue.CONFLICTS: (group,)})
        return findings.left(Judgements([*kept, *more], _DAY)).found[Queue.CONFLICTS]

    [rest] = left(judged_at + timedelta(minutes=1))
    assert (rest.ids, rest.reason) == (("new",), group.reason)
    assert left(judged_at - timedelta(minutes=1)) == ()
    done = Verdict(Queue.CONFLICTS, "new", hashed, Judgement.DONE, at=judged_at)
    assert left(judged_at + timedelta(minutes=1), done) == ()
