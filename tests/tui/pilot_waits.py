"""How an app of a test is waited for and drawn, at less cost than Textual's own.

By itself the pilot sends each widget a message, a hundred of them before and after every key, and
waits until the last has come back; and the screen is drawn several times a key, which nobody sees.
Here the pilot looks at what the widgets have received and have not done yet, and the screen is
drawn once all of that is done, as on a slow terminal.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen

_LONG = 600.0
"""Seconds that Textual's own wait may take on a busy machine, instead of thirty."""
_QUICK_TURNS, _TURNS = 20, 500
"""Turns of the loop that are taken at once, as most of what is sent is done within a few; and all
turns, after which Textual's own wait is used: somebody waits for a thread."""

_dispatching: set[object] = set()
_to_be_drawn: set[Screen[Any]] = set()

_DISPATCH = MessagePump._dispatch_message
_WAIT = Pilot._wait_for_screen
_DRAW = Screen._compositor_refresh


async def _dispatch(self: MessagePump, message: Message) -> None:
    mark = object()
    _dispatching.add(mark)
    try:
        await _DISPATCH(self, message)
    finally:
        _dispatching.discard(mark)


async def _wait_for_screen(self: Pilot[Any]) -> bool:
    """True once all is done and drawn, False where the app has failed."""
    app = self.app
    for turn in range(_TURNS):
        await asyncio.sleep(0 if turn < _QUICK_TURNS else 0.002)
        if app._exception is not None or not app._screen_stack:
            break
        if _dispatching or app._resize_timer is not None or any(map(_is_busy, _pumps(app))):
            continue
        if not draw(app):
            return True
    done: bool = await _WAIT(self, _LONG)
    draw(app)
    return done


def _pumps(app: App[Any]) -> list[MessagePump]:
    return [app, *app.screen.walk_children(with_self=True)]


def _is_busy(pump: MessagePump) -> bool:
    """Whether *pump* has something to do, or is only about to begin."""
    if pump._closing or pump._closed:
        return False
    return bool(
        not pump._is_mounted
        or pump._pending_message is not None
        or pump.message_queue_size
        or pump._next_callbacks
    )


def _draw_later(self: Screen[Any]) -> None:
    if self.app.is_inline or self is not self.app.screen:
        _DRAW(self)
        return
    _to_be_drawn.add(self)
    self._dirty_widgets.clear()
    self.app._update_mouse_over(self)


def is_to_be_drawn(app: App[Any]) -> bool:
    """Whether the screen in front shows what is no longer so."""
    return bool(app._screen_stack) and app.screen in _to_be_drawn


def draw(app: App[Any]) -> bool:
    """Draw the screen in front; False where it has not changed, or changes are held back."""
    if app._batch_count or not app._running or not is_to_be_drawn(app):
        return False
    _to_be_drawn.discard(app.screen)
    with app.screen._context():
        _DRAW(app.screen)
    return True


def wait_at_less_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every pilot wait, and every screen be drawn, like this from now on."""
    _dispatching.clear()
    _to_be_drawn.clear()
    monkeypatch.setattr(MessagePump, "_dispatch_message", _dispatch)
    monkeypatch.setattr(Pilot, "_wait_for_screen", _wait_for_screen)
    monkeypatch.setattr(Screen, "_compositor_refresh", _draw_later)
