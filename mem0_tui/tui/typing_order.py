"""Keeps keys in order: each is done with, focus and all, before the next is looked at.

Textual hands a key to whatever has the focus now, while an earlier key may still be on its way to
moving it. What is typed fast, pasted, or held up by a slow connection would then go astray: «/d»
would stage a delete instead of searching for «d».
"""

from __future__ import annotations

import asyncio
from collections import deque

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widgets import Input

_PATIENCE = 0.25
"""Seconds after which a key that seems lost (its screen is gone) holds the others up no more."""


class KeyFollower(Message, bubble=True, verbose=True):
    """Goes the way of a key, behind it, up to the app."""

    def __init__(self, key: int, rounds: int) -> None:
        super().__init__()
        self.key, self.rounds = key, rounds


class TypingOrder(App[int]):
    """An app that lets a key in when the one before it has had all its effects."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting_keys: deque[events.Event] = deque()
        self._keys_let_in = 0
        self._key_under_way = False
        self._goes_nowhere_yet = False
        """Whether all keys under way leave the focus where it is, such as letters in a box."""
        self._impatience: asyncio.TimerHandle | None = None

    @property
    def keys_under_way(self) -> bool:
        """Whether a key has not had all its effects yet."""
        return self._key_under_way

    async def on_event(self, event: events.Event) -> None:
        """Hold fresh keys back while one is under way."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif self._key_under_way and not self._goes_nowhere(event):
            self._waiting_keys.append(event)
        else:
            await self._let_in(event)

    def _goes_nowhere(self, event: events.Event) -> bool:
        """Whether neither *event* nor the keys under way can move the focus."""
        return self._goes_nowhere_yet and not self._waiting_keys and self._is_steady(event)

    def _is_steady(self, event: events.Event) -> bool:
        if not isinstance(event, events.Key):
            return False
        target = self._way()
        if isinstance(target, Input):
            return event.is_printable
        return event.key in getattr(target, "STEADY_KEYS", ())

    async def _let_in(self, event: events.Event) -> None:
        self._goes_nowhere_yet = self._is_steady(event)
        self._key_under_way = True
        self._keys_let_in += 1
        way = self._way()
        await super().on_event(event)
        loop = asyncio.get_running_loop()
        if self._impatience is not None:
            self._impatience.cancel()
        key = self._keys_let_in
        self._impatience = loop.call_later(_PATIENCE, self.call_later, self._key_is_done, key)
        # The second round is for messages that the first one's handlers sent, and starts from
        # wherever the focus, or a screen that was opened, has got to by then.
        way.post_message(KeyFollower(key, rounds=1))

    def _way(self) -> MessagePump:
        return (self.focused or self.screen) if self.screen_stack else self

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
        self._way().post_message(KeyFollower(key, rounds))

    async def _key_is_done(self, key: int) -> None:
        if key != self._keys_let_in or not self._key_under_way:
            return
        if self._impatience is not None:
            self._impatience.cancel()
        if self._waiting_keys:
            await self._let_in(self._waiting_keys.popleft())
        else:
            self._key_under_way = False
