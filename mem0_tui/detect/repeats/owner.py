"""Whose a memory is: repeats are only proposed among the memories of one owner.

A memory is not given up because somebody else has it too, or because it is also kept for another
app: each app is given only its own. Two spellings of one app are one, and sessions do not part.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mem0_tui.model.lane import lane_of
from mem0_tui.model.memory import Memory

_NO_LETTERS = re.compile(r"[\W_]+")


class Owner(NamedTuple):
    """Who is given a memory."""

    user: str
    """The user id, or the agent id of a shared lane; empty where there is none."""
    app: str
    """The app, however it is spelled."""
    shared: bool = False


def owner_of(memory: Memory) -> Owner:
    """The owner of *memory*."""
    scope = memory.scope
    return _owner(scope.user_id, scope.agent_id, scope.app_id)


@lru_cache(maxsize=4096)
def _owner(user_id: str | None, agent_id: str | None, app_id: str | None) -> Owner:
    app = app_name(app_id)
    if agent_id and lane_of(agent_id, app_id) is not None:
        return Owner(agent_id, app, shared=True)
    return Owner(f"{user_id or ''}\0{agent_id or ''}", app)


def app_name(app_id: str | None) -> str:
    """An app id without what people spell differently: case, hyphens, ``owner/`` and ``.git``."""
    if not app_id:
        return ""
    name = app_id.strip().casefold().removesuffix(".git").rstrip("/")
    name = name[name.rfind("/") + 1 :]
    return _NO_LETTERS.sub("", name) or app_id
