"""The edit pane: text, type, metadata, expiry and scope beside the original, with what would
change.

Nothing is sent from here: saving stages the edit. Hidden characters are spelled out, never lost.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypeGuard

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label, Static, TextArea

from mem0_tui.model.change import UNSET, Edit
from mem0_tui.model.entity import Scope
from mem0_tui.model.json_text import parse
from mem0_tui.model.memory import Draft, Memory, named_categories
from mem0_tui.model.text import from_editable, one_line, to_editable, visible
from mem0_tui.presenting.edit import edit_lines
from mem0_tui.presenting.masking import MASKED
from mem0_tui.presenting.memory import UNTYPED, scope_name
from mem0_tui.presenting.signs import NEVER
from mem0_tui.presenting.spans import line
from mem0_tui.review.expiry import FORM, expiry_problem, read_expiry
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.modals.confirm import leave_unsaved
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.key_line import KeyLine
from mem0_tui.tui.widgets.plan_lines import PlanLines
from mem0_tui.tui.widgets.scope_fields import ScopeFields

_SECRET = "! holds a secret: the fields show it whole, since only the whole text can be edited"


@dataclass(frozen=True, slots=True)
class EditorFields:
    """What the form holds, read and checked."""

    text: str
    metadata: Mapping[str, Any]
    expires_on: date | None
    categories: tuple[str, ...]
    scope: Scope


class EditMemory(FramedModal[Edit | Draft]):
    """Edits one memory (dismisses with an Edit) or writes a new one (dismisses with a Draft)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "stage", show=True),
    ]

    def __init__(
        self,
        memory: Memory | None,
        *,
        scope: Scope,
        types: Sequence[str],
        today: date,
        files: bool = False,
    ) -> None:
        """*files*: whether the backend takes categories."""
        super().__init__()
        self._files = files
        self._today = today
        self._memory = memory
        self._scope = memory.scope if memory else scope
        self._types = list(types)
        self._before = memory or Memory(id="", text="", scope=scope)
        self._given: tuple[str, ...] = ()
        """What the fields held at first."""

    def title_text(self) -> str:
        if self._memory and self._memory.id:
            return f"Edit {one_line(self._memory.id)}"
        return f"New memory for {scope_name(self._scope)}"

    def keys_text(self) -> str:
        return "Ctrl+S stage   Tab next field   Esc leave"

    def compose(self) -> ComposeResult:
        memory = self._before
        kind = memory.metadata.get("type")
        rest = dict(memory.metadata)
        if _fits_the_field(kind):
            del rest["type"]
        with Vertical(classes="frame frame-large") as frame:
            frame.border_title = Content(self.title_text())
            with Horizontal(id="edit-columns"):
                with Vertical(id="edit-form"):
                    yield TextArea(
                        to_editable(memory.text, even=True),
                        id="edit-text",
                        soft_wrap=True,
                        tab_behavior="focus",
                        compact=True,
                    )
                    yield from self._rows(memory, kind)
                    yield ScopeFields(memory.scope, id="edit-scope")
                    yield Label("metadata (JSON)")
                    yield TextArea(
                        to_editable(json.dumps(rest, indent=2, ensure_ascii=False), even=True),
                        id="edit-metadata",
                        tab_behavior="focus",
                        compact=True,
                    )
                    yield Static("", id="edit-problem", markup=False)
                yield PlanLines(id="edit-preview")
            yield KeyLine(self.keys_text())
        yield KeyFooter()

    def _rows(self, memory: Memory, kind: object) -> ComposeResult:
        """The fields of one line, each with its name before it."""
        with Horizontal(classes="edit-row"):
            yield Label("type")
            yield Input(
                to_editable(kind, even=True) if _fits_the_field(kind) else "",
                id="edit-type",
                placeholder=UNTYPED,
                suggester=SuggestFromList(self._types, case_sensitive=False),
            )
        if self._files:
            with Horizontal(classes="edit-row"):
                yield Label("categories")
                yield Input(
                    to_editable(written_names(memory.categories), even=True),
                    id="edit-categories",
                    placeholder="none (a, b)",
                )
        with Horizontal(classes="edit-row"):
            yield Label("expires")
            yield Input(
                memory.expires_on.isoformat() if memory.expires_on else "",
                id="edit-expires",
                placeholder=f"{NEVER} ({FORM})",
            )

    def on_mount(self) -> None:
        self._given = self._typed()
        self.query_one("#edit-text", TextArea).focus()
        self._refresh_preview()

    def on_text_area_changed(self) -> None:
        self._refresh_preview()

    def on_input_changed(self) -> None:
        self._refresh_preview()

    def _read(self) -> EditorFields | str:
        """The fields, or what is wrong with them."""
        text = from_editable(self.query_one("#edit-text", TextArea).text)
        kind = from_editable(self.query_one("#edit-type", Input).value).strip()
        written = self.query_one("#edit-expires", Input).value.strip()
        raw = from_editable(self.query_one("#edit-metadata", TextArea).text)
        if not text.strip():
            return "a memory needs text"
        if expiry_problem(written, self._today):
            return f"{one_line(written)!r} is not a date: write {FORM}"
        try:
            metadata = parse(raw or "{}")
        except ValueError as error:
            return f"the metadata is not JSON: {one_line(str(error))}"
        if not isinstance(metadata, dict):
            return "the metadata must be a JSON object: { … }"
        if _fits_the_field(metadata.get("type")):
            return "write the type in its own field"
        scope = self.query_one(ScopeFields).read()
        if isinstance(scope, str):
            return scope
        expires_on = read_expiry(written, self._today)
        if kind:
            metadata["type"] = kind
        return EditorFields(text, metadata, expires_on, self._categories(), scope)

    def _categories(self) -> tuple[str, ...]:
        if not self._files:
            return self._before.categories
        names = from_editable(self.query_one("#edit-categories", Input).value)
        kept = self._before.categories
        return kept if names == written_names(kept) else read_names(names)

    def _edit(self, fields: EditorFields) -> Edit:
        before = self._before
        return Edit(
            text=fields.text if fields.text != before.text else None,
            metadata=fields.metadata if dict(fields.metadata) != dict(before.metadata) else None,
            expires_on=fields.expires_on if fields.expires_on != before.expires_on else UNSET,
            categories=fields.categories if fields.categories != before.categories else None,
            scope=fields.scope if fields.scope != before.scope else None,
        )

    def _refresh_preview(self) -> None:
        preview, problem = self.query_one(PlanLines), self.query_one("#edit-problem", Static)
        fields = self._read()
        if isinstance(fields, str):
            problem.update(Content(f"! {fields}"))
            return
        problem.update("")
        edit = self._edit(fields)
        if self._memory is None:
            preview.show_lines([line(("a new memory, stored verbatim", "muted"))])
            return
        as_it_is = MASKED.text(self._memory.text)
        original = [line((part, "muted")) for part in visible(as_it_is).split("\n")]
        if as_it_is != self._memory.text:
            original.insert(0, line((_SECRET, "warning")))
        if edit:
            changes = [line(("what changes", "title")), *edit_lines(self._memory, edit)]
        else:
            changes = [line(("no change yet", "muted"))]
        lines = [*changes, line(), line(("as it is", "title")), *original]
        preview.show_lines(lines, keep_scroll=True)

    def action_save(self) -> None:
        """Stage what the form holds."""
        fields = self._read()
        if isinstance(fields, str):
            self.app.bell()
            return
        if self._memory is None:
            self.dismiss(
                Draft(
                    fields.text,
                    fields.scope,
                    fields.metadata,
                    expires_on=fields.expires_on,
                    categories=fields.categories,
                )
            )
            return
        edit = self._edit(fields)
        self.dismiss(edit or None)

    def action_leave(self) -> None:
        """Leave, after asking when there are unsaved edits."""
        fields = self._read()
        changed = self._edit(fields) if isinstance(fields, EditorFields) else True
        if not changed or self._typed() == self._given:
            self.dismiss(None)
            return
        leave_unsaved(self, "edit")

    def unsaved(self) -> list[str]:
        """What stands in the fields, as one text, where something was typed."""
        typed = self._typed()
        return ["\n".join(typed)] if self.is_attached and typed != self._given else []

    def _typed(self) -> tuple[str, ...]:
        """What stands in each field, as it was typed."""
        fields = self.query_one("#edit-form").query("TextArea, Input")
        return tuple(
            field.text if isinstance(field, TextArea) else field.value
            for field in fields
            if isinstance(field, (TextArea, Input))
        )


def written_names(names: Sequence[str]) -> str:
    """*names* on one line, with commas between; one that holds a comma or quote is quoted."""
    return ", ".join(
        '"' + name.replace('"', '""') + '"' if "," in name or '"' in name else name
        for name in (" ".join(name.split()) for name in names)
    )


def read_names(text: str) -> tuple[str, ...]:
    """The names on a line, see :func:`written_names`."""
    line = " ".join(text.splitlines())
    return named_categories(next(csv.reader([line], skipinitialspace=True), []))


def _fits_the_field(kind: object) -> TypeGuard[str]:
    """Whether a type can be written in the field for it; any other stays among the metadata."""
    return isinstance(kind, str) and kind.strip() == kind and len(kind.splitlines()) == 1
