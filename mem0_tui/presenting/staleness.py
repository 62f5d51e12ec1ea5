"""What became of the things that a memory names, and the commit that did it, as lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from mem0_tui.evidence.repository.commit import Commit, FileChange, read_commit
from mem0_tui.evidence.staleness.assessed import Assessed, Freshness
from mem0_tui.evidence.staleness.reference import ReferenceKind
from mem0_tui.git.place import RepositoryError
from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line, visible
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.spans import Line, line

if TYPE_CHECKING:
    from mem0_tui.evidence.staleness.service import StaleNames

_SHORT = 8
_LINES, _FILES = 12, 40
"""Lines of a message, and files of a commit, that are shown."""
_ROLES = {
    Freshness.GONE: "warning",
    Freshness.MOVED: "warning",
    Freshness.CHANGED: "key",
    Freshness.FRESH: "added",
    Freshness.UNVERIFIABLE: "muted",
}
_ORDER = list(_ROLES)


def names_lines(assessed: Sequence[Assessed], masking: Masking = MASKED) -> list[Line]:
    """One line for each thing that is named, what is gone first."""
    shown = [each for each in assessed if each.of_repository]
    shown.sort(key=lambda each: _ORDER.index(each.freshness))
    return [_name_line(each, masking) for each in shown]


def _name_line(each: Assessed, masking: Masking) -> Line:
    symbol = each.reference.kind is ReferenceKind.SYMBOL
    name = each.reference.name if symbol else each.path or each.reference.name
    if symbol and each.path:
        name = f"{name} of {each.path}"
    name = one_line(masking.text(name))
    said = one_line(masking.text(_said(each)))
    return line(
        (f"{each.freshness.value:<12} ", _ROLES[each.freshness]),
        name,
        (f"  {said}" if said else "", "muted"),
        indent=13,
    )


def _said(each: Assessed) -> str:
    day = each.at.date().isoformat() if each.at is not None else ""
    by = f"{(each.commit or '')[:_SHORT]}, {day}"
    why = f"; {each.why}: not held against it" if each.stale and each.why else ""
    match each.freshness:
        case Freshness.GONE:
            maybe = f"; {each.target} has the same name" if each.target else ""
            return f"removed by {by}{maybe}{why}"
        case Freshness.MOVED:
            return f"now {each.target}, by {by}{why}"
        case Freshness.CHANGED:
            return f"{plural(each.changes, 'commit')} since, the last {by}"
        case _:
            return each.why


def commit_lines(
    commit: Commit, paths: Collection[str] = (), masking: Masking = MASKED
) -> list[Line]:
    """*commit*, with the files that it is shown for, those at *paths*, before the others."""
    at = f"{commit.at:%Y-%m-%d %H:%M} UTC"
    lines = [
        line(("commit ", "key"), (commit.id, "id")),
        line((f"{at}  {one_line(masking.text(commit.author))}", "muted")),
        line(),
    ]
    message = visible(masking.text(commit.message)).split("\n")
    lines += [line(f"  {text}", indent=2) for text in message[:_LINES]]
    if len(message) > _LINES:
        lines.append(line((f"  … and {plural(len(message) - _LINES, 'line')} more", "muted")))
    lines.append(line())
    meant = [each for each in commit.changes if _concerns(each, paths)]
    rest = [each for each in commit.changes if each not in meant]
    lines += [_change_line(each, True, masking) for each in meant[:_FILES]]
    shown = rest[: max(0, _FILES - len(meant))]
    lines += [_change_line(each, False, masking) for each in shown]
    more = len(meant) + len(rest) - len(meant[:_FILES]) - len(shown)
    if more > 0:
        lines.append(line((f"  … and {plural(more, 'file')} more", "muted")))
    return lines


def _concerns(change: FileChange, paths: Collection[str]) -> bool:
    return any(change.path == path or change.path.startswith(f"{path}/") for path in paths)


def _change_line(change: FileChange, meant: bool, masking: Masking) -> Line:
    role = {"D": "removed", "A": "added"}.get(change.kind, "") if meant else "muted"
    name = change.path if change.target is None else f"{change.path} → {change.target}"
    return line((f"{change.kind} ", role), (one_line(masking.text(name)), role), indent=2)


def look_at_names(names: StaleNames, memory_id: str) -> list[Line]:
    """What a memory names and the commit that it is stale by; nothing where it names nothing that
    is known. Reads the commit, in at most a few seconds."""
    assessed = names.of(memory_id)
    lines = names_lines(assessed)
    told = _commit_of(assessed)
    folder = names.checkout_of(memory_id)
    if told is None or folder is None:
        return lines
    id_, paths = told
    try:
        shown = commit_lines(read_commit(folder, id_), paths)
    except (RepositoryError, OSError) as error:
        shown = [line((f"{id_[:_SHORT]} cannot be shown: {one_line(str(error))}", "warning"))]
    return [*lines, line(), *shown]


def _commit_of(assessed: Sequence[Assessed]) -> tuple[str, frozenset[str]] | None:
    """The commit to show, and the paths that it is shown for: what is held against the memory
    first, what is gone before what was moved, and that before what has only changed."""
    told = [each for each in assessed if each.commit is not None]
    if not told:
        return None
    first = min(told, key=lambda each: (not each.counts, _ORDER.index(each.freshness)))
    paths = (each.path for each in told if each.commit == first.commit)
    return first.commit or "", frozenset(path for path in paths if path is not None)
