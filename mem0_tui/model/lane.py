"""Lanes: the agent ids under which Mem0's Codex plugin keeps what a whole repository shares.

Since 0.3 the plugin writes an agent id beside the app id. It is the app id, a hyphen and ten hex
digits of the SHA-256 of the repository (its remote, or its folder, then with ``local-`` before
it); version 0.3.0 wrote the app id itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_HASHED = re.compile(r"(.+)-([0-9a-f]{10})", re.DOTALL)
_LOCAL = "local-"


@dataclass(frozen=True, slots=True)
class Lane:
    """An agent id, read as the shared lane of an app."""

    agent_id: str
    app_id: str
    digest: str | None = None
    """The ten hex digits of the repository; None for the lane of 0.3.0."""
    local: bool = False
    """Whether it is that of a repository without a remote."""


def lane_of(agent_id: str | None, app_id: str | None) -> Lane | None:
    """*agent_id* as the lane of the app *app_id*, both of one memory; None where it is none."""
    if not agent_id or not app_id:
        return None
    if agent_id == app_id:
        return Lane(agent_id, app_id)
    found = _HASHED.fullmatch(agent_id)
    if found is None:
        return None
    name, digest = found.groups()
    if name == app_id:
        return Lane(agent_id, app_id, digest)
    return Lane(agent_id, app_id, digest, local=True) if name == _LOCAL + app_id else None


def recognised(agent_id: str, app_ids: Collection[str]) -> Lane | None:
    """*agent_id* as the lane of one of *app_ids*; None where it is the lane of none of them, or
    could be that of several."""
    named = _HASHED.fullmatch(agent_id)
    candidates = [agent_id]
    if named is not None:
        candidates += [named[1], named[1].removeprefix(_LOCAL)]
    lanes = [
        lane
        for app_id in dict.fromkeys(candidates)
        if app_id in app_ids and (lane := lane_of(agent_id, app_id)) is not None
    ]
    return lanes[0] if len(lanes) == 1 else None
