"""Which git repositories are known, and under which ids their memories are stored."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mem0_tui.model.errors import UsageError

if TYPE_CHECKING:
    from mem0_tui.codex.facts.paths import Homes
    from mem0_tui.evidence.staleness.service import Checkout, SessionPlace, StaleNames

_MOST = 64
"""Projects of Codex that are looked at."""
_PROJECT = "MEM0_PROJECT_ID"


def stale_names(
    named: Sequence[str] = (),
    *,
    sessions: Callable[[str], SessionPlace | None],
    environ: Mapping[str, str] | None = None,
) -> StaleNames:
    """What compares memories with the repositories *named* (``DIR``, or ``APP=DIR`` where the
    memories have another app id), else with that of the working folder and those that Codex has
    been used in. *sessions* gives the session of an id; it is called in a thread.

    Raises:
        UsageError: one of those named is no repository.
    """
    from mem0_tui.evidence.staleness.service import StaleNames

    variables = os.environ if environ is None else environ
    if named:
        chosen = [_chosen(each, variables) for each in named]
        return StaleNames(lambda: chosen, sessions=sessions)
    return StaleNames(lambda: list(_known(variables)), sessions=sessions)


def _chosen(named: str, environ: Mapping[str, str]) -> Checkout:
    from mem0_tui.git.place import RepositoryError, find_repository

    app, has_app, folder = named.partition("=")
    if not has_app or os.path.isdir(named):
        app, folder = "", named
    folder = os.path.abspath(os.path.expanduser(folder))
    try:
        root = find_repository(folder).root
    except RepositoryError as error:
        raise UsageError(
            f"{folder} cannot be compared with: {error}",
            hint="--repo takes a folder of a git repository",
        ) from None
    return _checkout(root, environ, app, chosen=True)


def _known(environ: Mapping[str, str]) -> Iterator[Checkout]:
    from mem0_tui.codex.facts.paths import find_homes
    from mem0_tui.git.place import RepositoryError, find_repository

    homes = find_homes(environ=environ)
    seen: set[str] = set()
    for folder in (homes.cwd, *_projects(homes)):
        try:
            root = find_repository(folder).root
        except RepositoryError:
            continue
        if root not in seen:
            # the name that the environment gives is meant for the working folder
            fits = environ if not seen and folder == homes.cwd else _without_project(environ)
            seen.add(root)
            yield _checkout(root, fits)


def _without_project(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name != _PROJECT}


def _projects(homes: Homes) -> Sequence[str]:
    """The folders that Codex was told to trust, or not to."""
    from mem0_tui.codex.files.spot import table
    from mem0_tui.codex.files.toml_doc import load_toml

    projects = table(load_toml(homes.config).table.get("projects"))
    return [each for each in list(projects)[:_MOST] if os.path.isdir(each)]


def _checkout(
    root: str, environ: Mapping[str, str], app: str = "", *, chosen: bool = False
) -> Checkout:
    from mem0_tui.codex.capture.lanes import read_lanes
    from mem0_tui.codex.facts.paths import find_homes
    from mem0_tui.evidence.staleness.service import Checkout

    lanes = read_lanes(find_homes(cwd=root, environ=environ), environ)
    apps = {each for each in (app or lanes.app,) if each}
    agents = frozenset(lanes.shared) | apps
    return Checkout(root, frozenset(apps), agents, chosen)
