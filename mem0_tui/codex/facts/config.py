"""Codex's configuration: its layers, what they add up to, and what is wrong with them.

A single fault that Codex does not forgive leaves it with no configuration at all; `Config.data` is
then empty, while `Config.seen` still tells what the files say.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from mem0_tui.codex.facts import config_rules as configrules
from mem0_tui.codex.facts.config_faults import ConfigFault, Fault, FaultKind, value_faults
from mem0_tui.codex.facts.layers import ConfigLayer, merged, origins, overlaid, read_layer
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.facts.projects import read_projects
from mem0_tui.codex.facts.requirements import Requirements, read_requirements
from mem0_tui.codex.files.spot import KeyPath, LayerOrigin, Spot, table
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record


class Config(Record):
    """All layers, lowest first, and what they add up to."""

    layers: tuple[ConfigLayer, ...]
    requirements: Requirements
    data: Mapping[str, object]
    seen: Mapping[str, object]
    origins: Mapping[KeyPath, LayerOrigin] = MappingProxyType({})
    checkout: str | None = None
    """The root of the git checkout around the working folder."""
    values: tuple[ConfigFault, ...] = ()
    """Wrong values of what the layers add up to, and names in it of what none of them has."""
    hidden: tuple[ConfigFault, ...] = ()
    """Values that Codex refuses everywhere but here, where the project has others."""
    undecided: tuple[KeyPath, ...] = ()
    """Settings whose values only Codex itself can judge."""
    judged: bool = False
    """Whether Codex itself was asked, so that this is its verdict."""

    @property
    def user(self) -> ConfigLayer:
        return next(layer for layer in self.layers if layer.name == "user")

    @property
    def faults(self) -> tuple[ConfigFault, ...]:
        """The faults of the layers that count, and of what they add up to."""
        active = [layer for layer in self.layers if layer.active]
        above = [self.requirements.fault] if self.requirements.fault else []
        return (*above, *(fault for layer in active for fault in layer.faults), *self.values)

    @property
    def rejected(self) -> ConfigFault | None:
        """The fault because of which Codex reads nothing of its configuration."""
        return next((fault for fault in self.faults if fault.fatal), None)

    def get(self, *key: str) -> object:
        """The merged value at *key*, None where there is none."""
        value: object = self.data
        for part in key:
            value = table(value).get(part)
        return value

    def origin(self, *key: str | int) -> LayerOrigin | None:
        """Where the merged value at *key*, or the nearest table around it, was written."""
        for length in range(len(key), 0, -1):
            if found := self.origins.get(key[:length]):
                return found
        return None

    def spot(self, *key: str | int) -> Spot:
        """Like :meth:`origin`, with the user's file as a last resort."""
        found = self.origin(*key)
        if found is None:
            return self.user.document.spot(*key)
        layer = next(layer for layer in self.layers if layer.document.path == found.spot.path)
        return layer.document.spot(*key)

    def writers(self, *key: str) -> list[ConfigLayer]:
        """The layers that write the table or value at *key*, the one that wins last."""
        return [layer for layer in self.layers if layer.active and _holds(layer.counted, key)]

    def folder_of(self, *key: str | int) -> str:
        """The folder of the file that the value at *key* comes from."""
        return os.path.dirname(self.spot(*key).path)

    def feature(self, name: str) -> bool | None:
        """The switch ``features.NAME`` as it is pinned, else as written; None where it is not."""
        if (pinned := self.requirements.feature(name)) is not None:
            return pinned
        value = self.get("features", name)
        return value if isinstance(value, bool) else None


def read_config(homes: Homes, rules: Measured) -> Config:
    """Read every layer that Codex would, and those it would read if the project were trusted."""
    below = [
        read_layer("system", homes.system_config, rules),
        read_layer("user", homes.config, rules),
    ]
    managed = read_layer("managed", homes.managed_config, rules)
    checkout, projects = read_projects(homes, [*below, managed], rules)
    layers = [*below, *projects, managed]
    active = [layer for layer in layers if layer.active]
    seen = merged(active)
    requirements = read_requirements(homes.requirements, rules)
    config = Config(tuple(layers), requirements, seen, seen, origins(active), checkout)
    if config.rejected is None:
        config = config.replace(values=tuple(_values(active, rules)))
    if config.rejected is None:
        hidden = _values([*below, managed], rules) if any(x.active for x in projects) else ()
        config = config.replace(
            hidden=tuple(hidden),
            values=tuple(_references(config, rules)),
            undecided=tuple(configrules.undecided(seen, rules)),
        )
    return config if config.rejected is None else config.replace(data={})


def _values(layers: Iterable[ConfigLayer], rules: Measured) -> Iterator[ConfigFault]:
    """The wrong values of what *layers* add up to, each with the layer that brings it in."""
    below: Mapping[str, object] = {}
    found: dict[Fault, ConfigLayer] = {}
    for layer in layers:
        if layer.counted:
            below = overlaid(below, layer.counted)
            found = {fault: found.get(fault, layer) for fault in value_faults(below, rules)}
    for (kind, key, message), layer in found.items():
        yield ConfigFault(kind, message, layer.document.spot(*key), key)


def _references(config: Config, rules: Measured) -> Iterator[ConfigFault]:
    for key, message in configrules.reference_faults(config.seen, config.folder_of, rules):
        yield ConfigFault(FaultKind.REFERENCE, message, config.spot(*key), key)


def _holds(data: Mapping[str, object], key: tuple[str, ...]) -> bool:
    value: object = data
    for part in key:
        if part not in table(value):
            return False
        value = table(value)[part]
    return True
