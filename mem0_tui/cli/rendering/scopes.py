"""Who reaches which memories of a repository, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mem0_tui.cli.rendering.layout import Cell, Column, table
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.model.counting import plural

if TYPE_CHECKING:
    from mem0_tui.codex.reach.scope_map import ScopeMap


def map_lines(output: Output, found: ScopeMap) -> list[str]:
    """The repository, the lanes of each source, and the memories that lie out of place."""
    place = found.place
    lines = [
        output.styled(safe(place.root), "bold"),
        f"  {safe(place.remote or 'no remote named origin')}",
        f"  app {safe(place.app)} · user {safe(place.user)}",
        "",
    ]
    columns = [
        Column("SOURCE", style="bold"),
        Column("INSTALLED"),
        Column("PART"),
        Column("MEMORIES", right=True),
        Column("IDS", style="dim"),
    ]
    rows: list[list[str | Cell]] = [
        [
            lane.source,
            "yes" if lane.installed else "no",
            lane.part,
            f"{count:,}",
            safe(lane.scope),
        ]
        for lane, count in found.reached
    ]
    lines += table(output, columns, rows)
    if found.others:
        users = ", ".join(f"{safe(user)} {count:,}" for user, count in found.others)
        lines += ["", f"Of other users of the app: {users}"]
    if found.strays:
        count = sum(stray.count for stray in found.strays)
        columns = [
            Column("OUT OF PLACE", style="bold"),
            Column("MEMORIES", right=True),
            Column("IDS", style="dim"),
        ]
        rows = [[safe(each.why), f"{each.count:,}", safe(each.scope)] for each in found.strays]
        lines += ["", *table(output, columns, rows), "", f"To put {plural(count, 'memory')} right:"]
    return lines
