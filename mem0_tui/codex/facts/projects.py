"""The folders between a project's root and the working folder, and whether Codex trusts them.

Measured with Codex 0.171.0: a ``.git`` that is a file, or a folder with a HEAD, marks a root. What
decides about a folder is the record of that folder, else of the project's root, else of the
checkout; a linked work tree is decided by its main checkout.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from mem0_tui.codex.facts.layers import ConfigLayer, Trust, merged, read_layer
from mem0_tui.codex.facts.paths import Homes, between, real, same_path, upwards
from mem0_tui.codex.files.spot import Spot, table, text
from mem0_tui.codex.files.text_file import read
from mem0_tui.codex.rules import Measured

_GIT = ".git"


def read_projects(
    homes: Homes, below: list[ConfigLayer], rules: Measured
) -> tuple[str | None, list[ConfigLayer]]:
    """The git checkout, and the layers of the project's ``.codex`` folders, outermost first.

    *below* are the layers that decide about trust and about what marks a root.
    """
    settings = merged(below)
    markers = settings.get("project_root_markers")
    if not isinstance(markers, list):
        markers = rules.rule("config", "project_root_markers").get("default", [_GIT])
    names = [marker for marker in markers if isinstance(marker, str)]
    root = _find_up(homes.cwd, names)
    checkout = _find_up(homes.cwd, [_GIT])
    main = None if checkout is None else _main_checkout(checkout)
    layers: list[ConfigLayer] = []
    for folder in between(root or homes.cwd, homes.cwd):
        place = os.path.join(folder, ".codex")
        if not os.path.isdir(place) or same_path(place, homes.codex_home):
            continue
        trust, key = _trust(settings, (folder, root or folder, main or checkout))
        spot = None if key is None else _trust_spot(below, key)
        path = os.path.join(place, "config.toml")
        layers.append(read_layer("project", path, rules, trust, spot))
    return checkout, layers


def _find_up(start: str, markers: list[str]) -> str | None:
    return next((f for f in upwards(start) if any(_is_root(f, m) for m in markers)), None)


def _is_root(folder: str, marker: str) -> bool:
    place = os.path.join(folder, marker)
    if marker == _GIT and os.path.isdir(place):
        return os.path.exists(os.path.join(place, "HEAD"))
    return os.path.exists(place)


def _trust(
    settings: Mapping[str, object], folders: tuple[str | None, ...]
) -> tuple[Trust, str | None]:
    projects = table(settings.get("projects"))
    for name in _names(folders):
        level = text(table(projects.get(name)).get("trust_level"))
        if level in ("trusted", "untrusted"):
            return Trust(level), name
    return Trust.UNDECIDED, None


def _names(folders: tuple[str | None, ...]) -> Iterator[str]:
    for folder in folders:
        if folder is not None:
            yield from dict.fromkeys((folder, real(folder)))


def _trust_spot(layers: list[ConfigLayer], name: str) -> Spot | None:
    """Where the record under *name* was written last."""
    having = [layer for layer in layers if name in table(layer.data.get("projects"))]
    return having[-1].document.spot("projects", name) if having else None


def _main_checkout(checkout: str) -> str | None:
    """The main checkout of which *checkout* is a linked work tree, if it is one."""
    file = read(os.path.join(checkout, _GIT), 1 << 14)
    if not file.text.startswith("gitdir:"):
        return None
    folder = os.path.normpath(os.path.join(checkout, file.text[7:].strip()))
    marker = os.sep + os.path.join(_GIT, "worktrees") + os.sep
    return folder.split(marker)[0] if marker in folder else None
