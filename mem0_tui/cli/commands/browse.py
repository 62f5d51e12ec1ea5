"""``list``, ``show`` and ``history``: memories as they are, and how they came to be so."""

from __future__ import annotations

import contextlib
import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from mem0_tui.backends.reference import whole_ids
from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.verify import damaged_texts
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.json_documents import (
    history_document,
    memory_document,
    use_document,
)
from mem0_tui.cli.rendering.limits import add_limit, limit_of, say_cut
from mem0_tui.cli.rendering.memories import common_scope, legend, memory_page, memory_table
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.painting import paint
from mem0_tui.cli.rendering.wording import at_least, count_of
from mem0_tui.curator.reading import reasons
from mem0_tui.evidence.use import use_rank
from mem0_tui.model.errors import InvalidRequestError, NotFoundError
from mem0_tui.model.page import Page, Sort
from mem0_tui.model.query import Query, parse
from mem0_tui.presenting.age import when
from mem0_tui.presenting.edit import beyond_text
from mem0_tui.presenting.word_diff import diff_line

if TYPE_CHECKING:
    from mem0_tui.evidence.use import Uses
    from mem0_tui.model.memory import HistoryEntry, Memory

DEFAULT_LIMIT = 50
USED = "used"
"""The order by what is recorded elsewhere, for which all memories have to be read."""


def read_query(words: list[str]) -> Query:
    """The words of a command line as a query.

    Raises:
        QueryError: it does not parse.
    """
    return parse(" ".join(words))


def add_list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("query", nargs="*", metavar="QUERY", help="such as type:decision age>90d")
    parser.add_argument(
        "--sort",
        choices=[*(s.value for s in Sort), USED],
        default=Sort.NEWEST.value,
        help=f"the order; {USED}: what Codex was given most often first",
    )
    add_limit(parser, DEFAULT_LIMIT, without="--ids")
    parser.add_argument("--expired", action="store_true", help="include expired memories")
    parser.add_argument("--ids", action="store_true", help="print whole ids only, one per line")


async def list_memories(session: Workspace, args: Namespace) -> int:
    output = session.output
    query = read_query(args.query)
    limit = limit_of(args, None if args.ids else DEFAULT_LIMIT)
    streams = args.ids and not args.json
    memories: list[Memory] = []
    shown, total, more = 0, None, False
    page: Page[Memory] = Page(())
    async for page, fresh in _pages(session, query, args, limit):
        taken = fresh if limit is None else fresh[: limit - shown]
        shown += len(taken)
        total = page.total if total is None else total
        more = page.next is not None or len(taken) < len(fresh)
        if streams:
            output.lines(safe(memory.id) for memory in taken)
        else:
            memories += taken
        if page.next is not None:
            output.progress(f"{shown:,} memories …")
    partial = not more and not page.complete
    if not more:
        total = None if partial else shown
    if args.json:
        uses = await session.recorded.uses(memories)
        output.document(
            {
                "backend": session.backend_document,
                "query": str(query),
                "sort": args.sort,
                "shown": shown,
                "total": total,
                "complete": page.complete and not more,
                "next": session.command(shlex.join(["list", *_again(args)])) if more else None,
                "missing": list(page.missing),
                "memories": [_with_use(memory, uses) for memory in memories],
            }
        )
    if streams or args.json:
        if more:
            say_cut(output, shown, total, "memory")
        say_if_partial(output, page)
        return 0
    if not memories:
        say_if_partial(output, page)
        if not partial:
            output.note(_nothing(query, session))
            await say_hints(session, query, found=False)
        return 0
    await say_hints(session, query, found=True)
    now = session.now()
    asks = args.sort == USED or query.asks_records
    uses = await session.recorded.uses(memories) if asks else None
    output.lines(memory_table(output, memories, now, uses))
    count = at_least(len(memories)) if partial else count_of(len(memories), total)
    parts = [count, f"{args.sort} first" if _is_time(args.sort) else ""]
    scope = common_scope(memories)
    parts += [
        legend(memories, now),
        f"{_these(len(memories))} {scope}" if scope and (more or partial) else scope,
    ]
    parts += ["more: --limit N or --all" if more else ""]
    output.note(output.styled_note(" · ".join(part for part in parts if part), "dim"))
    say_if_partial(output, page)
    return 0


def _with_use(memory: Memory, uses: Uses | None) -> dict[str, object]:
    return {**memory_document(memory), "use": use_document(uses.of(memory) if uses else None)}


async def _pages(
    session: Workspace, query: Query, args: Namespace, limit: int | None
) -> AsyncIterator[tuple[Page[Memory], list[Memory]]]:
    """The pages of a listing up to *limit* memories, each with those that came for the first
    time."""
    if args.sort != USED:
        async for each in _pages_by(Sort(args.sort), session, query, args, limit):
            yield each
        return
    memories: list[Memory] = []
    last: Page[Memory] = Page(())
    async for page, fresh in _pages_by(Sort.NEWEST, session, query, args, None):
        last = page
        memories += fresh
    uses = await session.recorded.uses(memories)
    if uses is not None:
        memories.sort(key=lambda memory: use_rank(uses.of(memory)))
    yield last, memories


async def _pages_by(
    sort: Sort, session: Workspace, query: Query, args: Namespace, limit: int | None
) -> AsyncIterator[tuple[Page[Memory], list[Memory]]]:
    seen: set[str] = set()
    cursor: str | None = None
    while True:
        page = await session.curator.list(
            query,
            sort=sort,
            cursor=cursor,
            limit=session.page_size if limit is None else min(session.page_size, limit),
            include_expired=args.expired,
        )
        fresh = [memory for memory in page.items if memory.id not in seen]
        seen.update(memory.id for memory in fresh)
        yield page, fresh
        cursor = page.next
        if cursor is None or (limit is not None and len(seen) >= limit):
            return


def _again(args: Namespace) -> list[str]:
    """The words after ``list`` that show all of what this one began with."""
    words = ["--all", "--json", *(["--expired"] if args.expired else [])]
    words += [] if args.sort == Sort.NEWEST else ["--sort", args.sort]
    return [*words, *args.query]


def say_if_partial(output: Output, page: Page[Memory]) -> None:
    """Say on stderr why *page*, the last, may not be all."""
    if page.next is None and not page.complete:
        output.note(f"Incomplete: {safe(reasons(page.missing))}.")


async def say_hints(session: Workspace, query: Query, *, found: bool) -> None:
    """Say on stderr what may be wrong with *query*, which *found* something or nothing."""
    for hint in await session.curator.hints(query, found=found):
        session.output.note(f"Hint: {safe(hint)}.".replace("?.", "?"))


def _these(count: int) -> str:
    """Those that are listed, where there are others, as the subject of what they have in common."""
    return "this one is" if count == 1 else f"these {count:,} are"


def _is_time(sort: str) -> bool:
    return sort in (Sort.NEWEST, Sort.OLDEST)


def _nothing(query: Query, session: Workspace) -> str:
    if query:
        return f"No memory matches {safe(query)}."
    return f"No memories on {safe(session.where)}. Try: mem0-tui --demo list, or mem0-tui add TEXT"


def add_show_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", nargs="+", metavar="ID", help="id, or the beginning of one")


async def show(session: Workspace, args: Namespace) -> int:
    output = session.output
    memories = [await session.curator.get(reference) for reference in args.id]
    damaged = await damaged_texts(session, [memory.id for memory in memories])
    uses = await session.recorded.uses(memories)
    if args.json:
        documents = [{**_with_use(m, uses), "raw": dict(m.raw)} for m in memories]
        for document in documents:
            if document["id"] in damaged:
                document["damaged"] = True
        output.document(
            {"memory": documents[0]} if len(documents) == 1 else {"memories": documents}
        )
    for at, memory in enumerate(memories):
        if at:
            output.line()
            output.line(output.styled("─" * min(output.width, 100), "dim"))
        use = uses.worth_saying(memory) if uses else None
        output.lines(memory_page(output, memory, session.now(), use))
    return 1 if damaged else 0


def add_history_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="id, or the beginning of one")


async def history(session: Workspace, args: Namespace) -> int:
    output = session.output
    memory_id = await _id_of(session, args.id)
    entries = await session.curator.history(memory_id)
    if args.json:
        output.document({"id": memory_id, "history": [history_document(e) for e in entries]})
        return 0
    if not entries:
        output.note("No history is kept for it here.")
    for entry, beyond in zip(entries, beyond_text(entries), strict=True):
        output.lines(_history_lines(session, entry))
        output.lines(["  " + paint(output, each) for each in beyond])
    return 0


async def _id_of(session: Workspace, reference: str) -> str:
    """The whole id; a memory that is gone is known by its whole id only."""
    for wanted in whole_ids(reference):
        with contextlib.suppress(NotFoundError, InvalidRequestError):
            if await session.curator.history(wanted):
                return wanted
    return (await session.curator.get(reference)).id


def _history_lines(session: Workspace, entry: HistoryEntry) -> list[str]:
    output = session.output
    by = f" by {safe(entry.actor)}" if entry.actor else ""
    head = output.styled(f"{safe(entry.event):<7}", "bold")
    lines = [f"{head} {when(entry.at, session.now())}{by}"]
    if entry.old_text is not None and entry.new_text is not None:
        if entry.old_text != entry.new_text:
            lines.append(
                "  " + paint(output, diff_line(entry.old_text, entry.new_text, output.masking))
            )
    elif entry.new_text is not None or entry.old_text is not None:
        lines.append("  " + safe(output.memory_text(entry.new_text or entry.old_text or "")))
    for message in entry.input:
        role = safe(message.get("role", ""))
        content = safe(output.memory_text(str(message.get("content", ""))))
        lines.append(output.styled(f"  from {role}: {content}", "dim"))
    return lines


COMMANDS = {
    "list": Command(add_list_arguments, run_session(list_memories)),
    "show": Command(add_show_arguments, run_session(show)),
    "history": Command(add_history_arguments, run_session(history)),
}
