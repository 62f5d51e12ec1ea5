"""Who finds which memories of a repository, in words: a lane, and a group that is out of place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line

if TYPE_CHECKING:
    from mem0_tui.codex.reach.scope_map import ScopeMap, Stray
    from mem0_tui.codex.reach.sources import ReachedFolder, ReachedLane


def place_words(place: ReachedFolder) -> tuple[str, str]:
    """The repository, and the ids under which its memories are looked for, as two lines."""
    remote = place.remote or "no remote named origin"
    return one_line(f"{place.root} · {remote}"), one_line(f"app {place.app} · user {place.user}")


def lane_words(lane: ReachedLane) -> tuple[str, str]:
    """A lane's name, and its ids."""
    installed = "" if lane.installed else " · not installed"
    return f"{lane.source}: {lane.part}{installed}", one_line(str(lane.scope))


def stray_words(stray: Stray) -> tuple[str, str]:
    """Why a group is out of place, and its ids with those that it should have."""
    target = " ".join(f"{kind}:{id_}" for kind, id_ in stray.target.items())
    return stray.why, one_line(f"{stray.scope} → {target}")


def others_words(found: ScopeMap) -> str:
    """What belongs to other users of the app; blank where there is nothing."""
    count = sum(count for _, count in found.others)
    return f"{plural(count, 'memory')} of other users of the app" if count else ""
