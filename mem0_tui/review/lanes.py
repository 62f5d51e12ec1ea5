"""What the scope tree shows under an app: its shared lanes, then its users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.lane import lane_of

if TYPE_CHECKING:
    from mem0_tui.backends.library.entities import EntityList

_SHARED = "shared"
_OLDER = "shared (older lane)"
_OLDER_IN_SHORT = ("older lane", "older")


@dataclass(frozen=True, slots=True)
class AppPart:
    """The memories that belong to an app and also to one agent, its lane, or to one user."""

    name: str
    scope: Scope
    """The two ids that all of them have."""
    count: int | None
    """How many they are; None where that is not known yet."""
    updated_at: datetime | None = None
    """When the agent of a lane was last active."""

    def name_within(self, cells: int) -> str:
        """Its name, or where there is no room for that, what tells it from the others."""
        names = (_OLDER, *_OLDER_IN_SHORT) if self.name == _OLDER else (self.name,)
        return next((name for name in names if len(name) <= cells), names[-1])

    @property
    def refs(self) -> frozenset[EntityRef]:
        """The two entities."""
        return frozenset(self.scope)

    @property
    def is_lane(self) -> bool:
        """Whether it is what all users of the app share."""
        return self.scope.agent_id is not None


def parts_of(entities: EntityList) -> Mapping[str, Sequence[AppPart]]:
    """The parts of each app: the lane in use, older ones, then users, those with most first.

    Of several lanes with a hash, the one whose agent was active last is in use. Where the dates do
    not tell, each goes by its hash.
    """
    lanes: dict[str, dict[str, AppPart]] = {}
    users: dict[str, dict[str, AppPart]] = {}
    for app_id, agent_id, user_id, count in entities.parts:
        if agent_id is not None and lane_of(agent_id, app_id) is not None:
            scope = Scope(agent_id=agent_id, app_id=app_id)
            _add(lanes.setdefault(app_id, {}), agent_id, scope, count)
        if user_id is not None:
            scope = Scope(user_id=user_id, app_id=app_id)
            _add(users.setdefault(app_id, {}), user_id, scope, count)
    wanted = {agent_id for parts in lanes.values() for agent_id in parts}
    seen = {
        agent.id: agent.updated_at
        for agent in (entities.of_kind(EntityKind.AGENT) if wanted else ())
        if agent.id in wanted
    }
    found: dict[str, Sequence[AppPart]] = {}
    for app_id in {**lanes, **users}:
        dated = [
            replace(part, updated_at=seen.get(agent_id))
            for agent_id, part in lanes.get(app_id, {}).items()
        ]
        many_first = sorted(
            users.get(app_id, {}).values(), key=lambda part: (-(part.count or 0), part.name)
        )
        found[app_id] = [*_named(dated), *many_first]
    return found


def lane_agents(entities: EntityList, parts: Mapping[str, Sequence[AppPart]]) -> frozenset[str]:
    """The agents all of whose memories stand under apps, as lanes."""
    counted: dict[str, int | None] = {}
    for part in (part for found in parts.values() for part in found if part.is_lane):
        agent_id = part.scope.agent_id or ""
        before = counted.get(agent_id, 0)
        known = before is not None and part.count is not None
        counted[agent_id] = (before or 0) + (part.count or 0) if known else None
    return frozenset(
        agent.id
        for agent in (entities.of_kind(EntityKind.AGENT) if counted else ())
        if agent.id in counted and counted[agent.id] in (agent.memory_count, None)
    )


def _add(parts: dict[str, AppPart], id_: str, scope: Scope, count: int | None) -> None:
    before = parts.get(id_)
    known = count is not None and (before is None or before.count is not None)
    total = (before.count if before else 0) or 0
    parts[id_] = AppPart(id_, scope, total + (count or 0) if known else None)


def _named(lanes: Sequence[AppPart]) -> Sequence[AppPart]:
    def digest(part: AppPart) -> str | None:
        lane = lane_of(part.scope.agent_id, part.scope.app_id)
        return lane.digest if lane is not None else None

    hashed = [part for part in lanes if digest(part) is not None]
    plain = [part for part in lanes if digest(part) is None]
    moments = [part.updated_at for part in hashed if part.updated_at is not None]
    latest = max(moments, default=None)
    told = len(moments) == len(hashed) and moments.count(latest) == 1  # type: ignore[arg-type]
    if len(hashed) <= 1:
        named = [replace(part, name=_SHARED) for part in hashed]
    elif told:
        newest_first = sorted(zip(moments, range(len(hashed)), strict=True), reverse=True)
        named = [
            replace(hashed[at], name=_OLDER if place else _SHARED)
            for place, (_, at) in enumerate(newest_first)
        ]
    else:
        named = [replace(part, name=f"{_SHARED} · {digest(part)}") for part in hashed]
    return [*named, *(replace(part, name=_OLDER) for part in plain)]
