"""``search``: memories by meaning; by words alone where that is all there is, and it says so."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Final

from mem0_tui.cli.browse import read_query, whole_number
from mem0_tui.cli.command import Command
from mem0_tui.cli.documents import hit_document
from mem0_tui.cli.memories import hit_table
from mem0_tui.cli.output import safe
from mem0_tui.cli.wiring import Session, run_session
from mem0_tui.cli.wording import plural
from mem0_tui.model.errors import UsageError
from mem0_tui.model.page import SearchMode, SearchResult

LIMIT: Final = 10
_MODES: Final = {
    SearchMode.HYBRID: "by meaning and words",
    SearchMode.KEYWORD: "by words only",
    SearchMode.REMOTE: "ranked by the server",
}


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
    parser.add_argument("--limit", type=whole_number, default=LIMIT, metavar="N")
    parser.add_argument(
        "--threshold", type=_share, default=0.1, metavar="SCORE", help="0 to 1, default 0.1"
    )
    parser.add_argument("--keyword", action="store_true", help="by words only, at once")


async def search(session: Session, args: Namespace) -> int:
    output = session.output
    query = read_query(args.query)
    if not query.words.strip():
        raise UsageError("a search needs words", hint="for conditions alone there is mem0-tui list")
    ready = await _prepare(session, args)
    result = await session.curator.search(query, limit=args.limit, threshold=args.threshold)
    if args.json:
        output.document(
            {
                "backend": session.backend_document,
                "query": str(query),
                "mode": result.mode.value,
                "embedded": result.embedded,
                "searched": result.searched,
                "hits": [hit_document(hit) for hit in result.hits],
            }
        )
        return 0
    if not result.hits:
        output.note(f"Nothing is near {safe(query)} ({_MODES[result.mode]}).")
        return 0
    output.lines(hit_table(output, result.hits, session.now()))
    output.note(output.styled_note(_footer(result, complete=ready), "dim"))
    return 0


def _footer(result: SearchResult, *, complete: bool) -> str:
    parts = [plural(len(result.hits), "hit"), _MODES[result.mode]]
    if not complete and result.embedded is not None and result.searched is not None:
        parts.append(f"{result.embedded:,} of {result.searched:,} have an embedding")
    if any(hit.grade for hit in result.hits):
        parts.append("dots: how far a hit stands out, no probability")
    return " · ".join(parts)


async def _prepare(_session: Session, _args: Namespace) -> bool:
    return True


COMMANDS = {"search": Command(add_arguments, run_session(search))}
