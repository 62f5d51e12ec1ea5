"""What a plan says of edits that take a secret out of a text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.model.change import Edit, Update
from mem0_tui.model.counting import plural
from mem0_tui.model.retention import KEPT
from mem0_tui.model.secret import find, may_hold


def redaction_notes(items: Iterable[PlanItem], today: date) -> tuple[str, ...]:
    """Where the secrets stay that *items* take out of texts; empty where they take out none.

    An edit can be taken back, so what was there is kept: whoever wants it gone has to be told.
    """
    count = sum(_takes_secrets_out(item) for item in items)
    if not count:
        return ()
    until = f"{today + KEPT:%Y-%m-%d}"
    return (
        f"the secrets taken out of {plural(count, 'memory')} stay in the history, and until {until}"
        " undo can bring them back: rotate them, or remove such a memory with every trace by"
        " mem0-tui purge",
    )


def _takes_secrets_out(item: PlanItem) -> bool:
    match item.change:
        case Update(edit=Edit(text=str() as text)):
            return any(_count(memory.text) > _count(text) for memory in item.before)
    return False


def _count(text: str) -> int:
    return sum(not hit.example for hit in find(text)) if may_hold(text) else 0
