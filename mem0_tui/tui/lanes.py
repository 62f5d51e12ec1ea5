"""The shared lanes of apps, as the scope tree shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mem0_tui.model.entity import Entity, EntityKind
from mem0_tui.model.lane import Lane, recognised

if TYPE_CHECKING:
    from mem0_tui.backends.entity_list import EntityList

_SHARED = "shared"
_OLDER = "shared (older lane)"


class NamedLane(NamedTuple):
    """The agent behind a lane, and what to call the lane."""

    entity: Entity
    name: str


def lanes_of(entities: EntityList) -> Mapping[str, Sequence[NamedLane]]:
    """The lanes of each app, the one in use first.

    Of several with a hash, the one that was active last is in use. Where the dates do not tell,
    each goes by its hash.
    """
    apps = frozenset(entities.ids(EntityKind.APP))
    found: dict[str, list[tuple[Entity, Lane]]] = {}
    for agent in entities.of_kind(EntityKind.AGENT) if apps else ():
        lane = recognised(agent.id, apps)
        if lane is not None:
            found.setdefault(lane.app_id, []).append((agent, lane))
    return {app_id: _named(lanes) for app_id, lanes in found.items()}


def _named(lanes: Sequence[tuple[Entity, Lane]]) -> Sequence[NamedLane]:
    hashed = [(entity, lane) for entity, lane in lanes if lane.digest is not None]
    dated = sorted(
        ((entity.updated_at, entity) for entity, _ in hashed if entity.updated_at is not None),
        key=lambda pair: pair[0],
        reverse=True,
    )
    told = len(dated) == len(hashed) and len({moment for moment, _ in dated[:2]}) == len(dated[:2])
    if len(hashed) <= 1:
        named = [NamedLane(entity, _SHARED) for entity, _ in hashed]
    elif told:
        named = [NamedLane(each, _OLDER if at else _SHARED) for at, (_, each) in enumerate(dated)]
    else:
        named = [NamedLane(entity, f"{_SHARED} · {lane.digest}") for entity, lane in hashed]
    return [*named, *(NamedLane(entity, _OLDER) for entity, lane in lanes if lane.digest is None)]
