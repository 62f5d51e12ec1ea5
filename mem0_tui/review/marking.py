"""What comes of each event that marks or stages: what is shown, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable

from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory
from mem0_tui.review.effects import (
    AskAboutPinned,
    Effect,
    MoveOn,
    PlanReversal,
    ShowTriage,
    Tell,
)
from mem0_tui.review.events import (
    ClearRequested,
    DeleteRequested,
    DeletesChosen,
    DraftAdded,
    DraftReplaced,
    DropRequested,
    EditRequested,
    Marking,
    MarksCleared,
    MarksInverted,
    MarkToggled,
    MemoriesMarked,
    MergeRequested,
    RedoRequested,
    UndoRequested,
)
from mem0_tui.review.queues.effects import NextItem
from mem0_tui.review.targets import Target
from mem0_tui.review.triage import StagingOutcome, Triage


def meant_by(triage: Triage, target: Target) -> tuple[tuple[Memory, ...], str]:
    """The memories of *target* that are meant: pinned ones that only a query marked are left out,
    which the second says in words."""
    by_query = triage.by_query if target.of_marks else set()
    meant = tuple(m for m in target.memories if not (m.pinned and m.id in by_query))
    left_out = len(target.memories) - len(meant)
    words = f"{plural(left_out, 'pinned memory')} left out: mark by hand what you mean"
    return meant, words if left_out else ""


def handle(triage: Triage, event: Marking, key: Callable[[str], str]) -> list[Effect]:
    """What comes of *event*; *key* gives the key of an action, for what is said."""
    match event:
        case MarkToggled(memory):
            triage.toggle(memory)
        case MemoriesMarked(memories, by_query):
            triage.mark(memories, by_query=by_query)
            if by_query:
                return [ShowTriage(), Tell(f"{plural(len(memories), 'memory')} marked")]
        case MarksInverted(memories):
            triage.invert(memories)
        case MarksCleared():
            return _unmark(triage, key)
        case DeleteRequested(target):
            return _delete(triage, target, key)
        case DeletesChosen(target, memories, left_out):
            return _stage_deletes(triage, target, memories, left_out, key)
        case EditRequested():
            return _edit(triage, event, key)
        case MergeRequested(target, merge, memories):
            outcome = triage.stage_merge(target, merge, memories)
            on: list[Effect] = [] if target.of_marks else [NextItem()]
            return [*on, *_staged(target, outcome, "", key, spoken=True)]
        case DraftAdded(draft):
            triage.add(draft)
            return [ShowTriage(), Tell(f"staged; {key('plan.open')} shows the plan")]
        case DraftReplaced(draft, by):
            triage.replace_draft(draft, by)
        case DropRequested(target):
            return _staged(target, triage.drop(target), "", key)
        case ClearRequested():
            outcome = triage.clear()
            said = f"{outcome.words} · {key('undo')} stages it again"
            return [ShowTriage(), *([Tell(said)] if outcome.what else [])]
        case UndoRequested():
            return _stepped(triage.undo(), "taken back") or [PlanReversal()]
        case RedoRequested():
            return _stepped(triage.steps.redo(), "done again") or [PlanReversal(redo=True)]
    return [ShowTriage()]


def _unmark(triage: Triage, key: Callable[[str], str]) -> list[Effect]:
    count = len(triage.marked)
    if not count:
        return [Tell("no memory is marked")]
    triage.unmark_all()
    said = f"{plural(count, 'mark')} taken away · {key('undo')} gives them back"
    return [ShowTriage(), Tell(said)]


def _stepped(what: str | None, done: str) -> list[Effect]:
    return [] if what is None else [Tell(f"{done}: {what}"), ShowTriage()]


def _delete(triage: Triage, target: Target, key: Callable[[str], str]) -> list[Effect]:
    meant, left_out = meant_by(triage, target)
    pinned = [memory for memory in meant if memory.pinned]
    if pinned and not all(map(triage.goes, pinned)):
        return [AskAboutPinned(target, meant, left_out)]
    return _stage_deletes(triage, target, meant, left_out, key)


def _stage_deletes(
    triage: Triage,
    target: Target,
    memories: tuple[Memory, ...],
    left_out: str,
    key: Callable[[str], str],
) -> list[Effect]:
    outcome = triage.toggle_deletes(target, memories)
    on: list[Effect] = [MoveOn()] if outcome.what and not target.of_marks else []
    return [*on, *_staged(target, outcome, left_out, key)]


def _edit(triage: Triage, event: EditRequested, key: Callable[[str], str]) -> list[Effect]:
    target = event.target
    refused = sum(memory.immutable for memory in target.memories)
    outcome = triage.stage_edits(target, event.kind, event.edit)
    words = f"{plural(refused, 'immutable memory')} left out: delete it and add another"
    effects = _staged(target, outcome, words if refused else "", key, spoken=event.spoken)
    if not outcome.what and not refused:
        effects.append(Tell("nothing was changed"))
    return effects


def _staged(
    target: Target,
    outcome: StagingOutcome,
    left_out: str,
    key: Callable[[str], str],
    *,
    spoken: bool = False,
) -> list[Effect]:
    """Show what was staged, and say it where it is more than the letter in one row tells.

    It is all one notice, for a small terminal shows only the newest.
    """
    lines = [left_out] if left_out else []
    if outcome.what and (spoken or target.of_marks or outcome.replaced):
        lines.append(f"{outcome.words} · {key('undo')} takes it back")
    effects: list[Effect] = [ShowTriage()]
    if lines:
        effects.append(Tell("\n".join(lines), "warning" if left_out else "information"))
    return effects
