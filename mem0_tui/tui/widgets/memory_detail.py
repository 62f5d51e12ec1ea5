"""The detail pane: everything that is known of one memory, safe to look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from mem0_tui.detect.suspicion import Mark
from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import PLUGIN_SOURCE, HistoryEntry, Memory
from mem0_tui.model.page import SearchHit
from mem0_tui.model.text import has_hidden, one_line, visible
from mem0_tui.presenting.age import expiry, when
from mem0_tui.presenting.comparison import marked_lines
from mem0_tui.presenting.edit import beyond_text
from mem0_tui.presenting.masking import MASKED, SHOWN_WHOLE, Masking
from mem0_tui.presenting.memory import flags, grade_word, scope_name, type_name
from mem0_tui.presenting.spans import Line, line
from mem0_tui.presenting.use import use_facts
from mem0_tui.presenting.word_diff import diff_lines
from mem0_tui.tui.colours import TYPE_NAMES, type_class
from mem0_tui.tui.glyphs import draws_ascii
from mem0_tui.tui.keys import KeyContext, bindings, key_for
from mem0_tui.tui.render import headline, score_bar, shorten
from mem0_tui.tui.widgets.text_view import TextView

if TYPE_CHECKING:
    from mem0_tui.evidence.use import Use

_SHOWN = 20_000
"""Characters of a memory shown here; longer ones are opened in the editor."""

_VALUE = 4_000
"""Characters of a value of metadata that are looked at."""

_DAMAGED = (
    "! damaged: this text is not what was stored",
    "  the history below shows earlier texts; `mem0-tui verify` looks at all memories",
)
_PROVENANCE = {
    "source": "source",
    "author": "author",
    "session_id": "session",
    "branch": "branch",
    "git_sha": "commit",
    "dirs": "folders",
    "file": "file",
    "files": "files",
    "files_touched": "files_touched",
}
"""The keys that say where a memory comes from, first and by these names."""


@late_dataclass(frozen=True)
class Details:
    """What the detail pane shows beside the memory itself; None where it is still being read."""

    history: Sequence[HistoryEntry] | None = None
    neighbours: Sequence[SearchHit] | None = None
    successor: Sequence[Memory] | None = None
    """The memory that replaced it; none where that one is gone."""
    damaged: bool = False
    """Whether its text is not what was stored."""
    staged: tuple[str, ...] = ()
    """What is staged for it, in words."""
    why: tuple[str, ...] = ()
    """Why it deserves a look, a line each."""
    marks: tuple[Mark, ...] = ()
    """The parts of its text that this is about."""
    beside: Sequence[Line] = ()
    """How its text differs from that of another of its group."""
    use: Use | None = None
    """What Codex did with it."""
    notes: tuple[str, ...] = field(default=())
    """What the backend cannot tell."""
    masking: Masking = MASKED
    """How much of its secrets is shown."""


class MemoryDetail(TextView):
    """Shows one memory in full."""

    PREFIX = "memory-detail"
    BINDING_GROUP_TITLE = "Detail"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "memory-detail--title",
        "memory-detail--key",
        "memory-detail--muted",
        "memory-detail--warning",
        "memory-detail--removed",
        "memory-detail--added",
        "memory-detail--link",
        *(f"memory-detail--{name}" for name in TYPE_NAMES),
    }

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self._shown_id: str | None = None

    @property
    def keymap(self) -> Mapping[str, str]:
        """The user's own keys, by action id."""
        found: Mapping[str, str] = getattr(self.app, "keymap", {})
        return found

    def show_memory(
        self, memory: Memory | None, details: Details, hit: SearchHit | None = None
    ) -> None:
        """Show *memory* with what is known beside it; None shows how to go on."""
        if memory is None:
            self._shown_id = None
            self.show_lines([line(("Nothing selected.", "muted"))])
            return
        again = memory.id == self._shown_id
        self._shown_id = memory.id
        self.show_lines(self._lines_for(memory, details, hit), keep_scroll=again)

    def _lines_for(self, memory: Memory, details: Details, hit: SearchHit | None) -> list[Line]:
        return [
            *self._heading(memory, hit),
            *(line((f"staged: {entry}", "warning"), indent=2) for entry in details.staged),
            *(line((each, "warning"), indent=2) for each in details.why),
            *(line((each, "warning"), indent=2) for each in _DAMAGED if details.damaged),
            line(),
            *([*details.beside, line()] if details.beside else ()),
            *self._text(memory, details),
            line(),
            *self._facts(memory),
            *self._replaced_by(memory, details),
            *self._use(details),
            *self._metadata(memory, details.masking),
            *self._history(details),
            *self._neighbours(details),
            *(line((note, "muted"), indent=2) for note in details.notes),
        ]

    def _heading(self, memory: Memory, hit: SearchHit | None) -> list[Line]:
        spans = [(type_name(memory.kind), f"type-{type_class(memory.kind)}")]
        spans.extend((f"  {word}", "warning") for word in flags(memory, self._now().date()))
        if hit is not None:
            spans.append((f"  {score_bar(hit)} {grade_word(hit)}", "muted"))
        return [line(*spans)]

    def _text(self, memory: Memory, details: Details) -> list[Line]:
        read, masking = memory.text[:_SHOWN], details.masking
        masked = masking.beginning(memory.text, _SHOWN)[:_SHOWN]
        if details.marks and len(memory.text) <= _SHOWN:
            plain = self.app.no_color or draws_ascii(self.app)
            lines = marked_lines(memory.text, details.marks, masking, bracketed=plain)
        else:
            lines = [line(part) for part in visible(masked).split("\n")]
        hidden = masked != read or any(
            masking.value(key, _said(value)[:_VALUE]) != _said(value)[:_VALUE]
            for key, value in memory.metadata.items()
        )
        if hidden:
            lines.append(line((f"! a secret is masked{self._how_to_show()}", "warning")))
        elif masking is SHOWN_WHOLE:
            lines.append(line(("! secrets are shown until the cursor moves", "warning")))
        more = len(memory.text) - _SHOWN
        if more > 0:
            lines.append(line((f"… {more:,} more characters: press E for your editor", "muted")))
        if has_hidden(memory.text[:_SHOWN]):
            lines.append(
                line(
                    ("! holds characters that a terminal would obey or hide, shown here", "warning")
                )
            )
        return lines

    def _how_to_show(self) -> str:
        """How to see a secret, as the end of a sentence."""
        return ""

    def _facts(self, memory: Memory) -> list[Line]:
        now = self._now()
        facts: list[tuple[str, str]] = [("id", memory.id)]
        facts += [
            (ref.kind.value, one_line(ref.id) + _said_of(ref, memory)) for ref in memory.scope
        ]
        if not memory.scope:
            facts.append(("scope", scope_name(memory.scope)))
        facts.append(("created", when(memory.created_at, now)))
        if memory.updated_at and memory.updated_at != memory.created_at:
            facts.append(("updated", when(memory.updated_at, now)))
        if memory.expires_on:
            facts.append(("expires", expiry(memory.expires_on, now.date())))
        if memory.categories:
            facts.append(("categories", one_line(", ".join(memory.categories))))
        if memory.feedback:
            facts.append(("feedback", one_line(memory.feedback)))
        return [_fact(key, value) for key, value in facts]

    def _use(self, details: Details) -> list[Line]:
        if details.use is None:
            return []
        return [_fact(key, value) for key, value in use_facts(details.use, self._now())]

    def _replaced_by(self, memory: Memory, details: Details) -> list[Line]:
        """What replaced *memory*, and that it is gone where it is."""
        if memory.replaced_by is None:
            return []
        gone = details.successor is not None and not details.successor
        return [_fact("replaced by", one_line(memory.replaced_by) + (" · gone" if gone else ""))]

    def _metadata(self, memory: Memory, masking: Masking) -> list[Line]:
        rest = dict(memory.metadata)
        if memory.type is not None:
            del rest["type"]  # the title says it; one that is no text is shown here
        if not rest:
            return []
        order = [key for key in _PROVENANCE if key in rest]
        order += sorted(key for key in rest if key not in _PROVENANCE)
        lines = [line(), line(("metadata", "title"))]
        for key in order:
            value = masking.value(key, _said(rest[key])[:_VALUE])
            lines.append(_fact(one_line(_PROVENANCE.get(key, key)), shorten(value, 2000)))
        return lines

    def _history(self, details: Details) -> list[Line]:
        if details.history is None:
            return []
        lines = [line(), line(("history", "title"))]
        now = self._now()
        beyond = beyond_text(details.history)
        for entry, there in zip(reversed(details.history), reversed(beyond), strict=True):
            actor = f" by {one_line(entry.actor)}" if entry.actor else ""
            lines.append(line((f"{one_line(entry.event)} {when(entry.at, now)}{actor}", "key")))
            lines.extend(there)
            if entry.old_text is not None and entry.new_text is not None:
                old, new = entry.old_text[:_SHOWN], entry.new_text[:_SHOWN]
                lines.extend(diff_lines(old, new, details.masking))
            for message in entry.input[:6]:
                content = details.masking.beginning(str(message.get("content", "")), 880)
                said = shorten(content, 400)
                lines.append(
                    line((f"  {one_line(str(message.get('role', '?')))}: ", "muted"), said)
                )
        if not details.history:
            lines.append(line(("none recorded", "muted")))
        return lines

    def _neighbours(self, details: Details) -> list[Line]:
        if details.neighbours is None:
            key = key_for("focus.detail", self.keymap)
            return [line(), line((f"{key} shows the nearest memories", "muted"))]
        if not details.neighbours:
            return []
        lines = [line(), line(("nearest", "title"), ("  how alike they are", "muted"))]
        for hit in details.neighbours:
            close = similarity(hit)
            shown = score_bar(hit) if close is None else f"{close:.2f}"
            text = headline(hit.memory.text, 160).rstrip()
            spans = (f"{shown} ", "muted"), (text, "link")
            lines.append(line(*spans, indent=5, link=hit.memory.id))
        return lines


class ListedMemory(MemoryDetail):
    """The memory under the list's cursor, with the list's own keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right",
            "screen.memory_step(1)",
            "next",
            show=True,
            key_display="→",
            tooltip="To the next memory of the list.",
        ),
        Binding(
            "left",
            "screen.memory_step(-1)",
            "previous",
            show=False,
            tooltip="To the memory before.",
        ),
        *bindings(KeyContext.LIST),
    ]

    def _how_to_show(self) -> str:
        return f": {key_for('memory.secrets', self.keymap)} shows it until the cursor moves"

    def _replaced_by(self, memory: Memory, details: Details) -> list[Line]:
        if not details.successor:
            return super()._replaced_by(memory, details)
        successor = details.successor[0]
        text = headline(successor.text, 160).rstrip()
        hint = f" {key_for('memory.follow', self.keymap)} goes there"
        spans = (f"{'replaced by':<12} ", "key"), (text, "link"), (hint, "muted")
        return [line(*spans, indent=13, link=successor.id)]


def _said_of(ref: EntityRef, memory: Memory) -> str:
    """What is to be known of an id of *memory* besides."""
    if ref.kind is EntityKind.AGENT and memory.shared:
        return " · shared by all users of the app"
    by_plugin = memory.metadata.get("source") == PLUGIN_SOURCE
    return " · the session in Codex" if ref.kind is EntityKind.RUN and by_plugin else ""


def _said(value: object) -> str:
    """A value of metadata: texts as they are, a list of texts with commas, the rest as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def similarity(hit: SearchHit) -> float | None:
    """How alike in meaning the hit and what was searched for are, at most 1; None if unknown."""
    semantic = hit.parts.get("semantic")
    return semantic if isinstance(semantic, float) else None


def _fact(key: str, value: str) -> Line:
    return line((f"{key:<12} ", "key"), value, indent=13)
