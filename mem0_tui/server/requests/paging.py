"""Pages as Mem0 numbers them: from 1, with absolute URLs of their neighbours, 404 past the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from mem0_tui.model.errors import InvalidRequestError, NotFoundError
from mem0_tui.server.requests.body import whole_number
from mem0_tui.wire.platform import MAX_PAGE_SIZE

PAGE_SIZE = 100

_LAST = 1_000_000_000
"""No store has as many pages, and SQLite's offsets have their limits."""


@dataclass(frozen=True, slots=True)
class PageAsk:
    """Which page a client wants."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many rows come before it."""
        return (self.number - 1) * self.size

    def envelope(
        self, request: Request, results: list[Any], count: int, *, open_end: bool = False
    ) -> dict[str, Any]:
        """The answer that holds this page's *results* out of *count*.

        Raises:
            NotFoundError: there is no such page, unless with *open_end*.
        """
        return {**self.place(request, count, open_end=open_end), "results": results}

    def place(self, request: Request, count: int, *, open_end: bool = False) -> dict[str, Any]:
        """Where this page is among *count* results: the answer but for these.

        Raises:
            NotFoundError: there is no such page, unless with *open_end*.
        """
        if self.number > 1 and self.offset >= count and not open_end:
            raise NotFoundError("Invalid page.")
        more = self.offset + self.size < count
        return {
            "count": count,
            "next": _url(request, self.number + 1, self.size) if more else None,
            "previous": _url(request, self.number - 1, self.size) if self.number > 1 else None,
        }


def page_ask(
    query: Mapping[str, str],
    body: Mapping[str, Any] | None = None,
    *,
    size_name: str = "page_size",
    default: int = PAGE_SIZE,
    most: int = MAX_PAGE_SIZE,
) -> PageAsk:
    """The page that *query*, or else *body*, asks for.

    Raises:
        NotFoundError: the page is no number from 1 up.
        InvalidRequestError: the page size is out of bounds.
    """
    number, size = 1, default
    for asked in (body or {}, query):
        if asked.get("page") is not None:
            try:
                number = whole_number(asked["page"], "page", least=1, most=_LAST)
            except InvalidRequestError as error:
                raise NotFoundError("Invalid page.") from error
        if asked.get(size_name) is not None:
            size = whole_number(asked[size_name], size_name, least=1, most=most)
    return PageAsk(number, size)


def _url(request: Request, number: int, size: int) -> str:
    pairs = [("page", str(number))]
    pairs += ((name, value) for name, value in request.query_params.multi_items() if name != "page")
    if request.method == "POST" and "page_size" not in request.query_params:
        pairs.append(("page_size", str(size)))
    url = request.url
    path = request.scope.get("raw_path", url.path.encode()).decode("latin-1")
    return f"{url.scheme}://{url.netloc}{path}?{urlencode(pairs)}"
