"""The screen's fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import textual._wait
import textual.constants

from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.controllers import detail, find, load, show
from mem0_tui.tui.runtime import key_queue
from tests.tui.harness import Bench, bench, tell_what_is_handled
from tests.tui.pilot_waits import wait_at_less_cost
from tests.tui.shared_styles import share_styles


@pytest.fixture(autouse=True)
def shared_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work out once for all apps which styles there are and apply."""
    share_styles(monkeypatch)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Bench]:
    """Sixty demo memories and everything around them."""
    with bench(tmp_path) as made:
        yield made


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do without the pauses that the screen makes while somebody is typing.

    Textual looks more often than by itself whether a key has been answered, and scrolls at once: a
    movement of up to a second is nothing that a test could wait for.
    """
    monkeypatch.setattr(detail, "_DETAIL_DELAY", 0.001)  # a timer of no length fails in Textual
    monkeypatch.setattr(find, "_TYPING_DELAY", 0)
    monkeypatch.setattr(load, "_TYPING_PAUSE", 0)
    monkeypatch.setattr(show, "_STALE_SECONDS", 0.001)
    monkeypatch.setattr(key_queue, "_PATIENCE", 60.0)  # what a key waits for comes, if late
    monkeypatch.setattr(textual._wait, "SLEEP_GRANULARITY", 0.005)
    monkeypatch.setattr(textual.constants, "TEXTUAL_ANIMATIONS", "none")
    wait_at_less_cost(monkeypatch)
    tell_what_is_handled(monkeypatch)


@pytest.fixture(autouse=True)
def lasting_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep notices until something takes them away: on a busy machine, reading one takes longer
    than the five seconds that Textual gives it."""
    monkeypatch.setattr(Mem0App, "NOTIFICATION_TIMEOUT", 600.0)
