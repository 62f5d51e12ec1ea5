"""What a plan says of edits that take a secret out of a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.model.change import Edit, Update
from mem0_tui.model.counting import plural
from mem0_tui.model.retention import KEPT
from mem0_tui.model.secret import find, may_hold

SERVER = "the server's own history, logs and backups are out of reach from here and may keep them"
"""What is said of secrets on a backend whose file is not on this machine."""


def redaction_notes(items: Sequence[PlanItem], today: date, *, remote: bool) -> tuple[str, ...]:
    """Where the secrets stay that *items* take out of texts; empty where they take out none.

    An edit can be taken back, so what was there is kept: whoever wants it gone has to be told. A
    redaction reaches all that is ours, and of a *remote* backend nothing else.
    """
    redacts = any(isinstance(item.change, Update) and item.change.redacts for item in items)
    reach = (f"rotate the secrets: {SERVER}",) if redacts and remote else ()
    return (*reach, *_kept(items, today))


def _kept(items: Iterable[PlanItem], today: date) -> tuple[str, ...]:
    count = sum(_takes_secrets_out(item) for item in items)
    if not count:
        return ()
    until = f"{today + KEPT:%Y-%m-%d}"
    return (
        f"the secrets taken out of {plural(count, 'memory')} stay in the history, and until {until}"
        " undo can bring them back: rotate them, or take them out of there with"
        " `mem0-tui edit --redact`",
    )


def _takes_secrets_out(item: PlanItem) -> bool:
    match item.change:
        case Update(edit=Edit(text=str() as text), redacts=False):
            return any(_count(memory.text) > _count(text) for memory in item.before)
    return False


def _count(text: str) -> int:
    return sum(not hit.example for hit in find(text)) if may_hold(text) else 0
