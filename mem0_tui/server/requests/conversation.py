"""Which messages of a conversation are kept, where no language model takes the facts out of it.

What is kept comes back at the beginning of later sessions. So of each exchange, a prompt with what
answered it, at most one message is kept: what the person said where it holds beyond the task, else
the last answer that says something. What is left out is named with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from mem0_tui.server.requests.utterance import REQUEST, is_lasting, is_request, worthless

Message: TypeAlias = dict[str, str]
"""``role`` and ``content``."""

BLANK: Final = "blank"
SYSTEM: Final = "an instruction of the system"
OTHER: Final = "another message of the same exchange was kept"


def passed_over(messages: Sequence[Message], *, captured: bool) -> list[str | None]:
    """Per message why it is not kept, None for those that are.

    Args:
        messages: in the order in which they were said.
        captured: whether they are a record of a session, in which also a prompt that nobody
            answered is something to be done; the only message of an add that a person or program
            makes is what is to be remembered, whatever its form.
    """
    reasons: list[str | None] = [_form(message) for message in messages]
    alone = len(messages) == 1 and not captured
    for exchange in _exchanges(messages):
        rest = [at for at in exchange if reasons[at] is None]
        chosen = _chosen(messages, rest, alone=alone)
        for at in rest:
            if at != chosen:
                asked = messages[at]["role"] == "user" and is_request(messages[at]["content"])
                reasons[at] = REQUEST if asked else OTHER
    return reasons


def _form(message: Message) -> str | None:
    if message["role"] == "system":
        return SYSTEM
    if not message["content"].strip():
        return BLANK
    return worthless(message["content"], asked=message["role"] == "user")


def _exchanges(messages: Sequence[Message]) -> Iterator[list[int]]:
    """The places of each prompt and of what was answered to it."""
    found: list[int] = []
    for at, message in enumerate(messages):
        if message["role"] == "user" and found:
            yield found
            found = []
        found.append(at)
    yield found


def _chosen(messages: Sequence[Message], places: Sequence[int], *, alone: bool) -> int | None:
    """Which of *places* is kept."""
    by_user = [at for at in places if messages[at]["role"] == "user"]
    for at in by_user:
        if alone or is_lasting(messages[at]["content"]):
            return at
    answered = [at for at in places if messages[at]["role"] == "assistant"]
    if answered:
        return answered[-1]
    return next((at for at in by_user if not is_request(messages[at]["content"])), None)
