"""Which memories of a repository are reached, and which lie where they are not, with the move that
puts each group right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from mem0_tui.codex.reach.sources import ReachedFolder, ReachedLane, query_of
from mem0_tui.model.entity import EntityKind, Scope
from mem0_tui.model.lane import Lane, lane_of
from mem0_tui.model.query import FieldTerm, Literal, Query
from mem0_tui.model.record import Record

_LETTERS = re.compile(r"[\W_]+")


class Stray(Record):
    """Memories of the repository that lie out of place: no source finds them, or only one user does
    although all were to share them."""

    why: str
    """As a phrase."""
    scope: Scope
    """The ids that they all have."""
    count: int
    target: Mapping[EntityKind, str]
    """The ids under which they would be found; empty where only a person can tell."""

    @property
    def query(self) -> str:
        """A query that means them."""
        none = (FieldTerm(kind.value, ":", (Literal("none"),)) for kind in self.without)
        return str(Query((*query_of(self.scope).terms, *none)))

    @property
    def without(self) -> tuple[EntityKind, ...]:
        """The ids that none of them has; a move that gives one would else take others along."""
        of_nobody = self.scope.agent_id is None and self.scope.user_id is None
        kinds = (EntityKind.USER, EntityKind.AGENT) if of_nobody else ()
        return (*kinds, *([EntityKind.APP] if self.scope.app_id is None else []))

    @property
    def options(self) -> list[str]:
        """The options of ``mem0-tui move`` that repair it."""
        moves = [word for kind, id_ in self.target.items() for word in (f"--{kind}", id_)]
        return ["--query", self.query, *moves]


class ScopeMap(Record):
    """All memories of one repository by who finds them."""

    place: ReachedFolder
    reached: tuple[tuple[ReachedLane, int], ...]
    """Each lane of each source, and how many memories are in it."""
    strays: tuple[Stray, ...]
    """The largest group first."""
    others: tuple[tuple[str, int], ...]
    """Other users of the app, and how many memories each has; only they find these."""


class ScopeTally:
    """Counts memories by their ids, then says who finds them."""

    def __init__(self, place: ReachedFolder) -> None:
        self._place = place
        self._counts: Counter[tuple[str | None, str | None, str | None]] = Counter()
        self._apps = {place.app, *(lane.scope.app_id for lane in place.lanes)}
        self._spellings = {_letters(name) for name in (place.app, *place.names)}

    def add(self, app: str | None, agent: str | None, user: str | None, count: int = 1) -> None:
        """Take in *count* memories that have these ids."""
        self._counts[app, agent, user] += count

    def map(self) -> ScopeMap:
        """What was taken in, of this repository."""
        place = self._place
        reached = tuple(
            (lane, sum(n for ids, n in self._counts.items() if _in(lane.scope, *ids)))
            for lane in place.lanes
        )
        strays: Counter[tuple[str, Scope]] = Counter()
        targets: dict[tuple[str, Scope], dict[EntityKind, str]] = {}
        others: Counter[str] = Counter()
        for ids, count in self._counts.items():
            here = any(_in(lane.scope, *ids) for lane in place.lanes)
            if here and self._lane(ids[0], ids[1]) is None:
                continue
            stray = self._stray(*ids)
            if stray is not None:
                why, scope, target = stray
                strays[why, scope] += count
                targets[why, scope] = target
            elif ids[0] in self._apps and ids[2] is not None:
                others[ids[2]] += count
        found = [Stray(*key, count, targets[key]) for key, count in strays.items()]
        found.sort(key=lambda each: (-each.count, each.why, str(each.scope)))
        return ScopeMap(place, reached, tuple(found), tuple(sorted(others.items())))

    def _stray(
        self, app: str | None, agent: str | None, user: str | None
    ) -> tuple[str, Scope, dict[EntityKind, str]] | None:
        """Why memories with these ids are out of place, the ids that say so, and the right ones;
        None for those of other repositories and users."""
        place, own = self._place, Scope(user_id=user, agent_id=None if user else agent, app_id=app)
        if (lane := self._lane(app, agent)) is not None:
            target = {EntityKind.AGENT: place.shared}
            if app != place.app:
                target[EntityKind.APP] = place.app
            return self._why(lane, app), Scope(agent_id=agent, app_id=app), target
        if app is None or _letters(app) not in self._spellings:
            return None
        same_user = user is not None and user.casefold() == place.user.casefold()
        to_user = {EntityKind.USER: place.user}
        if app not in self._apps:
            spelt = _letters(app) == _letters(place.app)
            why = "another spelling of the app" if spelt else "another name of the app, it seems"
            missing = (same_user and user != place.user) or (user is None and agent is None)
            return why, own, {EntityKind.APP: place.app, **(to_user if missing else {})}
        if same_user:
            return "another spelling of the user", own, to_user
        if user is None and agent is None:
            return "belong to no user", own, to_user
        if user is None:
            return "belong to an agent that nobody asks for", own, {EntityKind.AGENT: place.shared}
        return None

    def _lane(self, app: str | None, agent: str | None) -> Lane | None:
        """The shared lane, of this repository by its name but not in use, that *agent* is."""
        used = {lane.scope.agent_id for lane in self._place.lanes}
        if agent is None or (agent in used and app == self._place.app):
            return None
        if agent == self._place.shared:
            return Lane(agent, app or "")
        for name in dict.fromkeys((app, self._place.app, *self._place.names)):
            lane = lane_of(agent, name)
            if lane is not None and _letters(lane.app_id) in self._spellings:
                return lane
        return None

    def _why(self, lane: Lane, app: str | None) -> str:
        if lane.agent_id == self._place.shared:
            return "the shared lane under another app" if app else "the shared lane without its app"
        if lane.agent_id == self._place.local:
            return "the shared lane from before it had a remote"
        if lane.digest is None:
            return "the shared lane of plugin 0.3.0 under another app"
        return "the shared lane of a folder" if lane.local else "the shared lane of another remote"


def _in(scope: Scope, app: str | None, agent: str | None, user: str | None) -> bool:
    ids = {EntityKind.APP: app, EntityKind.AGENT: agent, EntityKind.USER: user}
    return all(ids[ref.kind] == ref.id for ref in scope)


def _letters(name: str) -> str:
    """*name* without case and without what stands between its words."""
    return _LETTERS.sub("", name).casefold()
