"""A review session: what is looked at, marked, staged and applied. Events in, effects out.

It knows no terminal, no backend and no clock. Whoever has them turns keys, answers and progress
into events, and carries out the effects in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.review import marking, placing
from mem0_tui.review.applier import Applier
from mem0_tui.review.effects import (
    ClearNotices,
    Effect,
    ReadRows,
    ShowError,
    ShowHeader,
    ShowPlace,
    ShowTabs,
    ShowTriage,
    Tell,
)
from mem0_tui.review.events import (
    ApplyBegun,
    ApplyDone,
    ApplyProgress,
    ApplySays,
    ApplySent,
    BackRequested,
    Event,
    LinkFollowed,
    Marking,
    MarksHidden,
    PlanBegun,
    PlanEnded,
    Purged,
    RangeBegun,
    Reported,
    StopRequested,
    TabChosen,
    TabForgotten,
    ViewChosen,
)
from mem0_tui.review.loader import Loader
from mem0_tui.review.placing import Placing
from mem0_tui.review.queues import judging
from mem0_tui.review.queues.effects import CountTabs, KeepVerdicts, ScanMemories
from mem0_tui.review.queues.events import ContentsSeen, Judging, ScanAdvanced, ScanEnded
from mem0_tui.review.queues.queues import Queues
from mem0_tui.review.reading import (
    BackendBegun,
    BackendDropped,
    BackendFailed,
    BackendProgress,
    BackendRead,
    ChangesRequested,
    GiveUp,
    InterruptedUnknown,
    LookedAtAgain,
    RevisionSeen,
    RowsEnded,
    RowsExpected,
    RowsPlaced,
    RowsRequested,
    Tick,
    ViewShown,
)
from mem0_tui.review.tabs import Section, Tabs
from mem0_tui.review.trail import Trail
from mem0_tui.review.triage import Triage
from mem0_tui.review.view import BrowseState


class Session:
    """The state of the main screen, whatever draws it."""

    def __init__(
        self,
        tabs: Tabs | None = None,
        *,
        remote: bool = False,
        scans: bool = False,
        key: Callable[[str], str] = lambda action: action,
    ) -> None:
        """*remote* says that others write to the backend without being seen here, *scans* that
        memories are scanned for what deserves a look; *key* gives the key of an action such as
        ``undo``, for what is said."""
        self.view = BrowseState()
        self.tabs = tabs or Tabs()
        self.triage = Triage()
        self.queues = Queues(there=scans)
        self.tabs.show_queues(self.queues.holding)
        self.trail = Trail()
        self.loader = Loader(remote=remote)
        self.applier = Applier()
        self.range_start: int | None = None
        """The row at which a range selection began."""
        self.hidden_marks: frozenset[str] = frozenset()
        """Marked memories that the list does not show."""
        self.covered = False
        """Whether something lies over the screen."""
        self._key = key

    @property
    def words(self) -> str:
        """What is going on, for the header; empty where nothing is."""
        preparing = "preparing (Esc cancels)" if self.applier.preparing else ""
        return self.applier.words or self.loader.words or preparing or self.queues.words

    def handle(self, event: Event) -> list[Effect]:
        """What comes of *event*, to be carried out in this order."""
        if isinstance(event, Marking):
            return [*marking.handle(self.triage, event, self._key), *self._verdicts()]
        if isinstance(event, Placing):
            return placing.handle(self, event)
        if isinstance(event, Judging):
            judged = judging.handle(self.triage, self.queues, event, self._key)
            return [*judged, *self._verdicts()]
        match event:
            case ViewChosen(view, top, section):
                tabs = [] if section is None else self._go_to(section)
                return [*tabs, *self.show_view(view, top=top)]
            case TabChosen(index):
                return self.choose_tab(index)
            case TabForgotten(name):
                index, was = self.tabs.forget(name)
                said = Tell(f"«{name}» is forgotten; it was {was}")
                return [*self.choose_tab(index), said]
            case LinkFollowed(place):
                self.trail.remember(place)
                return []
            case BackRequested():
                left = self.trail.back()
                return [Tell("no link has led here") if left is None else ShowPlace(left)]
            case RangeBegun(row):
                self.range_start = row
                return [ShowTriage()]
            case MarksHidden(ids):
                self.hidden_marks = ids
                return []
        scanning = self._scanning(event)
        return self._reading(event) if scanning is None else scanning

    def _go_to(self, section: Section) -> list[Effect]:
        self.tabs.go_to(section)
        return [ShowTabs()]

    def show_view(self, view: BrowseState, *, top: bool) -> list[Effect]:
        """Take *view* for the one that is wanted; with *top* its first row is meant."""
        if view == self.view:
            return []
        self.view = view
        return self.loader.view_changed(top=top)

    def choose_tab(self, index: int) -> list[Effect]:
        """Go to the tab *index*, counted round."""
        view = self.in_tab(self.view, self.tabs.choose(index))
        self.tabs.show_queues(self.queues.holding)  # the tab that was left may hold nothing
        return [*self.show_view(view, top=True), ShowTabs()]

    def in_tab(self, view: BrowseState, section: Section) -> BrowseState:
        """*view* as the tab *section* shows it."""
        queue = section.queue
        members = self.queues.members(queue) if queue is not None else None
        return replace(view, section=section.query, members=members)

    # -- the queues

    def _verdicts(self) -> list[Effect]:
        """Keep the verdicts that were given, and forget those that were taken back."""
        new, gone = self.queues.judged_anew(self.triage.judged)
        if not new and not gone:
            return []
        kept = KeepVerdicts(new, tuple(each.item for each in gone))
        again = self._scan() if gone else []
        return [kept, *self._queues_changed(), *again]

    def _queues_changed(self) -> list[Effect]:
        """Other memories are in the queues."""
        self.tabs.show_queues(self.queues.holding)
        view = self.in_tab(self.view, self.tabs.chosen) if self.view.members else self.view
        return [*(self.show_view(view, top=False) or [CountTabs()]), ShowTabs()]

    def _scan(self) -> list[Effect]:
        return [ScanMemories()] if self.queues.scan_wanted() else []

    def _scanning(self, event: Event) -> list[Effect] | None:
        """What comes of an event of the scan; None where it is another one."""
        match event:
            case ScanAdvanced(read, total, queues):
                before = self.queues.words
                self.queues.progress(read, total, queues)
                return [ShowHeader()] if self.queues.words != before else []
            case ContentsSeen(contents):
                self.queues.seen(contents)
                return self._queues_changed()
            case ScanEnded():
                again = self.queues.scan_ended()
                return [ShowHeader(), *([ScanMemories()] if again else [])]
        return None

    def _reading(self, event: Event) -> list[Effect]:
        loader, covered, busy = self.loader, self.covered, bool(self.applier.words)
        match event:
            case RowsExpected():
                loader.rows_pending = True
            case RowsRequested():
                return [ReadRows()]
            case RowsPlaced():
                loader.rows_placed()
            case RowsEnded(view, failed):
                loader.rows_read(current=view is self.view, failed=failed)
            case ViewShown():
                return loader.first_view_shown()
            case InterruptedUnknown():
                loader.interrupted_unknown()
            case ChangesRequested():
                return loader.ask_quietly(covered=covered, busy=busy)
            case LookedAtAgain():
                return [*loader.looked_at_again(covered=covered, busy=busy), *self._scan()]
            case BackendBegun(quiet):
                return loader.backend_begun(quiet=quiet)
            case BackendProgress(read, total):
                return loader.backend_progress(read, total, covered=covered)
            case BackendRead():
                return [*loader.backend_read(covered=covered), *self._scan()]
            case BackendFailed(error):
                return [*loader.backend_failed(error, covered=covered), *self._scan()]
            case BackendDropped():
                return [*loader.backend_dropped(covered=covered), *self._scan()]
            case GiveUp():
                return loader.give_up()
            case Tick():
                return loader.tick(covered=covered, busy=busy)
            case RevisionSeen(revision):
                changed = loader.revision_seen(revision, covered=covered)
                return [*changed, *(self._scan() if changed and not loader.reading else [])]
            case _:
                return self._applying(event)
        return []

    def _applying(self, event: Event) -> list[Effect]:
        applier = self.applier
        match event:
            case PlanBegun():
                applier.preparing = True
                return [ShowHeader()]
            case PlanEnded():
                return [ShowHeader()] if applier.prepared() else []
            case ApplyBegun(words, stoppable):
                applier.begin(words, stoppable=stoppable)
                self.triage.begin_apply()
                return [ClearNotices(), ShowHeader()]
            case ApplyProgress(progress):
                applier.progress(progress)
                return [ShowHeader()]
            case ApplySays(words):
                applier.say(words)
                return [ShowHeader()]
            case StopRequested():
                said = applier.stop()
                return [Tell(said)] if said else []
            case ApplySent():
                applier.sent()
                return [ShowHeader()]
            case ApplyDone(error):
                return self._applied(error)
            case Reported():
                return self._reported(event)
            case Purged(ids):
                self.triage.staging.unstage(*ids)
                self.triage.unmark(ids)
                return [ShowTriage()]
        return []

    def _applied(self, error: Mem0TuiError | None) -> list[Effect]:
        """What became of the plan is known without reading it: a server that cannot be read any
        more is told of, and takes no report away."""
        self.applier.read_back()
        self.triage.earlier.ended()
        self.loader.rows_pending = True
        if error is None:
            return [ReadRows(), *self._scan()]
        self.loader.unread = error
        again = f"{self._key('view.refresh')} reads it again"
        words = f"the list may be older than what was applied: {again}"
        return [ShowError(error), Tell(words, "warning"), ReadRows()]

    def _reported(self, event: Reported) -> list[Effect]:
        report = event.report
        self.applier.reported(
            complete=report.complete, retry_after=report.retry_after, now=event.now
        )
        if event.undoing and report.complete:
            self.triage.earlier.taken_back(event.root)
        elif not event.undoing and report.changed:
            self.triage.earlier.applied(event.root)
        if event.staged:
            self.triage.done(report)
        elif event.rest:
            self.triage.restage_rest(report)
        else:
            return []
        return [ShowTriage()]
