"""``move``: memories into another app, or to another user, agent or run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from dataclasses import replace

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import (
    add_memory_options,
    add_plan_options,
    carry_out,
    check_one_way,
)
from mem0_tui.cli.commands.remove import matching, named
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.output import safe
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.model.change import Edit, Update
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import BackendError, UsageError

_NAMED = 5
"""Entities left without memories that are named."""


def add_arguments(parser: ArgumentParser) -> None:
    add_memory_options(parser, "move")
    add_scope_options(parser)
    add_plan_options(parser)


def add_scope_options(parser: ArgumentParser) -> None:
    """Add the options that :func:`read_target` reads."""
    for kind in reversed(EntityKind):
        parser.add_argument(
            f"--{kind}", metavar="ID", help=f"{kind} that it is to belong to ('' for none)"
        )


async def move(session: Workspace, args: Namespace) -> int:
    session.check_writable()
    by_query = args.query is not None
    check_one_way("move", {"ids": bool(args.id), "--query": by_query})
    target = read_target(args)
    if not target:
        raise UsageError("say where to move it", hint="--app, --user, --agent or --run")
    memories = await (matching(session, args.query) if by_query else named(session, args.id))
    edits = {memory.id: Edit(scope=moved(memory.scope, target)) for memory in memories}
    meant = [memory for memory in memories if edits[memory.id].scope != memory.scope]
    plan = await session.curator.plan(
        [Update(memory.id, edits[memory.id]) for memory in meant],
        by_query=by_query,
        include_pinned=args.include_pinned,
        seen={memory.id: memory for memory in meant},
    )
    if there := len(memories) - len(meant):
        note = f"{plural(there, 'memory')} {'is' if there == 1 else 'are'} there already"
        plan = replace(plan, notes=(*plan.notes, note))
    copied = any(isinstance(item.change, Update) and item.change.copies for item in plan.items)
    code = await carry_out(session, args, plan, ask=by_query or len(memories) > 1 or copied)
    if plan and code in (0, 1) and not args.dry_run and not args.plan_out:
        await _say_what_is_empty(session, plan)
    return code


def read_target(args: Namespace) -> dict[EntityKind, str | None]:
    """The ids that the options name; None for one that is to be taken away.

    Raises:
        UnsafeScopeError: an id is blank, a wildcard or the like.
    """
    target: dict[EntityKind, str | None] = {}
    for kind in EntityKind:
        given: str | None = getattr(args, kind)
        if given is not None:
            target[kind] = EntityRef(kind, given).checked().id if given else None
    return target


def moved(scope: Scope, target: Mapping[EntityKind, str | None]) -> Scope:
    """*scope* with the ids of *target* in place of its own."""
    return replace(scope, **{kind.id_field: id_ for kind, id_ in target.items()})


async def _say_what_is_empty(session: Workspace, plan: Plan) -> None:
    """Point out the entities that the moved memories belonged to and that hold none any more."""
    left = {entity for item in plan.items for memory in item.before for entity in memory.scope}
    left -= set(_new_entities(plan))
    try:
        counted = await session.curator.entities()
    except BackendError:  # the move is done, and has been told
        return
    empty = [str(each.ref) for each in counted if each.ref in left and each.memory_count == 0]
    if empty:
        more = f" and {len(empty) - _NAMED:,} more" if len(empty) > _NAMED else ""
        hold = "holds" if len(empty) == 1 else "hold"
        names = ", ".join(map(safe, empty[:_NAMED]))
        session.output.note(f"{names}{more} {hold} no memory any more.")
        session.output.note(f"To remove what is empty: {safe(session.command('rm --empty'))}")


def _new_entities(plan: Plan) -> Iterable[EntityRef]:
    for item in plan.items:
        if isinstance(item.change, Update) and item.change.edit.scope is not None:
            yield from item.change.edit.scope


COMMANDS = {"move": Command(add_arguments, run_session(move))}
