"""What was read of a file: its memories, and what could not be taken over as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line

_NAMED = 5
"""Rows that a line about a file names; the rest is counted."""
_DETAIL = 40
"""Characters shown of a value."""
_KINDS = 20
"""Lines about one file."""


class Remark(NamedTuple):
    """Something about a row of a file that a person should know before it is imported."""

    row: int
    """Counted from 1: the entry of a list, the line of a file of lines."""
    what: str
    detail: str = ""
    """The value that it is about, as it stands in the file."""
    left_out: bool = False
    """Whether the row is not imported at all."""
    expected: bool = False
    """Whether leaving it out is what the file asks for: it is deleted there."""


class Owned(NamedTuple):
    """A memory and whether the file says all there is to say about whose it is."""

    memory: Memory
    row: int
    whole: bool = False
    """Whether it is to stay as it is, also without an owner: an export of this program's."""


@dataclass(slots=True)
class Reading:
    """What was read of one file."""

    format: str
    """What the file is, in words."""
    found: list[Owned] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is to be said of the file as a whole."""
    rows: int = 0
    """How many rows the file has, those left out included."""

    @property
    def damaged(self) -> bool:
        """Whether rows are left out because they could not be understood."""
        return any(remark.left_out and not remark.expected for remark in self.remarks)

    def drop_repeats(self) -> None:
        """Keep the first memory of each id; those that repeat one are remarked on."""
        first: dict[str, Owned] = {}
        kept: list[Owned] = []
        for each in self.found:
            known = first.get(each.memory.id) if each.memory.id else None
            if known is None:
                first.setdefault(each.memory.id, each)
                kept.append(each)
                continue
            same = known.memory.content_hash == each.memory.content_hash
            what = "it repeats" if same else "it has the id, but not the content, of"
            self.remarks.append(
                Remark(each.row, f"left out: {what} an earlier row", each.memory.id, True, same)
            )
        self.found = kept


def remark_lines(remarks: Iterable[Remark]) -> Iterator[str]:
    """The remarks in a few lines: one for each thing that is said, with the rows it is about."""
    about: dict[str, list[Remark]] = {}
    for remark in remarks:
        about.setdefault(remark.what, []).append(remark)
    for what, same in list(about.items())[:_KINDS]:
        yield f"{'row' if len(same) == 1 else 'rows'} {_rows(same)}: {what}"
    if len(about) > _KINDS:
        rest = sum(len(same) for same in list(about.values())[_KINDS:])
        yield f"and {rest:,} more remarks of {len(about) - _KINDS:,} other kinds"


def _rows(remarks: list[Remark]) -> str:
    named = [_row(remark) for remark in remarks[:_NAMED]]
    if len(remarks) > _NAMED:
        return f"{', '.join(named)} and {len(remarks) - _NAMED:,} more"
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _row(remark: Remark) -> str:
    detail = one_line(remark.detail)
    if len(detail) > _DETAIL:
        detail = detail[: _DETAIL - 1] + "…"
    return f"{remark.row:,} ({detail})" if detail else f"{remark.row:,}"
