"""Under which ids plugin 0.3 stores and finds memories: the person's lane and the shared one."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from mem0_tui.codex.facts.identity import origin_of, read_identity
from mem0_tui.codex.facts.paths import Homes, find_up, real
from mem0_tui.model.record import Record

_USER_VARIABLES = (
    "PLUGIN_OPTION_USER_ID",
    "CLAUDE_PLUGIN_OPTION_USER_ID",
    "MEM0_CODE_USER_ID",
    "MEM0_USER_ID",
    "MEM0_RESOLVED_USER_ID",
    "USER",
    "USERNAME",
)
_WILDCARD = re.compile(r"\*+")


class Lanes(Record):
    """The ids for one working folder."""

    user: str
    app: str
    shared: tuple[str, ...]
    """Agent ids of the project's memories: the lane of today, and that of plugin 0.3.0."""

    @property
    def mine(self) -> dict[str, object]:
        """What a search of the person's own memories is narrowed to."""
        return {"AND": [{"user_id": self.user}, {"app_id": self.app}]}

    @property
    def filters(self) -> dict[str, object]:
        """What a search of the repository is narrowed to, as the plugin writes it."""
        return {"OR": [self._shared, self.mine]}

    def within(self, folder: str) -> dict[str, object]:
        """The same, and of the project's memories only those of *folder*, a path from its top."""
        inside = {"metadata": {"dirs": {"contains": folder}}}
        return {"OR": [{"AND": [self._shared, inside]}, self.mine]}

    @property
    def _shared(self) -> dict[str, object]:
        app = {"app_id": self.app}
        lanes: list[dict[str, object]] = [
            {"AND": [{"agent_id": agent}, app]} for agent in self.shared
        ]
        return lanes[0] if len(lanes) == 1 else {"OR": lanes}


def read_lanes(homes: Homes, environ: Mapping[str, str]) -> Lanes:
    """The ids for the working folder of *homes*."""
    values = (environ.get(name, "").strip() for name in _USER_VARIABLES)
    user = next((each for each in values if each and not _WILDCARD.fullmatch(each)), "default")
    app = read_identity(homes.replace(environ=environ)).app
    origin = origin_of(homes.cwd)
    if origin is None:
        root = real(find_up(homes.cwd, (".git",)) or homes.cwd)
        return Lanes(user, app, (local_lane(app, root),))
    return Lanes(user, app, (f"{app}-{_short(normalised(origin[0]))}", app))


def local_lane(app: str, root: str) -> str:
    """The shared lane of a repository in the folder *root* that has no remote."""
    return f"local-{app}-{_short(real(root))}"


def normalised(remote: str) -> str:
    """The URL of a git remote as the plugin writes it before it hashes it."""
    from urllib.parse import urlsplit, urlunsplit

    url = remote.strip()
    if url.startswith("git@") and ":" in url:
        url = "https://" + url[4:].replace(":", "/", 1)
    url = url.removesuffix(".git")
    if "://" in url:
        parts = urlsplit(url)
        try:
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            port = ""
        host = (parts.hostname or "") + port
        url = urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment))
    return url.rstrip("/")


def _short(text: str) -> str:
    import hashlib

    return hashlib.sha256(os.fsencode(text)).hexdigest()[:10]
