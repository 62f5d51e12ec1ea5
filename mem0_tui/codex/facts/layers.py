"""The files that add up to Codex's configuration, and how one lies over the other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from enum import StrEnum

from mem0_tui.codex.facts.config_faults import ConfigFault, document_faults
from mem0_tui.codex.files.spot import KeyPath, LayerOrigin, Spot, table
from mem0_tui.codex.files.text_file import FileState
from mem0_tui.codex.files.toml_doc import TomlDocument, load_toml
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record


class Trust(StrEnum):
    """Whether the user lets a project's ``.codex`` folder configure Codex."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    UNDECIDED = "undecided"


class ConfigLayer(Record):
    """One config.toml."""

    name: str
    """``system``, ``user``, ``project`` or ``managed``."""
    folder: str
    document: TomlDocument
    trust: Trust = Trust.TRUSTED
    trust_spot: Spot | None = None
    faults: tuple[ConfigFault, ...] = ()
    left_out: tuple[str, ...] = ()
    """Settings in it that Codex takes from no project, whatever they hold."""

    @property
    def active(self) -> bool:
        return self.trust is Trust.TRUSTED

    @property
    def data(self) -> Mapping[str, object]:
        return self.document.table

    @property
    def counted(self) -> Mapping[str, object]:
        """What of it Codex takes, where it takes the layer at all."""
        if not (left_out := self.left_out):
            return self.data
        return {name: value for name, value in self.data.items() if name not in left_out}

    @property
    def editable(self) -> bool:
        """Whether it is the user's to change; the others are the administrator's."""
        return self.name in ("user", "project")

    @property
    def hooks_file(self) -> str:
        return os.path.join(self.folder, "hooks.json")


def read_layer(
    name: str,
    path: str,
    rules: Measured,
    trust: Trust = Trust.TRUSTED,
    trust_spot: Spot | None = None,
) -> ConfigLayer:
    """Read one file; where it does not parse, its tables are there with nothing in them."""
    document = load_toml(path)
    faults = tuple(document_faults(name, document, rules))
    if document.problem is not None and document.file.state is FileState.OK:
        document.data = _skeleton(document)
    known = rules.document("config")
    left_out = tuple(key for key in document.table if known.get(key, {}).get("project") is False)
    return ConfigLayer(
        name,
        os.path.dirname(path),
        document,
        trust,
        trust_spot,
        faults,
        left_out if name == "project" else (),
    )


def merged(layers: Iterable[ConfigLayer]) -> Mapping[str, object]:
    """What *layers* add up to, key by key; a later one goes before an earlier one."""
    found: Mapping[str, object] = {}
    for layer in layers:
        found = overlaid(found, layer.counted)
    return found


def overlaid(below: Mapping[str, object], above: Mapping[str, object]) -> Mapping[str, object]:
    """*above* over *below*: tables are merged, everything else is replaced."""
    if not below or not above:
        return above or below
    found = dict(below)
    for name, value in above.items():
        old = found.get(name)
        both = isinstance(old, dict) and isinstance(value, dict)
        found[name] = overlaid(table(old), table(value)) if both else value
    return found


def origins(layers: Iterable[ConfigLayer]) -> dict[KeyPath, LayerOrigin]:
    """Which of *layers* each key of what they add up to was written in last."""
    found: dict[KeyPath, LayerOrigin] = {}
    for layer in layers:
        _note_origins(found, (), layer.counted, layer)
    return found


def _note_origins(
    found: dict[KeyPath, LayerOrigin], at: KeyPath, data: Mapping[str, object], layer: ConfigLayer
) -> None:
    for name, value in data.items():
        key = (*at, name)
        found[key] = LayerOrigin(layer.name, Spot(layer.document.path))
        if isinstance(value, dict) and len(key) < 8:
            _note_origins(found, key, value, layer)


def _skeleton(document: TomlDocument) -> dict[str, object]:
    """The tables that a text which does not parse seems to hold, their values left empty."""
    found: dict[str, object] = {}
    for key in document.lines:
        at = found
        for part in key:
            inner = at.setdefault(str(part), {})
            if not isinstance(inner, dict):
                break
            at = inner
    return found
