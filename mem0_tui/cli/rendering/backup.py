"""What a backup did, and what it holds, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mem0_tui.cli.rendering.json_documents import iso
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.curator.backup.message import Counts
from mem0_tui.model.counting import plural

if TYPE_CHECKING:
    from mem0_tui.curator.backup.restoring import RestorePreview
    from mem0_tui.curator.backup.revisions import Revision
    from mem0_tui.curator.backup.saving import LeftOpen, Saved
    from mem0_tui.store.formats.backup import Filed

_SHOWN = 20
"""Memories that are named one by one."""
_TEXT = 72
_SHORT = 10


def saved_lines(output: Output, saved: Saved, command: str) -> Iterator[str]:
    """What became of a backup; *command* is the command line that made it."""
    where = safe(saved.root)
    if saved.committed:
        yield f"{saved.counts}: {plural(saved.memories, 'memory')} in {where} ({_short(saved)})"
    else:
        yield f"nothing changed: {plural(saved.memories, 'memory')} in {where} ({_short(saved)})"
    if saved.masked:
        held = plural(saved.masked, "memory")
        output.note(f"Secrets in {held} are masked; --with-secrets keeps them.")
    for id_ in saved.damaged:
        output.warn(f"memory {safe(id_)} is damaged in the store: the backup keeps what it had")
    conflicts = [each for each in saved.waiting if each.conflict]
    others = len(saved.waiting) - len(conflicts)
    if others:
        as_is = "as it is" if others == 1 else "as they are"
        output.note(f"{plural(others, 'memory')} changed elsewhere: left in the backup {as_is}.")
    if conflicts:
        output.warn(f"{plural(len(conflicts), 'memory')} changed here and elsewhere: not written")
    for line in waiting_lines(output, saved.waiting):
        output.note(line)
    if others:
        output.note(f"To take over what was changed elsewhere: {safe(command)} --merge")
    if conflicts:
        output.note(
            "To decide on what changed on both sides:"
            f" {safe(command)} --merge --theirs, or --merge --ours"
        )


def waiting_lines(output: Output, waiting: list[LeftOpen]) -> Iterator[str]:
    """The memories that differ in the backup, with both texts where both sides changed."""
    for each in waiting[:_SHOWN]:
        filed = each.theirs or each.ours
        yield f"  {_sign(each)} {safe(filed.memory.id) if filed else safe(each.path)}"
        if each.conflict:
            yield f"      here   {_text(output, each.ours)}"
            yield f"      backup {_text(output, each.theirs)}"
        elif filed:
            yield f"      {_text(output, filed)}"
    if len(waiting) > _SHOWN:
        yield f"  … and {len(waiting) - _SHOWN:,} more"


def saved_document(saved: Saved) -> dict[str, Any]:
    """What became of a backup, for ``--json``."""
    return {
        "folder": str(saved.root),
        "revision": saved.revision,
        "committed": saved.committed,
        **saved.counts._asdict(),
        "memories": saved.memories,
        "masked": saved.masked,
        "damaged": saved.damaged,
        "waiting": [waiting_document(each) for each in saved.waiting],
    }


def waiting_document(each: LeftOpen) -> dict[str, Any]:
    """One memory that differs in the backup, for ``--json``."""
    filed = each.theirs or each.ours
    return {
        "id": filed.memory.id if filed else None,
        "file": each.path,
        "conflict": each.conflict,
        "here": each.ours.memory.text if each.ours else None,
        "backup": each.theirs.memory.text if each.theirs else None,
    }


def about(revision: Revision) -> str:
    """Which revision it is, as a person would say it."""
    return f"{revision.id[:_SHORT]} of {revision.at:%Y-%m-%d %H:%M} UTC ({safe(revision.subject)})"


def revision_lines(output: Output, found: Sequence[Revision]) -> Iterator[str]:
    """The revisions of a backup, a line each."""
    for each in found:
        id_ = output.styled(each.id[:_SHORT], "yellow")
        yield f"{id_}  {each.at:%Y-%m-%d %H:%M}  {safe(each.subject)}"


def revisions_document(root: Path, found: Sequence[Revision]) -> dict[str, Any]:
    """The revisions of a backup, for ``--json``."""
    return {"folder": str(root), "revisions": [_revision_document(each) for each in found]}


def _revision_document(revision: Revision) -> dict[str, Any]:
    counts = revision.counts._asdict() if revision.counts else dict.fromkeys(Counts._fields)
    return {
        "revision": revision.id,
        "at": iso(revision.at),
        "subject": revision.subject,
        **counts,
    }


def preview_document(revision: Revision, preview: RestorePreview) -> dict[str, Any]:
    """What a restore or a merge is of and leaves out, for ``--json``."""
    return {
        "revision": revision.id,
        "same": preview.same,
        "left_out": {"masked": list(preview.withheld), "pinned": list(preview.pinned)},
        "conflicts": [waiting_document(each) for each in preview.conflicts],
    }


def _sign(each: LeftOpen) -> str:
    if each.conflict:
        return "!"
    return "-" if each.theirs is None else "~" if each.ours else "+"


def _text(output: Output, filed: Filed | None) -> str:
    if filed is None:
        return "(deleted)"
    shown = safe(output.memory_text(filed.memory.text))
    return shown if len(shown) <= _TEXT else f"{shown[: _TEXT - 1]}…"


def _short(saved: Saved) -> str:
    return (saved.revision or "")[:_SHORT]
