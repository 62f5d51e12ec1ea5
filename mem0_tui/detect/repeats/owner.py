"""Whose a memory is: repeats are only proposed among the memories of one owner.

A memory is not given up because somebody else has it too, or because it is also kept for another
app: each app is given only its own. Two spellings of one app are one, and sessions do not part.
"""

from __future__ import annotations

import re
from typing import NamedTuple

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
    app = app_name(scope.app_id)
    if memory.shared:
        return Owner(scope.agent_id or "", app, shared=True)
    return Owner(f"{scope.user_id or ''}\0{scope.agent_id or ''}", app)


def app_name(app_id: str | None) -> str:
    """An app id without what people spell differently: case, hyphens, ``owner/`` and ``.git``."""
    if not app_id:
        return ""
    name = app_id.strip().casefold().removesuffix(".git").rstrip("/")
    name = name[name.rfind("/") + 1 :]
    return _NO_LETTERS.sub("", name) or app_id
