"""What the curating person has marked, staged and judged; survives filtering and refreshing.

Every change of them is a step that can be taken back, until something is applied. Staging takes
away the marks that it acted on, whatever is staged: the letters in the gutter show the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from typing import TYPE_CHECKING

from mem0_tui.curator.planning.staging import Staged, Staging
from mem0_tui.detect.suspicion import Suspicion
from mem0_tui.model.change import Add, Change, Delete, Edit, Merge, Update, aimed_at
from mem0_tui.model.counting import plural
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.verdict import Judgement
from mem0_tui.review.earlier import Earlier
from mem0_tui.review.queues.judged import Judged
from mem0_tui.review.queues.proposals import Proposals
from mem0_tui.review.staged import StagedKind, letter_of, replaced, replaced_words, words_of
from mem0_tui.review.steps import Steps
from mem0_tui.review.targets import Target

if TYPE_CHECKING:
    from mem0_tui.curator.applying.report import Report


@late_dataclass(frozen=True)
class TriageState:
    """Marks, staged changes and verdicts at one time, as a value."""

    marks: Mapping[str, Memory]
    by_query: frozenset[str]
    staged: Staged
    judged: Mapping[str, Judged]


@late_dataclass(frozen=True)
class StagingOutcome:
    """What came of a key that stages something."""

    what: str
    """``35 deletes staged``; empty where nothing has changed."""
    hidden: int = 0
    """How many of the memories that were acted on the list does not show."""
    replaced: Mapping[StagedKind, int] = field(default_factory=dict)
    """What was staged before and no longer is, other than of the key's own kind."""

    @property
    def words(self) -> str:
        """All of it in one line."""
        parts = [self.what, replaced_words(self.replaced)]
        said = " ".join(part for part in parts if part)
        return f"{said} ({self.hidden:,} of them not shown)" if said and self.hidden else said


@late_dataclass()
class Triage:
    """Marks by memory id, and the staging area."""

    staging: Staging = field(default_factory=Staging)
    marked: dict[str, Memory] = field(default_factory=dict)
    """Marked memories by id, as they were seen."""
    by_query: set[str] = field(default_factory=set)
    """Ids that were marked by query rather than by hand: pinned ones among them are protected."""
    judged: dict[str, Judged] = field(default_factory=dict)
    """The verdicts of this session, by the key of what they are about."""
    steps: Steps[TriageState] = field(init=False)
    """What was marked, staged and judged, step by step."""
    earlier: Earlier = field(default_factory=Earlier)
    """What was judged before something was applied."""

    _letters: dict[str, str] | None = field(init=False, default=None)
    """The gutter letters, until something else is staged."""

    def __post_init__(self) -> None:
        self.steps = Steps(self)
        self.staging.on_change = self._staging_changed

    def _staging_changed(self) -> None:
        self._letters = None

    def snapshot(self) -> TriageState:
        """Marks, staged changes and verdicts as they are."""
        staged = self.staging.snapshot()
        return TriageState(dict(self.marked), frozenset(self.by_query), staged, dict(self.judged))

    def restore(self, state: TriageState) -> None:
        """Put back what :meth:`snapshot` gave."""
        self.marked, self.by_query = dict(state.marks), set(state.by_query)
        self.staging.restore(state.staged)
        self.judged = dict(state.judged)

    # -- before and after something is applied

    def begin_apply(self) -> None:
        """Something is about to be applied: from now on undo is about that, and after it about the
        verdicts that were given before."""
        self.earlier.begin(
            [
                (what, before.judged)
                for what, before, after in self.steps.changes()
                if before.judged != after.judged
            ]
        )
        self.steps.forget()

    def undo(self) -> str | None:
        """Take the last step back; what it was, or None when there is none before which nothing
        was applied."""
        if not self.steps and (given := self.earlier.within_reach()):
            now = self.snapshot()
            self.steps.precede([(what, replace(now, judged=judged)) for what, judged in given])
        return self.steps.undo()

    # -- marks

    def toggle(self, memory: Memory) -> None:
        """Mark a memory by hand, or no longer."""
        with self.steps.step("one mark"):
            if self.marked.pop(memory.id, None) is None:
                self.marked[memory.id] = memory
            self.by_query.discard(memory.id)

    def mark(self, memories: Sequence[Memory], *, by_query: bool) -> None:
        """Mark these too."""
        with self.steps.step(f"marking {plural(len(memories), 'memory')}"):
            for memory in memories:
                if memory.id not in self.marked:
                    self.marked[memory.id] = memory
                    if by_query:
                        self.by_query.add(memory.id)

    def invert(self, memories: Sequence[Memory]) -> None:
        """Mark those of *memories* that are not marked, and no longer those that are."""
        with self.steps.step("turning the marks round"):
            before = [memory.id for memory in memories if memory.id in self.marked]
            self.mark(memories, by_query=True)
            self.unmark(before)

    def unmark(self, memory_ids: Iterable[str]) -> None:
        """Take these marks away."""
        for memory_id in memory_ids:
            self.marked.pop(memory_id, None)
            self.by_query.discard(memory_id)

    def unmark_all(self) -> None:
        """Take all marks away; what is staged stays."""
        with self.steps.step(f"taking {plural(len(self.marked), 'mark')} away"):
            self.marked.clear()
            self.by_query.clear()

    # -- staging

    def toggle_deletes(self, target: Target, memories: Sequence[Memory]) -> StagingOutcome:
        """Stage the deletion of *memories*, which are those of *target* that are to go; where it
        is staged for all of them, take it back."""
        count = plural(len(memories), "delete")
        back = all(isinstance(self.staging.change_of(m.id), Delete) for m in memories)
        what = f"{count} taken back" if back else f"{count} staged"

        def stage() -> None:
            if memories:
                self.staging.toggle_delete(*memories)

        return self._act(target, StagedKind.DELETE, what, stage)

    def stage_edits(
        self, target: Target, kind: StagedKind, edit: Callable[[Memory], Edit | None]
    ) -> StagingOutcome:
        """Stage for each memory of *target* what *edit* makes of it as it is staged.

        Immutable memories are left out, and those for which there is no edit.
        """
        edits = [
            (memory, made)
            for memory in target.memories
            if not memory.immutable and (made := edit(self.draft_of(memory)))
        ]

        def stage() -> None:
            for memory, made in edits:
                self._stage_edit(memory, made)

        return self._act(target, kind, f"{plural(len(edits), kind.value)} staged", stage)

    def stage_merge(
        self, target: Target, merge: Merge, memories: Sequence[Memory]
    ) -> StagingOutcome:
        """Stage *merge* of *memories*, in place of what is staged for them."""
        what = f"merge of {plural(len(memories), 'memory')} staged"

        def stage() -> None:
            self.staging.merge(memories, merge.draft, merge.keep)

        return self._act(target, StagedKind.MERGE, what, stage)

    def propose(self, target: Target | None, proposals: Proposals) -> StagingOutcome:
        """Stage *proposals* for *target*; None stands for a whole queue."""
        what = f"{proposals.words} staged"

        def stage() -> None:
            for change in proposals.changes:
                self._restage(change, [proposals.memories[id_] for id_ in aimed_at(change)])

        return self._act(target or Target(()), None, what, stage)

    def judge(
        self,
        target: Target,
        items: Sequence[Suspicion],
        judgement: Judgement,
        until: date | None = None,
    ) -> str:
        """Give a verdict on *items*, which are what *target* is in its queue for, *until* a day
        where it is one for a while; what was done."""
        what = f"«{judgement.value}» for {plural(len(items), 'item')}"
        with self.steps.step(what):
            self.judged.update({item.key: Judged(item, judgement, until) for item in items})
            if target.of_marks:
                self.marked.clear()
                self.by_query.clear()
        return what

    def drop(self, target: Target) -> StagingOutcome:
        """Take back what is staged for *target*."""
        ids = [memory.id for memory in target.memories]
        count = sum(self.staging.change_of(memory_id) is not None for memory_id in ids)

        def stage() -> None:
            self.staging.unstage(*ids)

        what = f"{plural(count, 'staged change')} taken back"
        outcome = self._act(target, None, what, stage)
        return StagingOutcome(outcome.what, outcome.hidden)

    def clear(self) -> StagingOutcome:
        """Take back everything that is staged."""
        what = f"{plural(len(self.staging), 'staged change')} taken back"
        with self.steps.step(what):
            was_any = bool(self.staging)
            self.staging.clear()
        return StagingOutcome(what if was_any else "")

    def add(self, draft: Draft) -> None:
        """Stage a new memory."""
        with self.steps.step("a new memory"):
            self.staging.add(draft)

    def replace_draft(self, draft: Draft, by: Draft) -> None:
        """Stage another new memory in place of *draft*."""
        with self.steps.step("an edit of a new memory"):
            self.staging.unstage_draft(draft)
            self.staging.add(by)

    def _act(
        self, target: Target, kind: StagedKind | None, what: str, stage: Callable[[], None]
    ) -> StagingOutcome:
        before = self.staging.snapshot()
        with self.steps.step(what):
            stage()
            after = self.staging.snapshot()
            if after == before:
                return StagingOutcome("")
            if target.of_marks:
                self.unmark_all()
        return StagingOutcome(what, target.hidden, replaced(before, after, own=kind))

    def _stage_edit(self, memory: Memory, edit: Edit) -> None:
        if self.goes(memory):
            self.staging.unstage(memory.id)
        self.staging.edit(memory, edit)

    def restage(self, changes: Iterable[tuple[Change, Sequence[Memory]]]) -> None:
        """Stage changes again, each with the memories as they were before it; those of memories
        for which something else is staged are left out."""
        with self.steps.step("staging again what was not applied"):
            for change, before in changes:
                if all(self.staging.change_of(memory.id) is None for memory in before):
                    self._restage(change, before)

    def _restage(self, change: Change, before: Sequence[Memory]) -> None:
        match change:
            case Delete():
                self.staging.toggle_delete(*before)
            case Update(_, edit):
                self.staging.edit(before[0], edit, redacts=change.redacts)
            case Merge(draft, _, keep):
                self.staging.merge(before, draft, keep)
            case Add(draft):
                self.staging.add(draft)

    def done(self, report: Report) -> None:
        """Forget what *report* says was done."""
        from mem0_tui.curator.applying.report import Outcome as Result

        for item in report.items:
            if item.outcome is Result.DONE:
                self.applied([memory.id for memory in item.item.before])
                if isinstance(item.item.change, Add):
                    self.staging.unstage_draft(item.item.change.draft)

    def restage_rest(self, report: Report) -> None:
        """Stage what was not done: its plan is closed, and nothing else remembers it. What was
        done in part is not begun anew."""
        from mem0_tui.curator.applying.report import UNDONE

        self.restage(
            (each.item.change, each.item.before)
            for each in report.items
            if each.outcome in UNDONE and not each.added_id and not each.removed
        )

    def applied(self, memory_ids: Sequence[str]) -> None:
        """Forget what was staged for these memories, and their marks: it has been done."""
        self.staging.unstage(*memory_ids)
        self.unmark(memory_ids)

    # -- what is to be seen of it

    def goes(self, memory: Memory) -> bool:
        """Whether *memory* is staged to be deleted or merged."""
        change = self.staging.change_of(memory.id)
        return isinstance(change, Merge) or self.staging.after(memory) is None

    def draft_of(self, memory: Memory) -> Memory:
        """*memory* with what is staged for it applied; as it is when it is staged to go."""
        seen = self.staging.seen_of(memory.id) or memory
        return self.staging.after(seen) or seen

    def letter(self, memory_id: str) -> str:
        """The gutter letter of what is staged, a blank where nothing is."""
        seen = self.staging.seen_of(memory_id)
        return letter_of(self.staging.change_of(memory_id), seen) if seen else " "

    def letters(self) -> Mapping[str, str]:
        """The gutter letters by memory id; the same mapping as long as the same is staged."""
        if self._letters is None:
            self._letters = {memory_id: self.letter(memory_id) for memory_id in self.staging.seen}
        return self._letters

    def words(self, memory: Memory) -> tuple[str, ...]:
        """What is staged for *memory*, in words."""
        seen = self.staging.seen_of(memory.id) or memory
        return words_of(self.staging.change_of(memory.id), seen)
