"""Under which ids each source of Mem0 looks for memories in one folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.codex.capture.generations import PLUGIN_0_2, PLUGIN_0_3, generation_of_hook
from mem0_tui.codex.capture.lanes import local_lane, read_lanes
from mem0_tui.codex.facts.environment import codex_environment
from mem0_tui.codex.facts.identity import origin_of, read_identity, slug_of
from mem0_tui.codex.facts.paths import find_up
from mem0_tui.codex.facts.scan import Install
from mem0_tui.hooks.identity import find_identity
from mem0_tui.model.entity import Scope
from mem0_tui.model.query import FieldTerm, Literal, Query
from mem0_tui.model.record import Record

PLUGIN_NEW, PLUGIN_OLD, HOOKS = "plugin 0.3", "plugin 0.2", "mem0-tui's hooks"


class ReachedLane(Record):
    """Memories that one source finds."""

    source: str
    """Such as ``plugin 0.3``."""
    part: str
    """``shared``, ``shared (0.3.0)`` or ``personal``."""
    scope: Scope
    """The two ids that they all have."""
    installed: bool

    @property
    def query(self) -> str:
        """A query that means them."""
        return str(query_of(self.scope))


def query_of(scope: Scope) -> Query:
    """The query for what belongs to all entities of *scope*."""
    return Query(tuple(FieldTerm(ref.kind.value, ":", (Literal(ref.id),)) for ref in scope))


class ReachedFolder(Record):
    """One folder as the sources see it."""

    root: str
    """The top of its git checkout, or the folder itself."""
    remote: str | None
    """The URL of ``origin``, without a user or a password."""
    app: str
    user: str
    names: tuple[str, ...]
    """Other names that its app may go by: of the remote, of the repository, of the folder."""
    local: str
    """The shared lane that it has, or had, without a remote."""
    lanes: tuple[ReachedLane, ...]

    @property
    def shared(self) -> str:
        """The agent id of the shared lane that is in use."""
        return next(each.scope.agent_id or "" for each in self.lanes if each.part == "shared")


def read_place(install: Install) -> ReachedFolder:
    """What the sources make of the folder of *install*."""
    homes = install.homes
    environ = codex_environment(homes)
    lanes = read_lanes(homes, environ)
    origin = origin_of(homes.cwd)
    root = find_up(homes.cwd, (".git",)) or homes.cwd
    names = [os.path.basename(root)]
    if origin is not None:
        slug = slug_of(origin[0])
        names += [slug, origin[0].rstrip("/").removesuffix(".git").replace(":", "/").split("/")[-1]]
    there = _installed(install)
    own = find_identity(dict(environ), homes.cwd)
    old = read_identity(homes.replace(environ=environ))
    shared = (Scope(agent_id=agent, app_id=lanes.app) for agent in lanes.shared)
    parts = [("shared" if n == 0 else "shared (0.3.0)", scope) for n, scope in enumerate(shared)]
    parts.append(("personal", Scope(user_id=lanes.user, app_id=lanes.app)))
    found = [ReachedLane(PLUGIN_NEW, part, scope, PLUGIN_NEW in there) for part, scope in parts]
    for source, user, app in ((PLUGIN_OLD, old.user, old.app), (HOOKS, own.user, own.app)):
        scope = Scope(user_id=user, app_id=app)
        found.append(ReachedLane(source, "personal", scope, source in there))
    return ReachedFolder(
        root,
        None if origin is None else _plain(origin[0]),
        lanes.app,
        lanes.user,
        tuple(dict.fromkeys(name for name in names if name)),
        local_lane(lanes.app, root),
        tuple(found),
    )


def _installed(install: Install) -> frozenset[str]:
    return frozenset(_sources(install))


def _sources(install: Install) -> Iterator[str]:
    own = {id(handler) for handler in install.own_handlers}
    for _, handler in install.current_handlers:
        if id(handler) in own:
            yield HOOKS
        elif (generation := generation_of_hook(install.program(handler))) is PLUGIN_0_3:
            yield PLUGIN_NEW
        elif generation is PLUGIN_0_2:
            yield PLUGIN_OLD


def _plain(remote: str) -> str:
    """*remote* without what stands before an @ in a URL: it may be a token."""
    scheme, sign, rest = remote.partition("://")
    if not sign:
        return remote
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
