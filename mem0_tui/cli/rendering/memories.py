"""Shows memories: as a table with one line each, or one of them with everything about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from mem0_tui.cli.rendering.layout import Cell, Column, cells, cut, table, wrap
from mem0_tui.cli.rendering.output import Output, safe, safe_lines
from mem0_tui.model.entity import EntityKind
from mem0_tui.model.memory import PLUGIN_CATEGORIES, PROTOCOL_TYPES, Memory
from mem0_tui.model.page import Grade, SearchHit
from mem0_tui.presenting.age import age, expiry, when
from mem0_tui.presenting.memory import flags, headline, scope_name, type_name
from mem0_tui.presenting.signs import MISSING, PINNED
from mem0_tui.presenting.use import use_facts

if TYPE_CHECKING:
    from mem0_tui.evidence.use import Use, Uses

_STYLES = ("green", "cyan", "red", "magenta", "blue", "yellow", "dim")
_TYPE_STYLES = {
    **dict(zip(PROTOCOL_TYPES, _STYLES, strict=True)),
    **dict(zip(PLUGIN_CATEGORIES, ("blue", "green", "cyan", "red", "dim"), strict=True)),
}
_GRADES = {Grade.STRONG: "●●●", Grade.GOOD: "●●○", Grade.WEAK: "●○○", Grade.MORE: "○○○"}
FLAGS = ((PINNED, "pinned"), ("†", "expired"), ("≫", "superseded"))


def type_style(name: str | None) -> str:
    """The colour of a kind; it is always shown beside the kind's name."""
    return _TYPE_STYLES.get(name or "", "dim" if name is None else "")


def short_ids(memories: Sequence[Memory]) -> dict[str, str]:
    """The shortest beginnings (of at least eight characters) that tell these ids apart."""
    ids = {memory.id for memory in memories}
    for length in range(8, 36, 4):
        short = {id_: id_[:length] for id_ in ids}
        if len(set(short.values())) == len(ids):
            return short
    return {id_: id_ for id_ in ids}


def signs(memory: Memory, now: datetime) -> str:
    """The signs of what is special about *memory*."""
    found = PINNED if memory.pinned else ""
    found += "†" if memory.expired(now.date()) else ""
    return found + ("≫" if memory.replaced_by is not None else "")


def memory_table(
    output: Output, memories: Sequence[Memory], now: datetime, uses: Uses | None = None
) -> list[str]:
    """One line per memory: id, age, kind, whose it is where that differs, text; with *uses* how
    often Codex was given it, and when last."""
    scopes = varying_kinds(memories)
    if output.width < 90:
        scopes = scopes[:1] if output.width >= 76 else []
    short = short_ids(memories)
    flagged = any(signs(memory, now) for memory in memories)
    columns = [Column("ID", style="yellow", limit=36), Column("AGE", right=True, style="dim")]
    columns += [Column("KIND", limit=16)]
    columns += [Column(kind.upper(), limit=14, style="dim") for kind in scopes]
    if uses is not None:
        columns += [Column("GIVEN", right=True), Column("LAST", right=True, style="dim")]
    columns += [Column("", style="yellow")] if flagged else []
    columns += [Column("MEMORY")]
    rows: list[list[str | Cell]] = []
    for memory in memories:
        row: list[str | Cell] = [
            safe(short[memory.id]),
            age(memory.created_at, now),
            Cell(type_name(memory.kind), type_style(memory.kind)),
            *(safe(memory.scope.get(kind) or MISSING) for kind in scopes),
        ]
        if uses is not None:
            use = uses.of(memory)
            given = MISSING if use.given is None else f"{use.given}×"
            row += [given, age(use.last, now)]
        row += [signs(memory, now)] if flagged else []
        rows.append([*row, headline(memory.text, output.masking)])
    return table(output, columns, rows)


def legend(memories: Sequence[Memory], now: datetime) -> str:
    """What the signs in a table of *memories* mean; empty where there are none."""
    used = "".join(signs(memory, now) for memory in memories)
    return "  ".join(f"{sign} {word}" for sign, word in FLAGS if sign in used)


def varying_kinds(memories: Sequence[Memory]) -> list[EntityKind]:
    """The entity kinds in which these memories differ, the most telling first."""
    order = (EntityKind.APP, EntityKind.USER, EntityKind.AGENT, EntityKind.RUN)
    return [kind for kind in order if len({memory.scope.get(kind) for memory in memories}) > 1][:2]


def common_scope(memories: Sequence[Memory]) -> str:
    """The entities that all of these memories share, as one safe line."""
    if not memories:
        return ""
    shared = set(memories[0].scope)
    for memory in memories[1:]:
        shared &= set(memory.scope)
    return safe(" ".join(str(entity) for entity in sorted(shared)))


def hit_table(output: Output, hits: Sequence[SearchHit], now: datetime) -> list[str]:
    """One line per hit: how far it stands out, id, age, kind, text."""
    short = short_ids([hit.memory for hit in hits])
    best = max((hit.score for hit in hits), default=0.0)
    columns = [
        Column("MATCH", style="green"),
        Column("ID", style="yellow", limit=36),
        Column("AGE", right=True, style="dim"),
        Column("KIND", limit=16),
        Column("MEMORY"),
    ]
    rows: list[list[str | Cell]] = [
        [
            match_sign(hit, best),
            safe(short[hit.memory.id]),
            age(hit.memory.created_at, now),
            Cell(type_name(hit.memory.kind), type_style(hit.memory.kind)),
            headline(hit.memory.text, output.masking),
        ]
        for hit in hits
    ]
    return table(output, columns, rows)


def match_sign(hit: SearchHit, best: float) -> str:
    """The grade in dots and a word, or a bar relative to the best hit where there is no grade."""
    if hit.grade is not None:
        return f"{_GRADES[hit.grade]} {hit.grade}"
    filled = round(8 * hit.score / best) if best > 0 else 0
    return "▮" * filled + "▯" * (8 - filled)


def memory_page(output: Output, memory: Memory, now: datetime, use: Use | None = None) -> list[str]:
    """Everything about one memory: what it says, then whose it is, when, what Codex did with it,
    and its metadata."""
    marks = flags(memory, now.date())
    head = output.styled(type_name(memory.kind), "bold", type_style(memory.kind))
    lines = [f"{head}  {output.styled(safe(memory.id), 'yellow')}"]
    if marks:
        lines[0] += "  " + output.styled(" · ".join(marks), "bold")
    room = min(output.width, 100) - 2
    lines.append("")
    for line in safe_lines(output.memory_text(memory.text)):
        pieces = wrap(line, room) if output.cut else [line]
        lines += [f"  {piece}".rstrip() for piece in pieces]
    lines.append("")
    facts = _facts(output, memory, now, use)
    names = max(cells(name) for name, _ in facts)
    for name, text in facts:
        label = output.styled(f"{name:<{names}}", "dim")
        shown = cut(text, output.width - names - 2) if output.cut and name != "id" else text
        lines.append(f"{label}  {shown}".rstrip())
    return lines


def _facts(output: Output, memory: Memory, now: datetime, use: Use | None) -> list[tuple[str, str]]:
    facts = [("id", safe(memory.id))]
    facts += [(entity.kind.value, safe(entity.id)) for entity in memory.scope]
    if not memory.scope:
        facts.append(
            ("scope", f"{scope_name(memory.scope)}: no client that filters by user or app finds it")
        )
    facts.append(("created", when(memory.created_at, now)))
    if memory.updated_at and memory.updated_at != memory.created_at:
        facts.append(("updated", when(memory.updated_at, now)))
    written = memory.raw.get("expiration_date")
    if memory.expires_on is None and written:
        facts.append(("expires", safe(f"{written!r} is not a date: never, as Mem0 takes it")))
    else:
        facts.append(("expires", expiry(memory.expires_on, now.date())))
    if memory.categories:
        facts.append(("categories", safe(", ".join(memory.categories))))
    if memory.replaced_by is not None:
        facts.append(("replaced by", safe(memory.replaced_by)))
    if memory.feedback:
        facts.append(("feedback", safe(memory.feedback)))
    if use is not None:
        facts += [(name, safe(value)) for name, value in use_facts(use, now)]
    for key, value in memory.metadata.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        facts.append((safe(f"meta.{key}"), safe(output.masking.value(key, shown))))
    return facts
