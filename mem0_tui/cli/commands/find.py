"""``search``: memories by meaning; by words alone where that is all there is, and it says so."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.browse import read_query, say_hints
from mem0_tui.cli.composition.wiring import Workspace, embedder, run_session
from mem0_tui.cli.rendering.json_documents import hit_document
from mem0_tui.cli.rendering.limits import whole_number
from mem0_tui.cli.rendering.memories import hit_table
from mem0_tui.cli.rendering.output import safe
from mem0_tui.cli.rendering.prompts import stop_on_interrupt
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import StoreError, UsageError
from mem0_tui.model.page import SearchMode, SearchResult

LIMIT: Final = 10
_MODES: Final = {
    SearchMode.HYBRID: "by meaning and words",
    SearchMode.KEYWORD: "by words only",
    SearchMode.REMOTE: "ranked by the server",
}

_UNKNOWN: Final = "by words: the sentence model does not know them"


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError(text)
    return number


_share.__name__ = "number from 0 to 1"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "query", nargs="+", metavar="QUERY", help="words, and conditions such as type:decision"
    )
    parser.add_argument(
        "--limit",
        type=whole_number,
        default=LIMIT,
        metavar="N",
        help=f"show the N best, default {LIMIT}",
    )
    parser.add_argument(
        "--threshold", type=_share, default=0.1, metavar="SCORE", help="0 to 1, default 0.1"
    )
    parser.add_argument("--keyword", action="store_true", help="by words only, at once")


async def search(session: Workspace, args: Namespace) -> int:
    output = session.output
    query = read_query(args.query)
    if not query.words.strip():
        raise UsageError("a search needs words", hint="for conditions alone there is mem0-tui list")
    ready = _prepare(session, args)
    result = await session.curator.search(query, limit=args.limit, threshold=args.threshold)
    if result.mode is SearchMode.HYBRID and embedder().warning:
        output.warn(embedder().warning)
    cut = len(result.hits) >= args.limit
    if args.json:
        output.document(
            {
                "backend": session.backend_document,
                "query": str(query),
                "mode": result.mode.value,
                "embedded": result.embedded,
                "searched": result.searched,
                "complete": not cut,
                "hits": [hit_document(hit) for hit in result.hits],
            }
        )
        if cut:
            output.note(output.styled_note(_best(result), "dim"))
        return 0
    if not result.hits:
        output.note(f"Nothing is near {safe(query)} ({_ranking(result)}).")
        await say_hints(session, query, found=False)
        return 0
    await say_hints(session, query, found=True)
    output.lines(hit_table(output, result.hits, session.now()))
    output.note(output.styled_note(_footer(result, complete=ready, cut=cut), "dim"))
    return 0


def _best(result: SearchResult) -> str:
    return f"the {plural(len(result.hits), 'best hit')}, more: --limit N"


def _footer(result: SearchResult, *, complete: bool, cut: bool) -> str:
    count = _best(result) if cut else plural(len(result.hits), "hit")
    parts = [count, _ranking(result)]
    if not complete and result.embedded is not None and result.searched is not None:
        parts.append(f"{result.embedded:,} of {result.searched:,} have an embedding")
    if any(hit.grade for hit in result.hits):
        parts.append("dots: how far a hit stands out, no probability")
    return " · ".join(parts)


def _ranking(result: SearchResult) -> str:
    return _UNKNOWN if result.unknown_words else _MODES[result.mode]


def _prepare(session: Workspace, args: Namespace) -> bool:
    """Give the embedded store's memories their vectors; returns whether all have one now.

    Ctrl-C leaves the rest for later, and so do others who add memories faster than they can be
    embedded: the search then goes by what there is.
    """
    from mem0_tui.backends.local import LocalBackend

    if args.keyword or not isinstance(session.backend, LocalBackend):
        return True
    from mem0_tui.store.search.indexer import Indexer

    output, race = session.output, Race()

    def show(done: int, of: int) -> None:
        race.note(done, of)
        output.progress(f"Reading {of:,} memories for the first time: {done:,}  (Ctrl-C: skip)")

    indexer = Indexer(session.backend.store, embedder)
    with stop_on_interrupt(output, "Searching with what there is.") as stopped:
        try:
            indexer.run_pending(progress=show, cancelled=lambda: race.lost or stopped())
        except StoreError as error:  # a store that cannot be written to can still be searched
            output.warn(f"what has no embedding yet is found by its words only: {error}")
            return False
        return not (race.lost or stopped())


class Race:
    """Whether more memories arrive than get a vector meanwhile: no end is to be waited for then."""

    def __init__(self) -> None:
        self._first: int | None = None
        self.lost = False

    def note(self, done: int, of: int) -> None:
        """Of *of* memories without a vector so far, *done* have one now."""
        if self._first is None:
            self._first = of
        self.lost = of - self._first > done


COMMANDS = {"search": Command(add_arguments, run_session(search))}
