"""What a session asks for: data that whoever has a terminal and a backend carries out."""

from __future__ import annotations

from typing import Literal

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Memory
from mem0_tui.model.value import Value
from mem0_tui.review.queues.effects import (
    AskAboutProposals,
    CountTabs,
    KeepVerdicts,
    NextItem,
    ScanMemories,
)
from mem0_tui.review.targets import Target
from mem0_tui.review.trail import Place

Severity = Literal["information", "warning", "error"]


class ReadRows(Value):
    """Read the rows of the view, and what is counted around them."""

    only_view: bool = False
    """Nothing but the view is another: scopes and totals are what they were."""


class ReadBackend(Value):
    """Read the memories from where they really are."""

    changes_only: bool = False
    """Only what one page shows to have changed."""


class ReadRevision(Value):
    """Look whether anybody has changed something."""


class StopReading(Value):
    """Give up on a backend that is being read."""


class Begin(Value):
    """The first rows are on the screen: what waited for them may start."""


class AskAboutInterrupted(Value):
    """Ask what becomes of plans and purges that were cut off."""


class AskAboutPinned(Value):
    """Ask whether pinned memories are to be deleted, too; the answer is a :class:`StageDeletes`."""

    target: Target
    meant: tuple[Memory, ...]
    """What would be staged, pinned ones included."""
    left_out: str
    """What was left out already, in words."""


class PlanReversal(Value):
    """Show the plan that takes back what was applied last, or with *redo* applies it again."""

    redo: bool = False


class MoveOn(Value):
    """Put the cursor on the next memory."""


class ShowTriage(Value):
    """Bring gutter, header and detail up to date: marks or staged changes are others."""


class ShowTabs(Value):
    """Bring the tabs up to date."""


class ShowPlace(Value):
    """Show the box, the tab and the row of a place that was left."""

    place: Place


class ShowRow(Value):
    """Put the cursor on the row with this key, if it is among those shown."""

    key: int


class ShowHeader(Value):
    """Bring the header up to date."""


class ShowReading(Value):
    """Say how far the reading is: in the header, and in the list while it is empty."""


class Tell(Value):
    """Say something in a short notice; its text is data, never markup."""

    text: str
    severity: Severity = "information"
    title: str = ""


class ClearNotices(Value):
    """Take the notices away: they told of what is now being done."""


class ShowError(Value):
    """Say what went wrong and how to go on."""

    error: Mem0TuiError


Effect = (
    ReadRows
    | ReadBackend
    | ReadRevision
    | StopReading
    | Begin
    | AskAboutInterrupted
    | AskAboutPinned
    | PlanReversal
    | MoveOn
    | ScanMemories
    | KeepVerdicts
    | AskAboutProposals
    | CountTabs
    | NextItem
    | ShowTriage
    | ShowTabs
    | ShowPlace
    | ShowRow
    | ShowHeader
    | ShowReading
    | Tell
    | ClearNotices
    | ShowError
)
