"""The one door to the memories for every front end: look, plan, apply, undo.

Nothing is changed but by applying a plan, and nothing is applied that the journal does not hold.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from mem0_tui.backends.base import Backend, BackendInfo
from mem0_tui.backends.reference import may_mean_another, no_longer_there, whole_ids
from mem0_tui.curator import trash, undo
from mem0_tui.curator.applying import recovery
from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.applying.engine import apply_all
from mem0_tui.curator.applying.redact import known_texts
from mem0_tui.curator.applying.report import Progress, Report
from mem0_tui.curator.planning.maker import Planning
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.planning.target import check_plan, target_of
from mem0_tui.curator.purge.evidence import Roots
from mem0_tui.curator.transfer import ImportPreview, sort_out
from mem0_tui.curator.trash import TrashEntry
from mem0_tui.model.change import Update
from mem0_tui.model.clock import Clock
from mem0_tui.model.errors import (
    NothingToDoError,
    ReadOnlyError,
    RefusedError,
    UnsupportedError,
    UsageError,
)
from mem0_tui.model.memory import Memory
from mem0_tui.model.secret.removal import removal_of, said_in
from mem0_tui.store.erasure.log import Purge
from mem0_tui.store.erasure.purge_log import PurgeLog
from mem0_tui.store.journal import claims
from mem0_tui.store.journal.audits import Audits
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.journal.rows import JournalItem, JournalTarget, Transaction
from mem0_tui.store.journal.verdicts import Verdicts


class Curator(Planning):
    """What can be done with the memories of one backend."""

    def __init__(
        self,
        backend: Backend,
        journal: Journal,
        *,
        clock: Clock,
        read_only: bool = False,
        snapshot_folder: Path,
        roots: Callable[[], Roots] | None = None,
    ) -> None:
        """*snapshot_folder* gets a file before every scope delete; it is made when needed. *roots*
        says where files are that may hold what a memory says; by default that folder, the store's
        file and the journal."""
        super().__init__(backend, clock=clock)
        self.journal = journal
        self.read_only = read_only
        self._snapshot_folder = snapshot_folder
        self._roots = roots

    async def apply(
        self,
        plan: Plan,
        *,
        confirmed_scopes: Collection[str] = (),
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Report:
        """Carry out *plan* and say of every item what became of it.

        Args:
            plan: what to do; items whose memories have changed are refused one by one.
            confirmed_scopes: the entities (``user:kim``) whose names the user has typed.
            progress: told after every item, in this thread.
            cancelled: asked between items whether to stop.

        Raises:
            ReadOnlyError: writing is switched off.
            RefusedError: the plan was made for another backend.
            ConfirmationError: a scope delete without the scope's name.
            AppliedError: the plan was applied before, or what it takes back is taken back.
            UnfinishedError: it undoes or redoes something while another transaction is
                interrupted, or it is aimed at memories of one that is not finished.
            StoreError: the journal cannot be written: nothing more is sent.
        """
        if self.read_only:
            raise ReadOnlyError(f"{self.backend.name} is read-only")
        info = await self.info()
        check_plan(plan, info, confirmed_scopes)
        if not plan:
            return Report(plan.id, ())
        transaction = Transaction(
            id=secrets.token_hex(4),
            at=self.clock.now(),
            target=target_of(info),
            summary=plan.summary,
            undoes=plan.undoes,
            redoes=plan.redoes,
            by_query=plan.by_query and not plan.include_pinned,
            plan_id=plan.id,
        )
        works = [
            ItemRun(
                item,
                JournalItem(transaction.id, n, item.change, item.before, reverses=item.reverses),
            )
            for n, item in enumerate(plan.items)
        ]
        if (root := plan.undoes or plan.redoes) is not None:
            await recovery.close_family(self._context(info), await self.journal.family(root))
        await self.journal.begin(transaction, [work.entry for work in works])
        return await self._carry_out(transaction, info, works, progress, cancelled)

    async def plan_undo(self, transaction_id: str | None = None) -> Plan:
        """The plan that takes back a transaction: the one named, or the last put into effect.

        It covers what was done and has not been taken back. An interrupted transaction is first
        compared with what is really there; it is closed when the plan is applied, and until then
        it can still be resumed. Nothing else is undone while it is not closed.

        Raises:
            UsageError: there is nothing to undo.
            UnfinishedError: another transaction was interrupted and has to be closed first.
            UnsupportedError: nothing of it can be taken back on this backend.
            NotFoundError: there is no such transaction.
            RefusedError: it was applied elsewhere, or is still being applied.
        """
        target = target_of(await self.info())
        if transaction_id is None:
            roots = await undo.roots_to_undo(self.journal, target)
            return await self._reverse(roots, target, redo=False)
        transaction = await self.journal.transaction(transaction_id)
        undo.check_target(transaction, target)
        redo = transaction.undoes is not None  # taking back an undo applies it again
        return await self._reverse([transaction.root], target, redo=redo)

    async def plan_redo(self, transaction_id: str | None = None) -> Plan:
        """The plan that applies again what was undone: the transaction (or undo) named, or the
        last undone one if nothing else was done since.

        Raises:
            UsageError: there is nothing to redo.
            UnfinishedError: another transaction was interrupted and has to be closed first.
            NotFoundError: there is no such transaction.
            RefusedError: it was applied elsewhere, or is still being applied.
        """
        target = target_of(await self.info())
        if transaction_id is None:
            try:
                roots = await undo.roots_to_redo(self.journal, target)
            except UsageError:
                await undo.check_closed(self.journal, target)
                raise
            return await self._reverse(roots, target, redo=True)
        transaction = await self.journal.transaction(transaction_id)
        undo.check_target(transaction, target)
        return await self._reverse([transaction.root], target, redo=True)

    async def interrupted(self) -> tuple[Transaction, ...]:
        """The transactions on this backend that ended before they were finished, newest first."""
        return await recovery.interrupted(self.journal, target_of(await self.info()))

    async def interrupted_purges(self) -> tuple[Purge, ...]:
        """The purges on this backend that were begun and not finished, newest first."""
        return await PurgeLog(self.journal, await self.target()).interrupted()

    async def resume(
        self,
        transaction_id: str,
        *,
        finish: bool = True,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Report:
        """Tell what became of an interrupted transaction, and carry out the rest of it, or with
        *finish* off leave the rest undone.

        Raises:
            RefusedError: it was applied elsewhere, is finished or is still being applied.
            ReadOnlyError: writing is switched off and something is left to do.
        """
        if finish and self.read_only:
            raise ReadOnlyError(f"{self.backend.name} is read-only")
        info = await self.info()
        transaction = await self.journal.transaction(transaction_id)
        undo.check_target(transaction, target_of(info))
        context = self._context(info, guards_pinned=transaction.by_query)
        works = None if transaction.finished else await recovery.take_on(context, transaction)
        if works is None:
            raise RefusedError(f"transaction {transaction.id} is finished")
        if not finish:
            return await recovery.leave(context, transaction, works)
        return await self._carry_out(transaction, info, works, progress, cancelled)

    async def check_new(self, plan: Plan) -> None:
        """Do nothing if *plan* was not applied yet; :meth:`apply` checks it again.

        Raises:
            AppliedError: it was.
            UnfinishedError: it was begun and not finished.
        """
        earlier = await self.journal.of_plan(plan.id)
        if earlier is not None:
            running = not earlier.finished and self.journal.running(earlier.id)
            raise claims.applied(earlier, running=running)

    async def get(self, reference: str) -> Memory:
        """As :meth:`Planning.get`; what the journal knows to be gone is no beginning of an id."""
        memory = await super().get(reference)
        if may_mean_another(reference, memory.id):
            gone = {entry.memory.id for entry in await self.trash()}
            for purge in await PurgeLog(self.journal, await self.target()).purges():
                gone.update(purge.hashes)
            if not gone.isdisjoint(whole_ids(reference)):
                raise no_longer_there(reference)
        return memory

    async def target(self) -> JournalTarget:
        """The backend as the journal names it."""
        return target_of(await self.info())

    async def verdicts(self) -> Verdicts:
        """What people said of this backend's memories."""
        return Verdicts(self.journal, await self.target(), self.clock)

    async def audits(self) -> Audits:
        """How many of this backend's memories deserved a look, day by day."""
        return Audits(self.journal, await self.target(), self.clock)

    async def transactions(self, limit: int | None = 50) -> tuple[Transaction, ...]:
        """What was applied to this backend, newest first."""
        return await self.journal.transactions(limit, target=target_of(await self.info()))

    async def trash(self) -> tuple[TrashEntry, ...]:
        """What was deleted and not put back, newest first: through the app, and where the backend
        keeps it, by anybody."""
        return await trash.entries(self.backend, self.journal, target_of(await self.info()))

    async def plan_restore(self, references: Sequence[str]) -> Plan:
        """The plan that puts back memories from the trash, named by id or its beginning.

        Raises:
            NotFoundError: the trash holds no such memory.
            UsageError: a reference is no id, or begins several.
        """
        await recovery.check_no_purge_is_open(self.journal, await self.target())
        return await self._planned(trash.chosen(await self.trash(), references))

    async def plan_redaction(
        self, memories: Sequence[Memory], *, by_query: bool = False, include_pinned: bool = False
    ) -> Plan:
        """The plan that takes the secrets out of *memories* and out of all that is kept of them;
        what holds none, now or before, is not in it. For the arguments see :meth:`plan`."""
        log = PurgeLog(self.journal, await self.target())
        said = await known_texts(self.backend, log, [memory.id for memory in memories])
        removals = [(m, removal_of((*said_in(m), *said[m.id]))) for m in memories]
        changes = [Update(m.id, found.edit(m), redacts=True) for m, found in removals if found]
        seen = {memory.id: memory for memory in memories}
        return await self.plan(changes, by_query=by_query, include_pinned=include_pinned, seen=seen)

    async def plan_import(
        self, memories: Sequence[Memory], *, overwrite: bool = False, notes: Sequence[str] = ()
    ) -> ImportPreview:
        """The plan that puts in those of *memories* that are not there, with their ids and dates
        where the backend can keep them; a memory with a blank id is added as a new one.

        Run again after it was interrupted, it plans the rest. With *overwrite*, memories whose id
        is in use for another content are edited to be as in the file. *notes* are what there is to
        say of the file; the plan carries them.
        """
        await self.info()  # what a server can do is known once it was asked
        found = await sort_out(self.backend, memories, overwrite=overwrite)
        plan = replace(await self._planned(found.wanted, notes=tuple(notes)), imports=True)
        return ImportPreview(plan, len(memories), found.present, found.conflicts)

    async def _reverse(self, roots: Sequence[str], target: JournalTarget, *, redo: bool) -> Plan:
        """The plan that reverses the first of *roots* of which something is left to reverse."""
        await recovery.check_no_purge_is_open(self.journal, target)
        context = self._context(await self.info())
        side = undo.undone_side if redo else undo.applied_side
        notes: list[str] = []
        for root in roots:
            await undo.check_closed(self.journal, target, root)
            await recovery.reconcile_family(context, await self.journal.family(root))
            found = await undo.reversal(self.backend, self.journal, root, side, target)
            notes += found.notes
            if found.wanted:
                return await self._planned(
                    found.wanted,
                    notes=tuple(notes),
                    undoes=None if redo else root,
                    redoes=root if redo else None,
                )
        await undo.check_closed(self.journal, target)
        if notes:
            raise UnsupportedError("; ".join(notes), hint="")
        raise NothingToDoError(f"there is nothing to {'redo' if redo else 'undo'} here")

    def _context(self, info: BackendInfo, *, guards_pinned: bool = False) -> ApplyContext:
        return ApplyContext(
            self.backend,
            self.journal,
            self.clock,
            info,
            self._snapshot_folder,
            guards_pinned=guards_pinned,
            roots=self._roots() if self._roots else self._own_roots(info),
        )

    def _own_roots(self, info: BackendInfo) -> Roots:
        store = (Path(info.target),) if info.backend == "local" else ()
        folder = self._snapshot_folder
        return Roots((*store, self.journal.path), (folder,), temporary=folder)

    async def _carry_out(
        self,
        transaction: Transaction,
        info: BackendInfo,
        works: Sequence[ItemRun],
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> Report:
        context = self._context(info, guards_pinned=transaction.by_query)
        context.remember(works)
        try:
            await apply_all(context, transaction, works, progress=progress, cancelled=cancelled)
        finally:
            self.journal.abandon(transaction.id)
        reports = tuple(work.report() for work in works)
        return Report(transaction.id, reports, context.redacted)
