"""``stats``: how the memory grows and is used, as a picture or as numbers."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections import Counter
from contextlib import suppress

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.overview import overview_document
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.layout import cut, pad
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.stats import paint_line, statistics_document
from mem0_tui.cli.rendering.wording import at_least
from mem0_tui.curator.reading import reasons
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import StoreError
from mem0_tui.model.page import KindCounts
from mem0_tui.model.query import Query, parse
from mem0_tui.model.tally import Tallies
from mem0_tui.presenting.ascii import ascii_wanted
from mem0_tui.presenting.stats.picture import picture
from mem0_tui.presenting.stats.sketch import Face
from mem0_tui.presenting.stats.statistics import USE_QUERIES, Statistics, statistics


def add_arguments(parser: ArgumentParser) -> None:
    """The options of ``stats``."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="count only what this matches")


async def stats(session: Workspace, args: Namespace) -> int:
    """Print the statistics of what the query matches."""
    output, query = session.output, parse(" ".join(args.query))
    tallies, found = await _statistics(session, query)
    if args.json:
        document = await overview_document(session, query, _by_kind(tallies))
        output.document(document | statistics_document(found))
        return 0
    amount = at_least(found.total) if found.missing else plural(found.total, "memory")
    head = f"{output.styled('mem0-tui', 'bold')}  {safe(session.where)}  "
    asked = f" · {safe(query)}" if query else ""
    output.line(head + output.styled(f"{amount}{asked}", "dim"))
    if found.missing:
        output.note(f"Incomplete: {safe(reasons(found.missing))}.")
    output.line()
    if not found.total:
        output.line(f"  No memory matches {safe(query)}." if query else "  No memories yet.")
        return 0
    drawn = picture(found, output.width, _face(output))
    output.lines(paint_line(output, line) for line in drawn.lines)
    return 0


async def _statistics(session: Workspace, query: Query) -> tuple[Tallies, Statistics]:
    from mem0_tui.detect.unused import NOT_RECORDED

    why = NOT_RECORDED if await session.recorded.evidence() is None else ""
    tallies, use = await session.curator.count(query, () if why else USE_QUERIES)
    kept = []
    with suppress(StoreError):  # of the journal: what can be counted is shown all the same
        kept = [(each.day, each.counts) for each in await (await session.curator.audits()).all()]
    today = session.now().date()
    found = statistics(query, tallies, today, use=use, use_missing=why, audits=kept)
    return tallies, found


def _by_kind(tallies: Tallies) -> KindCounts:
    counts: Counter[str | None] = Counter()
    for each in tallies:
        counts[each.kind] += each.amount
    found = KindCounts(counts)
    found.missing = tallies.missing
    return found


def _face(output: Output) -> Face:
    plain = ascii_wanted(os.environ, output.stdout.encoding)
    more = "~" if plain else "…"
    return Face(lambda text, cells: pad(cut(text, cells).replace("…", more), cells), plain)


COMMANDS = {"stats": Command(add_arguments, run_session(stats))}
