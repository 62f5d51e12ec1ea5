"""What comes of each event that judges what is in the queues."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import Delete
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory
from mem0_tui.review.effects import Effect, ShowTriage, Tell
from mem0_tui.review.queues.effects import AskAboutProposals, NextItem
from mem0_tui.review.queues.events import (
    Judging,
    ProposalsAccepted,
    ProposalsChosen,
    QueueAccepted,
    VerdictGiven,
    VerdictsLost,
)
from mem0_tui.review.queues.proposals import Proposals, drawn_up
from mem0_tui.review.queues.queues import Queues, sure
from mem0_tui.review.targets import Target
from mem0_tui.review.triage import Triage

NO_PROPOSAL = "nothing is proposed here: only a person can tell what to do"


def handle(
    triage: Triage, queues: Queues, event: Judging, key: Callable[[str], str]
) -> list[Effect]:
    """What comes of *event*; *key* gives the key of an action, for what is said."""
    match event:
        case VerdictGiven(target, items, judgement, until, spoken):
            if not items:
                return [Tell("nothing of it is in this queue")]
            what = triage.judge(target, items, judgement, until)
            return _on(target, f"{what} · {key('undo')} takes it back", silent=not spoken)
        case VerdictsLost(items):
            for item in items:
                triage.judged.pop(item.key, None)
            return [ShowTriage()]
        case ProposalsAccepted(target, items):
            return _accept(triage, queues, event, target, items, key)
        case QueueAccepted(items, memories, shown):
            return _ask(triage, queues, items, memories, shown)
        case ProposalsChosen(proposals):
            outcome = triage.propose(None, proposals)
            ways = f"{key('undo')} takes it back · {key('plan.open')} shows the plan"
            return [ShowTriage(), Tell(f"{outcome.words} · {ways}"), NextItem()]


def _accept(
    triage: Triage,
    queues: Queues,
    event: ProposalsAccepted,
    target: Target,
    items: tuple[Suspicion, ...],
    key: Callable[[str], str],
) -> list[Effect]:
    proposals = _drawn_up(triage, queues, items, event.memories, event.shown)
    if not proposals.changes:
        left = proposals.left_out_words
        proposed = any(item.proposal for item in items)
        return [Tell(left or ("nothing of it is shown" if proposed else NO_PROPOSAL), "warning")]
    outcome = triage.propose(target, proposals)
    back = f"{outcome.words} · {key('undo')} takes it back"
    said = "\n".join(part for part in (proposals.left_out_words, back) if part)
    return _on(target, said, silent=not proposals.left_out)


def _on(target: Target, said: str, *, silent: bool) -> list[Effect]:
    """Go on behind what *target* is; it is *said* where the row does not tell."""
    on: list[Effect] = [] if target.of_marks else [NextItem()]
    told: list[Effect] = [Tell(said)] if target.of_marks or not silent else []
    return [*on, ShowTriage(), *told]


def _ask(
    triage: Triage,
    queues: Queues,
    items: tuple[Suspicion, ...],
    memories: Mapping[str, Memory],
    shown: Collection[str],
) -> list[Effect]:
    proposals = _drawn_up(triage, queues, sure(items), memories, shown)
    looks = sum(item.tier is Tier.LOOK for item in items)
    if proposals.changes:
        return [AskAboutProposals(proposals, looks)]
    why = proposals.left_out_words or NO_PROPOSAL
    only = f"{plural(looks, 'item')} only worth a look: decide one by one"
    all_looks = looks == len(items) > 0
    return [Tell(only if all_looks and not proposals.left_out else why, "warning")]


def _drawn_up(
    triage: Triage,
    queues: Queues,
    items: tuple[Suspicion, ...],
    memories: Mapping[str, Memory],
    shown: Collection[str],
) -> Proposals:
    staged = triage.staging.snapshot()
    going = {memory_id for memory_id, each in staged.changes.items() if isinstance(each, Delete)}
    last = set(queues.last_ones(going))
    for item in items:
        if item.queue is Queue.REPEATS and item.ids[0] in going and not queues.is_worthless(item):
            last.update(item.ids)
    return drawn_up(items, memories, kept=queues.kept, staged=staged.seen, last=last, shown=shown)
