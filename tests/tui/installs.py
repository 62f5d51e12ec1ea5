"""Installs in temporary homes, and the app with the health screen on one of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from textual.events import Mount
from textual.screen import Screen

from mem0_tui.backends.mcp.probe import McpProbe
from mem0_tui.cli.rendering.doctor import plain_text
from mem0_tui.codex.watch import HealthService
from mem0_tui.model.clock import FrozenClock
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.screens.health import HealthScreen
from tests.codex.homes import Home
from tests.codex.scenarios import ALL
from tests.tui.harness import Bench, bench

DEAD_SERVER = "http://127.0.0.1:9/mcp"


@dataclass(frozen=True, slots=True)
class Clinic:
    """An install, and the app to look at it with."""

    home: Home
    service: HealthService
    desk: Bench

    def ward(self) -> Mem0App:
        """The app with nothing but the health screen, which is quicker."""
        return Ward(replace(self.desk.parts, install=lambda: self.service))

    def app(self, **changes: Any) -> Mem0App:
        parts: dict[str, Any] = {"install": lambda: self.service, "doctor": self.service.report}
        return self.desk.app(**{**parts, **changes})


class Ward(Mem0App):
    """Opens the health screen at once."""

    def get_default_screen(self) -> Screen[Any]:
        return Screen(id="_default")

    def on_mount(self, event: Mount) -> None:  # type: ignore[override]
        event.prevent_default()
        assert self.parts.install is not None
        self.push_screen(HealthScreen(self.parts.install(), lambda _: None))


def scenario(name: str) -> Callable[[Home], object]:
    """How the install of that name is built."""
    return next(each.build for each in ALL if each.name == name)


@contextlib.contextmanager
def clinic(folder: Path, build: Callable[[Home], object]) -> Iterator[Clinic]:
    """The install that *build* makes in *folder*, whose server answers nobody."""
    home = Home(folder / "machine", url=DEAD_SERVER)
    build(home)
    with bench(folder, count=5) as desk:
        service = HealthService(
            McpProbe,
            cwd=str(home.cwd),
            environ=home.environ,
            system_config=str(folder / "none"),
            render=plain_text,
            clock=FrozenClock(desk.clock.now()),
            timeout=60,
        )
        yield Clinic(home, service, desk)
