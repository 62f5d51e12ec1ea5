"""Keeps keys in order: each is done with, focus and all, before the next is looked at.

Textual hands a key to whatever has the focus now, while an earlier key may still be on its way to
moving it. What is typed fast, pasted, or held up by a slow connection would then go astray: «/d»
would stage a delete instead of searching for «d».
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from time import monotonic

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

_LOOK = 0.25
"""Seconds between looks at whether a key has got lost, with the screen it went to."""

_REST = 0.02
"""Seconds of rest after which a key that moves no focus is followed, if none waits for it."""

_PATIENCE = 5.0
"""Seconds after which a key, or what it brings onto the screen, holds the others up no more."""


class KeyFollower(Message, bubble=True, verbose=True):
    """Goes the way of a key, behind it, up to the app."""

    def __init__(self, key: int, rounds: int) -> None:
        super().__init__()
        self.key, self.rounds = key, rounds


class KeyQueue(App[int]):
    """An app that lets a key in when the one before it has had all its effects."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting_keys: deque[events.Event] = deque()
        self._keys_let_in = 0
        self._last_let_in = 0.0
        self._key_under_way = False
        self._goes_nowhere_yet = False
        """Whether all keys under way leave the focus where it is, such as letters in a box."""
        self._followed_way: MessagePump = self
        self._looks: asyncio.TimerHandle | None = None
        self._rest: asyncio.TimerHandle | None = None
        self.awake_since = 0.0
        """When the app last came back from the background, or what keys were meant for was
        cancelled: what was typed before it is dropped."""

    @property
    def keys_under_way(self) -> bool:
        """Whether a key has not had all its effects yet."""
        return self._key_under_way

    def is_busy_with_keys(self, rest: float) -> bool:
        """Whether a key has effects to come, or was let in less than *rest* seconds ago."""
        return self._key_under_way or monotonic() - self._last_let_in < rest

    async def on_event(self, event: events.Event) -> None:
        """Hold fresh keys back while one is under way."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif self._cancels(event):
            # The keys before it were meant for what now is not opened.
            self._waiting_keys.clear()
            self.awake_since = event.time
            await self._let_in(event)
        elif self._key_under_way and not self._goes_nowhere(event):
            self._waiting_keys.append(event)
            if self._rest is not None:
                self._follow_first()
        else:
            await self._let_in(event)

    def _cancels(self, event: events.Event) -> bool:
        """Whether *event* is Esc, and meant for what is being prepared to be opened."""
        from mem0_tui.tui.screens.browse import BrowseScreen

        if not isinstance(event, events.Key) or event.key != "escape" or not self.screen_stack:
            return False
        return isinstance(self.screen, BrowseScreen) and self.screen.is_opening

    def _goes_nowhere(self, event: events.Event) -> bool:
        """Whether neither *event* nor the keys under way can move the focus."""
        return self._goes_nowhere_yet and not self._waiting_keys and self._is_steady(event)

    def _is_steady(self, event: events.Event) -> bool:
        if not isinstance(event, events.Key):
            return False
        from textual.widgets import Input

        target = self._way()
        if isinstance(target, Input):
            return event.is_printable
        return event.key in getattr(target, "STEADY_KEYS", ())

    async def _let_in(self, event: events.Event) -> None:
        self._end_rest()
        self._goes_nowhere_yet = self._is_steady(event)
        self._key_under_way = True
        self._keys_let_in += 1
        self._last_let_in = monotonic()
        awaited = self._awaited(event)
        if awaited is None:
            await self._send(event)
        else:
            self.run_worker(self._send_after(event, awaited), group="keys")

    def _awaited(self, event: events.Event) -> asyncio.Event | None:
        """What *event* is meant for and is not on the screen yet, such as a search's rows."""
        from mem0_tui.tui.screens.browse import BrowseScreen

        screen = self.screen if self.screen_stack else None
        if not isinstance(screen, BrowseScreen) or getattr(event, "key", "") == "escape":
            return None
        awaited = screen.awaited_by_key(moves=self._is_steady(event))
        return None if awaited is None or awaited.is_set() else awaited

    async def _send_after(self, event: events.Event, awaited: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(awaited.wait(), _PATIENCE)
        self.call_later(self._send, event)

    async def _send(self, event: events.Event) -> None:
        self._followed_way = self._way()
        if not self._is_blind(event):
            await super().on_event(event)
        if self._goes_nowhere_yet and not self._waiting_keys:
            # Its followers would be in the way of what it is to show.
            self._rest = asyncio.get_running_loop().call_later(_REST, self._follow_first)
        else:
            self._follow_first()

    def _is_blind(self, event: events.Event) -> bool:
        """Whether *event* would answer what was not to be seen when it was typed."""
        if event.time < self.awake_since:
            return True
        seen_at: float = getattr(self.screen, "seen_at", 0.0) if self.screen_stack else 0.0
        return event.time < seen_at and getattr(event, "key", "") != "escape"

    def _follow_first(self) -> None:
        """Follow the key that was let in last.

        The second round is for messages that the first one's handlers sent, and starts from
        wherever the focus, or a screen that was opened, has got to by then.
        """
        self._end_rest()
        self._follow(self._followed_way, self._keys_let_in, rounds=1)
        self._look_later(self._keys_let_in, _PATIENCE)

    def _end_rest(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None

    def _way(self) -> MessagePump:
        return (self.focused or self.screen) if self.screen_stack else self

    def _follow(self, way: MessagePump, key: int, rounds: int) -> None:
        self._followed_way = way
        way.post_message(KeyFollower(key, rounds))

    def on_key_follower(self, message: KeyFollower) -> None:
        """Send the next round, or let the next key in."""
        message.stop()
        if message.key != self._keys_let_in:
            return
        if message.rounds:
            self.call_later(self._send_round, message.key, message.rounds - 1)
        else:
            self.call_later(self._key_is_done, message.key)

    def _send_round(self, key: int, rounds: int) -> None:
        self._follow(self._way(), key, rounds)

    def _look_later(self, key: int, patience: float) -> None:
        if self._looks is not None:
            self._looks.cancel()
        loop = asyncio.get_running_loop()
        self._looks = loop.call_later(_LOOK, self._look, key, patience - _LOOK)

    def _look(self, key: int, patience: float) -> None:
        if key != self._keys_let_in or not self._key_under_way:
            return
        way = self._followed_way
        if patience > 0 and way.is_running and (way is self or way.is_attached):
            self._look_later(key, patience)
        else:
            self.call_later(self._key_is_done, key)

    async def _key_is_done(self, key: int) -> None:
        if key != self._keys_let_in or not self._key_under_way:
            return
        if self._looks is not None:
            self._looks.cancel()
        if self._waiting_keys:
            await self._let_in(self._waiting_keys.popleft())
        else:
            self._key_under_way = False
