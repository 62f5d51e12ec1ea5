"""The statistics as a JSON document, and as painted lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from mem0_tui.cli.rendering.json_documents import Json
from mem0_tui.cli.rendering.memories import type_style
from mem0_tui.cli.rendering.output import Output
from mem0_tui.presenting.spans import Span
from mem0_tui.presenting.stats.statistics import CountCell, Statistics

_STYLES = {
    "title": ("bold",),
    "muted": ("dim",),
    "bar": ("cyan",),
    "level-0": ("dim",),
    "level-1": ("green",),
    "level-2": ("green",),
    "level-3": ("green",),
    "level-4": ("green", "bold"),
}
_KIND = "kind:"


def statistics_document(found: Statistics) -> Json:
    """Every number of the picture with the query that finds what it counts."""
    days = [
        {"day": f"{found.first + timedelta(days=at)}", "count": cell.count, "query": cell.query}
        for at, cell in enumerate(found.days)
    ]
    return {
        "calendar": {"first": str(found.first), "days": days},
        "growth": {
            "by": found.grown_by,
            "producers": [
                {
                    **_cell(each.whole, "name"),
                    "months": [
                        {"month": f"{month:%Y-%m}", "count": cell.count, "query": cell.query}
                        for month, cell in zip(found.months, each.months, strict=True)
                    ],
                }
                for each in found.growth
            ],
        },
        "by_kind": [_cell(cell, "name") for cell in found.kinds],
        "age": [_cell(cell, "name") for cell in found.ages],
        "use": None if found.use_missing else [_cell(cell, "name") for cell in found.use],
        "use_missing": found.use_missing or None,
        "queues": [
            {
                "queue": each.latest.queue,
                "latest": each.latest.count,
                "scans": [{"day": str(day), "count": count} for day, count in each.points],
            }
            for each in found.queues
        ],
    }


def _cell(cell: CountCell, name: str) -> Json:
    return {name: cell.label, "count": cell.count, "query": cell.query}


def paint_line(output: Output, spans: Sequence[Span]) -> str:
    """*spans* in the styles of their roles, without blanks at the end."""
    text = "".join(output.styled(text, *_style(role)) for text, role in spans)
    return text.rstrip()


def _style(role: str) -> tuple[str, ...]:
    if role.startswith(_KIND):
        style = type_style(role.removeprefix(_KIND))
        return (style,) if style else ()
    return _STYLES.get(role, ())
