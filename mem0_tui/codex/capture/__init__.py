"""Whether Mem0's plugin 0.3 captures and recalls: what its files, keys and database say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mem0_tui.codex.capture.generations import PLUGIN_0_3, generation_at
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.facts.plugins import Plugin
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from datetime import datetime

    from mem0_tui.codex.capture.folders import DataFolder
    from mem0_tui.codex.capture.lanes import Lanes
    from mem0_tui.codex.capture.python import Python
    from mem0_tui.codex.capture.service import CaptureService

_OFF = "MEM0_CODE_AUTO_FLUSH"


class Capture(Record):
    """What one look shows of a plugin of generation 0.3 that loads."""

    at: datetime
    """When it was looked at, in UTC."""
    plugin: Plugin
    root: str
    service: CaptureService
    python: Python | None
    """None where there is no ``python3`` on PATH: nothing of the plugin runs."""
    lanes: Lanes
    folders: tuple[DataFolder, ...]
    """The hooks' first."""
    sends: bool
    """Whether sessions are sent by themselves, rather than MEM0_CODE_AUTO_FLUSH saying no."""

    @property
    def hooks(self) -> DataFolder:
        """The folder that the hooks use."""
        return self.folders[0]

    @property
    def old_python(self) -> bool:
        """Whether python3 is known to be too old."""
        version = None if self.python is None else self.python.version
        needed = PLUGIN_0_3.python
        return version is not None and needed is not None and version < needed


def read_capture(plugins: list[Plugin], homes: Homes) -> Capture | None:
    """Look at the first of *plugins*, which load, that is of generation 0.3."""
    for plugin in plugins:
        if plugin.root is not None and generation_at(plugin.root) is PLUGIN_0_3:
            return _read(plugin, plugin.root, homes)
    return None


def _read(plugin: Plugin, root: str, homes: Homes) -> Capture:
    from mem0_tui.codex.capture.folders import read_folders
    from mem0_tui.codex.capture.lanes import read_lanes
    from mem0_tui.codex.capture.python import find_python
    from mem0_tui.codex.capture.service import read_service
    from mem0_tui.codex.facts.environment import codex_environment
    from mem0_tui.model.clock import SystemClock

    environ = codex_environment(homes)
    folders = tuple(read_folders(plugin, homes, environ))
    switch = environ.get(_OFF, "true").lower()
    return Capture(
        at=SystemClock().now(),
        plugin=plugin,
        root=root,
        service=read_service(root, folders[0].path, homes, environ),
        python=find_python(environ),
        lanes=read_lanes(homes, environ),
        folders=folders,
        sends=switch in ("1", "true", "yes", "on"),
    )
