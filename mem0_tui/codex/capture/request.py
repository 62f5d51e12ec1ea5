"""A search of Mem0's REST interface, sent as the plugins' hooks send theirs."""

from __future__ import annotations

from collections.abc import Mapping

from mem0_tui.codex.files.spot import table
from mem0_tui.hooks.exchange import ExchangeError, exchange
from mem0_tui.hooks.server import MemoryServer
from mem0_tui.model.record import Record
from mem0_tui.model.text import one_line


class SearchReply(Record):
    """What came of one search."""

    rows: tuple[Mapping[str, object], ...] = ()
    """The memories, the best first."""
    status: int | None = None
    """Of HTTP; None where nobody answered."""
    problem: str = ""
    """Why there are no memories to be had; blank where the service answered the question."""


def search(url: str, key: str, body: dict[str, object], deadline: float) -> SearchReply:
    """Ask the service at *url* with *key*, until the moment *deadline* of ``time.monotonic``."""
    try:
        server = MemoryServer(url, key)
        status, answer = exchange(server, "POST", "/v3/memories/search/", body, deadline)
    except ExchangeError as error:
        return SearchReply(problem=str(error))
    except (ValueError, UnicodeError) as error:
        return SearchReply(problem=f"{url} cannot be asked: {error}")
    if status != 200:
        return SearchReply((), status, f"HTTP {status}: {_reason(answer)}".rstrip(": "))
    rows = answer if isinstance(answer, list) else table(answer).get("results")
    if not isinstance(rows, list):
        return SearchReply((), status, "the answer is not a list of memories")
    return SearchReply(tuple(map(table, rows)), status)


def _reason(answer: object) -> str:
    answered = table(answer)
    for name in ("error", "detail", "message"):
        if answered.get(name):
            return one_line(str(answered[name]))[:300]
    return ""
