"""What is in the store, at a glance: counts with bars, entities, the newest, and where to go on."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.json_documents import (
    Json,
    entity_document,
    event_document,
    memory_document,
)
from mem0_tui.cli.rendering.layout import Cell, Column, cells, cut, table
from mem0_tui.cli.rendering.limits import add_limit, limit_of, say_cut
from mem0_tui.cli.rendering.memories import memory_table, type_style
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.wording import at_least
from mem0_tui.curator.reading import reasons
from mem0_tui.model.capability import Capability
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import StoreError
from mem0_tui.model.memory import PLUGIN_KINDS
from mem0_tui.model.page import KindCounts
from mem0_tui.model.query import Query
from mem0_tui.presenting.age import age
from mem0_tui.presenting.bar import bar
from mem0_tui.presenting.memory import type_name
from mem0_tui.presenting.signs import MISSING

if TYPE_CHECKING:
    from mem0_tui.model.entity import Entity

NEWEST = 5
BAR = 24
TOP_ENTITIES = 4


def in_order(counts: Mapping[str | None, int]) -> list[tuple[str | None, int]]:
    """Counts of kinds as facets show them: the plugin's own, the others by count, the untyped."""
    known = [(name, counts[name]) for name in PLUGIN_KINDS if counts.get(name)]
    others = [(n, c) for n, c in counts.items() if n is not None and n not in PLUGIN_KINDS and c]
    others.sort(key=lambda pair: (-pair[1], pair[0]))
    untyped = [(None, counts[None])] if counts.get(None) else []
    return [*known, *others, *untyped]


async def front(session: Workspace, args: Namespace) -> int:
    """What ``mem0-tui`` alone shows."""
    code = await overview(session, args)
    if not args.json:
        from mem0_tui.cli.commands.applying import warn_of_interrupted

        try:
            await warn_of_interrupted(session)
        except StoreError as error:  # of the journal: what was read is shown all the same
            session.output.warn(f"{error.title}: {error.message}; {error.hint}")
        session.output.lines(_what_next(session))
    return code


async def overview_document(session: Workspace, query: Query, counts: KindCounts) -> Json:
    """What *query* matches, of which there are *counts*, in numbers."""
    entities = await session.curator.entities()
    page = await session.curator.list(query, limit=NEWEST)
    return {
        "backend": session.backend_document,
        "query": str(query),
        "total": None if counts.missing else sum(counts.values()),
        "complete": not counts.missing,
        "missing": list(counts.missing),
        "kinds": [{"kind": name, "count": n} for name, n in in_order(counts)],
        # The name that it had before categories counted.
        "types": [{"type": name, "count": n} for name, n in in_order(counts)],
        "entities": [entity_document(entity) for entity in entities],
        "newest": [memory_document(memory) for memory in page.items[:NEWEST]],
    }


async def overview(session: Workspace, args: Namespace) -> int:
    """Print how many memories there are, and which came last."""
    output, curator, query = session.output, session.curator, Query()
    counts = await curator.kind_counts(query)
    if args.json:
        output.document(await overview_document(session, query, counts))
        return 0
    entities = await curator.entities()
    page = await curator.list(query, limit=NEWEST)
    total = sum(counts.values())
    mode = "read-only" if session.settings.read_only else "writable"
    head = f"{output.styled('mem0-tui', 'bold')}  {safe(session.where)}  "
    amount = at_least(total) if counts.missing else plural(total, "memory")
    output.line(head + output.styled(f"{amount} · {mode}", "dim"))
    if counts.missing:
        output.note(f"Incomplete: {safe(reasons(counts.missing))}.")
    output.line()
    if not total:
        output.line("  No memories yet.")
        return 0
    output.lines(_section(output, "Kinds", _kind_lines(output, counts)))
    output.lines(_section(output, "Belong to", _entity_lines(output, entities)))
    newest = memory_table(output, page.items[:NEWEST], session.now())[1:]
    output.lines(_section(output, "Newest", newest))
    return 0


def _section(output: Output, title: str, lines: Sequence[str]) -> list[str]:
    return [output.styled(title, "bold"), *lines, ""] if lines else []


def _kind_lines(output: Output, counts: Mapping[str | None, int]) -> list[str]:
    pairs = in_order(counts)
    most = max(counts.values())
    names = min(24, max(cells(type_name(name)) for name, _ in pairs))
    figures = max(len(f"{number:,}") for _, number in pairs)
    room = max(8, min(BAR * 2, output.width - names - figures - 6))
    lines: list[str] = []
    for name, number in pairs:
        label = cut(type_name(name), names)
        label = output.styled(label + " " * (names - cells(label)), type_style(name))
        stripe = output.styled(bar(number / most, room), type_style(name))
        lines.append(f"  {label}  {number:>{figures},}  {stripe}".rstrip())
    return lines


def _entity_lines(output: Output, entities: Sequence[Entity]) -> list[str]:
    lines: list[str] = []
    for kind in dict.fromkeys(entity.kind for entity in entities):
        these = [entity for entity in entities if entity.kind is kind]
        these.sort(key=lambda entity: -(entity.memory_count or 0))
        names = [f"{_short(e.id)} {_count(e)}".rstrip() for e in these[:TOP_ENTITIES]]
        rest = len(these) - len(names)
        names += [f"and {rest} more"] if rest > 0 else []
        label = output.styled(f"{plural(len(these), kind.value):<10}", "dim")
        lines.append(f"  {label}  " + cut(" · ".join(names), output.width - 14))
    return lines


def _short(entity_id: str) -> str:
    """An id to recognise it by; runs are UUIDs, of which the beginning is enough."""
    return safe(entity_id) if len(entity_id) < 30 else safe(entity_id[:8]) + "…"


def _count(entity: Entity) -> str:
    return "" if entity.memory_count is None else f"({entity.memory_count:,})"


def _what_next(session: Workspace) -> list[str]:
    output = session.output
    steps = [
        (session.command("search how do we deploy"), "find by meaning"),
        (session.command("list type:decision 'age>30d'"), "look through, with conditions"),
        (session.command("rm --query type:session_state -n"), "see what would be deleted"),
        (session.command("undo"), "take back what was applied last"),
    ]
    if not session.settings.demo:
        steps[0:0] = [("mem0-tui --demo", "try it all on a demo store first")]
    steps.append(("mem0-tui --help", "all commands"))
    widest = max(len(command) for command, _ in steps)
    lines = [output.styled("Try", "bold")]
    for command, purpose in steps:
        if widest + len(purpose) + 6 <= output.width:
            lines.append(f"  {command:<{widest}}  {output.styled(purpose, 'dim')}")
        else:
            lines.append(f"  {command}")
    return lines


async def entities(session: Workspace, args: Namespace) -> int:
    output = session.output
    found = await session.curator.entities()
    if args.json:
        output.document(
            {
                "backend": session.backend_document,
                "entities": [entity_document(entity) for entity in found],
            }
        )
        return 0
    if not found:
        output.note("There are no entities.")
        return 0
    columns = [
        Column("KIND", style="dim"),
        Column("MEMORIES", right=True),
        Column("ACTIVE", right=True, style="dim"),
        Column("ID"),
    ]
    rows: list[list[str | Cell]] = [
        [
            entity.kind.value,
            MISSING if entity.memory_count is None else f"{entity.memory_count:,}",
            age(entity.updated_at, session.now()),
            safe(entity.id),
        ]
        for entity in found
    ]
    output.lines(table(output, columns, rows))
    return 0


EVENTS = 20
_ALL_EVENTS = 2**31 - 1


def add_event_arguments(parser: ArgumentParser) -> None:
    add_limit(parser, EVENTS)


async def events(session: Workspace, args: Namespace) -> int:
    output = session.output
    session.backend.capabilities.require(Capability.EVENTS, session.backend.name)
    limit = limit_of(args, EVENTS)
    found = await session.curator.events(limit=_ALL_EVENTS if limit is None else limit + 1)
    complete = limit is None or len(found) <= limit
    found = found[:limit]
    if not complete:
        say_cut(output, len(found), None, "event")
    if args.json:
        shown = [event_document(event) for event in found]
        output.document({"events": shown, "complete": complete})
        return 0
    if not found:
        output.note("There are no events.")
        return 0
    columns = [
        Column("ID", style="yellow"),
        Column("AGE", right=True, style="dim"),
        Column("STATUS"),
        Column("JOB"),
    ]
    rows: list[list[str | Cell]] = [
        [
            safe(event.id),
            age(event.created_at, session.now()),
            Cell(safe(event.status), "green" if event.status == "SUCCEEDED" else "yellow"),
            safe(event.type) + (f": {safe(event.error)}" if event.error else ""),
        ]
        for event in found
    ]
    output.lines(table(output, columns, rows))
    return 0


def _nothing(_parser: ArgumentParser) -> None:
    """No options but the global ones."""


_run_front = run_session(front)


def run_front(args: Any) -> int:
    """Print the overview."""
    return _run_front(args)


COMMANDS = {
    "entities": Command(_nothing, run_session(entities)),
    "events": Command(add_event_arguments, run_session(events)),
}
