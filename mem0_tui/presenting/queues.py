"""Why a memory is in a queue, in the few words that a row, a line or a heading has room for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from mem0_tui.detect.suspicion import Suspicion, Tier
from mem0_tui.model.change import Change, Delete, Edit, Merge, Update
from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line
from mem0_tui.presenting.suspicion import LOOK, TITLES, fate


def tier_word(item: Suspicion) -> str:
    """``finding``, or ``worth a look`` where only a person can tell."""
    return "finding" if item.tier is Tier.FINDING else LOOK


def reason(items: Iterable[Suspicion]) -> str:
    """Why, as one safe line; of several reasons each once."""
    return " · ".join(dict.fromkeys(one_line(item.reason) for item in items))


def short_reason(items: Sequence[Suspicion]) -> str:
    """The same for a row, where a question mark stands for what is only worth a look."""
    sure = any(item.tier is Tier.FINDING for item in items)
    return f"{'' if sure else '? '}{reason(items)}"


def fate_word(memory_id: str, items: Iterable[Suspicion]) -> str:
    """What is proposed for one memory, that it stays included; blank where nothing is proposed."""
    return next(filter(None, (fate(item, memory_id)[0] for item in items)), "")


def proposed_words(items: Iterable[Suspicion]) -> str:
    """What is proposed in all, such as ``3 deletes``; blank where nothing is."""
    names = Counter(_name(change) for item in items for change in item.proposal)
    return ", ".join(plural(count, name) for name, count in names.items())


def about_lines(items: Iterable[Suspicion]) -> tuple[str, ...]:
    """One line for each, for the details of a memory: ``Repeats (finding): the same text``."""
    return tuple(
        f"{TITLES[item.queue]} ({tier_word(item)}): {one_line(item.reason)}" for item in items
    )


def _name(change: Change) -> str:
    match change:
        case Delete():
            return "delete"
        case Merge():
            return "merge"
        case Update(edit=Edit(text=None, metadata=None, categories=None, scope=None)):
            return "expiry"
        case Update():
            return "edit"
        case _:
            return "change"
