"""What deleting a whole entity, or a part of an app, would remove, before its name is asked for."""

from __future__ import annotations

from mem0_tui.curator.applying.scopes import ScopePreview
from mem0_tui.model.change import DeleteEntity
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import Scope
from mem0_tui.model.text import one_line
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.memory import brief, scope_name, signed_headline, type_name
from mem0_tui.presenting.plan import undo_remarks, warning_line
from mem0_tui.presenting.spans import Line, line

_SHARED = 5
"""Other entities that are named; the others are counted."""
_TEXT = 200
"""Characters of a memory that are shown."""


def what_goes(preview: ScopePreview) -> str:
    """``all memories of app:shop``, ``3 of 5 memories of …``."""
    whole = any(isinstance(item.change, DeleteEntity) for item in preview.plan.items)
    what = "the entity and all its memories" if whole else "all memories"
    if preview.going != preview.total:
        what = f"{preview.going:,} of {plural(preview.total, 'memory')}"
    return f"{what} of {scope_name(preview.scope)}"


def preview_lines(preview: ScopePreview, masking: Masking = MASKED) -> list[Line]:
    """How many of which kind, what to know before, what undo cannot give back, the newest."""
    types = sorted(preview.by_type.items(), key=lambda pair: -pair[1])
    named = " · ".join(f"{type_name(kind)} {count:,}" for kind, count in types)
    total = (plural(preview.total, "memory"), "warning")
    lines = [line(total, f": {named}", indent=2) if named else line(total)]
    if what := _what_it_is(preview.scope):
        lines.append(line(what, indent=2))
    warnings = dict.fromkeys([*preview.plan.notes, *preview.warnings()])
    lines += [warning_line(each) for each in warnings]
    lines += _shared(preview)
    lines += undo_remarks(preview.plan)
    if preview.newest:
        lines += [line(), line(("the newest", "title"))]
        newest = (signed_headline(memory, masking) for memory in preview.newest)
        lines += [line(brief(text, _TEXT), indent=2) for text in newest]
    return lines


def _shared(preview: ScopePreview) -> list[Line]:
    """To whom else the memories belong."""
    shared = list(preview.shared.items())
    lines = []
    for entity, count in shared[:_SHARED]:
        belong = "belongs" if count == 1 else "belong"
        lines.append(warning_line(f"{count:,} of them also {belong} to {one_line(str(entity))}"))
    more = len(shared) - _SHARED
    if more > 0:
        others = f"{more:,} other {'entity' if more == 1 else 'entities'}"
        lines.append(warning_line(f"and some to {others}"))
    return lines


def _what_it_is(scope: Scope) -> str:
    """What the part of an app is that *scope* names; empty for an entity."""
    if len(scope.ids()) < 2 or scope.app_id is None:
        return ""
    app = one_line(scope.app_id)
    whose = f"what {one_line(scope.user_id)} has in {app}" if scope.user_id else ""
    return f"{whose or f'what all users share in {app}'}; only memories with both ids go, by id"
