"""The queues: the scan behind them, verdicts, and what is proposed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from mem0_tui.detect.suspicion import GONE, MOVED, Queue
from mem0_tui.model.change import aimed_at
from mem0_tui.model.counting import plural
from mem0_tui.model.verdict import Judgement
from mem0_tui.presenting.queues import about_lines, proposed_words, reason, tier_word
from mem0_tui.presenting.suspicion import TITLES
from mem0_tui.review.queues.contents import contents_of
from mem0_tui.review.queues.effects import AskAboutProposals, KeepVerdicts
from mem0_tui.review.queues.events import (
    ContentsSeen,
    ProposalsAccepted,
    ProposalsChosen,
    QueueAccepted,
    ScanAdvanced,
    ScanEnded,
    VerdictGiven,
    VerdictsLost,
)
from mem0_tui.review.queues.rows import QueueWindow
from mem0_tui.tui.controllers.controller import Act, Controller
from mem0_tui.tui.keys import key_for
from mem0_tui.tui.runtime.key_queue import KeyQueue
from mem0_tui.tui.runtime.threads import only_young_collected
from mem0_tui.tui.widgets.reason_line import ReasonLine, ReasonStatus

if TYPE_CHECKING:
    from datetime import date

    from mem0_tui.detect.review_queues import ReviewQueues, ScanProgress
    from mem0_tui.detect.suspicion import Suspicion
    from mem0_tui.model.memory import Memory
    from mem0_tui.review.queues.rows import QueueRow
    from mem0_tui.review.targets import Target
    from mem0_tui.tui.screens.browse import BrowseScreen

_REST = 0.15
"""Seconds without a key after which the scan goes on."""
_LOOK = 0.03
ACTIONS = ("queue.keep", "queue.snooze", "queue.done", "queue.accept", "queue.accept-all")
"""What is done in a queue: the footer shows these first there."""
_OF_GROUPS = (*ACTIONS, "memory.merge", "plan.open")
"""As much where groups are looked at, one of whose members may take up the others."""
_HEAVY = ("mem0_tui.detect.review_queues", "mem0_tui.detect.registry")
"""Modules that take long to import, so that it is done beside the loop."""


class QueueController(Controller):
    """What deserves a look, and what a person says of it."""

    def __init__(self, screen: BrowseScreen) -> None:
        super().__init__(screen)
        self._service: ReviewQueues | None = None
        self._batches: dict[str, int] = {}
        """By the key of what was judged, under which number the verdict is kept."""
        self._kept = 0
        """How often verdicts were given or taken back."""
        self._keeping = asyncio.Lock()
        self._shown_keys: tuple[str, ...] = ()
        self._said = ("", "")
        """What is proposed for the row that was last shown, behind its key."""

    def actions(self) -> Mapping[str, Act]:
        keep, done = Judgement.KEEP, Judgement.DONE
        return {
            "queue.keep": lambda: self._when_scanned(lambda t: self._judge(t, keep)),
            "queue.done": lambda: self._when_scanned(lambda t: self._judge(t, done)),
            "queue.snooze": lambda: self._when_scanned(self._ask_until),
            "queue.accept": lambda: self.screen.controllers.stage.on_target(self._accept),
            "queue.accept-all": self._accept_all,
        }

    @property
    def queue(self) -> Queue | None:
        """The queue whose tab is shown."""
        members = self.session.view.members
        return members.queue if members is not None else None

    @property
    def foremost(self) -> tuple[str, ...]:
        """The actions that are meant for what is shown."""
        if self.queue is None:
            return ()
        if self.queue in (Queue.REPEATS, Queue.CONFLICTS):
            return _OF_GROUPS
        return ACTIONS if self.queue is not Queue.INBOX else ACTIONS[:3]

    def show_keys(self) -> None:
        """Have the footer show the keys that are meant for what is shown."""
        if self.foremost != self._shown_keys:
            self._shown_keys = self.foremost
            self.screen.refresh_bindings()

    # -- the scan

    def scan(self) -> None:
        """Look through the memories, beside everything else."""
        if self.parts.queues is not None:
            self.screen.read("scan", self._scan())

    async def _scan(self) -> None:
        try:
            with only_young_collected():
                await self._scan_through()
        finally:
            if self.screen.is_attached:
                self.screen.send(ScanEnded())

    async def _scan_through(self) -> None:
        read_all = False

        def tell(progress: ScanProgress) -> None:
            nonlocal read_all
            read_all = read_all or not progress.queues
            self.screen.send(ScanAdvanced(progress.read, progress.total, progress.queues))

        service = await self._ready()
        contents, before = None, -1
        while contents is None or before != self._kept:  # verdicts meanwhile count, too
            before = self._kept
            async with self._keeping:
                pass
            contents = await asyncio.to_thread(contents_of, await service.scan(tell))
        if read_all and self.parts.scanned is not None:
            self.parts.scanned()
        self._said = ("", "")
        self.screen.send(ContentsSeen(contents))

    async def _ready(self) -> ReviewQueues:
        if self._service is None:
            await asyncio.to_thread(lambda: [import_module(name) for name in _HEAVY])
            assert self.parts.queues is not None, "there is a scan only where there are queues"
            self._service = self.parts.queues(self._pause)
        return self._service

    async def _pause(self) -> None:
        """Let keys, and what they bring, go first."""
        await asyncio.sleep(0)
        app = self.screen.app
        while isinstance(app, KeyQueue) and app.is_busy_with_keys(_REST):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK)

    # -- verdicts

    def _when_scanned(self, act: Callable[[Target], None]) -> Awaitable[None] | None:
        if self.parts.queues is None:
            self.screen.tell("no verdicts are kept here")
        elif not self.session.queues.scanned:
            self.screen.tell("the memories are still being looked through")
        else:
            return self.screen.controllers.stage.on_target(act)
        return None

    def _items(self, target: Target) -> tuple[Suspicion, ...]:
        """What *target* is in the queue for."""
        memories, queues = self.screen.memories, self.session.queues
        why = memories.rows.why(memories.cursor)
        if not target.of_marks and why is not None:
            return why.items
        return queues.of(self.queue, {memory.id for memory in target.memories})

    def _judge(self, target: Target, judgement: Judgement, until: date | None = None) -> None:
        spoken = self.queue is None
        items = self._items(target)
        self.screen.send(VerdictGiven(target, items, judgement, until, spoken))

    def _ask_until(self, target: Target) -> None:
        from mem0_tui.review.queues.snooze import FORM, OFFERED, read_snooze, snooze_problem
        from mem0_tui.tui.modals.prompt import Prompt

        day = self.parts.now().date()
        memories = self.screen.memories
        why = memories.rows.why(memories.cursor)
        grouped = not target.of_marks and why is not None and why.grouped
        what = "this group" if grouped else target.words

        def chosen(text: str | None) -> None:
            if text is not None:
                self._judge(target, Judgement.SNOOZE, read_snooze(text, day))

        self.screen.app.push_screen(
            Prompt(
                "Snooze",
                f"When {what} is to be looked at again: one of these, {FORM}.",
                value=next(iter(OFFERED)),
                choices=list(OFFERED),
                check=lambda text: snooze_problem(text, day),
                announces_new=False,
            ),
            chosen,
        )

    def keep(self, effect: KeepVerdicts) -> None:
        """Write verdicts down, and take others back."""
        self._kept += 1
        self.screen.write(self._keep(effect))

    async def _keep(self, effect: KeepVerdicts) -> None:
        async with self._keeping:
            service = await self._ready()
            batches = {self._batches.pop(item.key, None) for item in effect.forgotten}
            for batch in sorted(batch for batch in batches if batch is not None):
                await service.take_back(batch)
            by_verdict: dict[tuple[Queue, Judgement, date | None], list[Suspicion]] = {}
            for each in effect.judged:
                of = (each.item.queue, each.judgement, each.until)
                by_verdict.setdefault(of, []).append(each.item)
            for (queue, judgement, until), items in by_verdict.items():
                ids = list(dict.fromkeys(id_ for item in items for id_ in item.ids))
                try:
                    number = await service.judge([queue], ids, judgement, until)
                except BaseException:
                    self.screen.send(VerdictsLost(tuple(items)))
                    raise
                if number is not None:
                    self._batches.update((item.key, number) for item in items)

    def next_item(self) -> None:
        """Put the cursor on the next thing that is to be decided."""
        memories = self.screen.memories
        if not isinstance(memories.rows, QueueWindow) or self.queue is None:
            memories.move(1)
            return
        handled = self.session.queues.handled(self.queue, self._staged)
        at = memories.rows.following(memories.cursor, handled)
        if at is not None:
            memories.move_to(at)

    @property
    def _staged(self) -> Collection[str]:
        return self.session.triage.letters()

    # -- proposals

    def _accept(self, target: Target) -> None:
        if not isinstance(self.screen.memories.rows, QueueWindow):
            keys = f"{key_for('section.previous', self.parts.keymap)} and"
            keys = f"{keys} {key_for('section.next', self.parts.keymap)}"
            self.screen.tell(f"nothing is proposed here: {keys} go to the queues")
            return
        items = self._items(target)
        marked = {memory.id for memory in target.memories} if target.of_marks else None
        self.screen.open_with(self._accept_items(target, items, marked))

    async def _accept_items(
        self, target: Target, items: tuple[Suspicion, ...], marked: set[str] | None
    ) -> None:
        memories = await self._aimed_at(items)
        shown = self._shown() if marked is None else marked
        self.screen.send(ProposalsAccepted(target, items, memories, shown))

    def _accept_all(self) -> None:
        if self.queue is None or not isinstance(self.screen.memories.rows, QueueWindow):
            self._accept_nowhere()
        else:
            self.screen.open_with(self._accept_queue(self.queue))

    def _accept_nowhere(self) -> None:
        self.screen.tell("nothing is proposed here: a queue's tab shows proposals")

    async def _accept_queue(self, queue: Queue) -> None:
        shown = self._shown()
        items = self.session.queues.of(queue, shown)
        self.screen.send(QueueAccepted(items, await self._aimed_at(items), shown))

    def _shown(self) -> frozenset[str]:
        rows = self.screen.memories.rows
        ids = rows.queue_rows if isinstance(rows, QueueWindow) else ()
        return frozenset(row.memory_id for row in ids)

    async def _aimed_at(self, items: tuple[Suspicion, ...]) -> Mapping[str, Memory]:
        """The memories that *items* propose to change, as they are now, by id."""
        ids = {id_ for item in items for change in item.proposal for id_ in aimed_at(change)}
        keys = await self.parts.library.keys_of(sorted(ids))
        found = await self.parts.library.memories(list(keys.values()))
        return {memory.id: memory for memory in found.values()}

    def ask(self, question: AskAboutProposals) -> None:
        """Show what would be staged of the whole queue."""
        from mem0_tui.tui.modals.confirm import Confirm

        proposals = question.proposals
        name = TITLES[self.queue] if self.queue is not None else ""
        lines = [f"{plural(proposals.items, 'finding')}: {proposals.words}."]
        if proposals.left_out:
            lines.append(f"{proposals.left_out_words}.")
        if question.looks:
            lines.append(f"{question.looks:,} only worth a look: not touched.")
        lines.append("Stage them? Nothing is sent before you have seen the plan.")

        def answered(yes: bool | None) -> None:
            if yes:
                self.screen.send(ProposalsChosen(proposals))

        confirm = Confirm(f"Accept all: {name}", "\n".join(lines), yes="Stage", no="Cancel")
        self.screen.app.push_screen(confirm, answered)

    # -- what is shown

    def show_reason(self) -> None:
        """Bring the line below the list up to date."""
        queue, queues, memories = self.queue, self.session.queues, self.screen.memories
        self.screen.query_one("#list-pane").set_class(queue is not None, "-queue")
        if queue is None:
            return
        why = memories.rows.why(memories.cursor)
        progress, ended = "", False
        if queue is not Queue.INBOX and queues.scanned:
            state = queues.progress_of(queue, self._staged)
            progress, ended = state.words, not state.left
        status = ReasonStatus(progress=progress, ended=ended)
        if why is not None:
            status = ReasonStatus(
                tier=tier_word(why.items[0]) if why.has_reason else "",
                sure=why.sure,
                reason=reason(why.items) if why.has_reason else self._unreviewed(why.memory_id),
                key=key_for("queue.accept", self.parts.keymap),
                proposal=self._proposed(why),
                progress=progress,
                ended=ended,
            )
        self.screen.query_one(ReasonLine).status = status

    def _proposed(self, why: QueueRow) -> str:
        """What is proposed for a row; of a large group that is not counted anew for each."""
        if self._said[0] != why.key:
            self._said = why.key, proposed_words(why.items)
        return self._said[1]

    def _unreviewed(self, memory_id: str) -> str:
        """That a memory was not reviewed yet, and in which queues it is besides."""
        queues = dict.fromkeys(item.queue for item in self.session.queues.about(memory_id))
        names = ", ".join(TITLES[queue] for queue in queues)
        return "not reviewed yet" + (f" · in {names}" if names else "")

    def about(self, memory_id: str) -> tuple[str, ...]:
        """Why a memory deserves a look, a line each."""
        key = key_for("memory.follow", self.parts.keymap)
        items = self.session.queues.about(memory_id)
        return tuple(
            f"{text} · {key} shows the commit" if item.label in (GONE, MOVED) else text
            for item, text in zip(items, about_lines(items), strict=True)
        )
