"""What Codex tells a hook on its standard input."""

from __future__ import annotations

from mem0_tui.hooks.document import loads

EVENTS = ("SessionStart", "UserPromptSubmit", "Stop", "PreCompact")
"""The events that are handled, as Codex spells them."""


class HookEvent:
    """One event; what is missing or of another type is an empty text."""

    __slots__ = ("agent", "cwd", "name", "prompt", "said", "session", "source", "transcript")

    def __init__(self, name: str, given: dict[str, object]) -> None:
        def text(key: str) -> str:
            value = given.get(key)
            return value if isinstance(value, str) else ""

        self.name = name
        self.session = text("session_id")
        """The session; in a subagent that of the session which started it."""
        self.agent = text("agent_id")
        """The subagent in which it happened, empty in the session itself."""
        self.cwd = text("cwd")
        self.transcript = text("transcript_path")
        """The file of what was said, which Codex calls a rollout."""
        self.prompt = text("prompt")
        self.source = text("source")
        """Why a session starts: ``startup``, ``resume``, ``clear``, ``compact`` or ``fork``."""
        self.said = text("last_assistant_message")


def read_event(name: str, data: bytes) -> HookEvent:
    """The event *name* with its input *data*; ValueError where that is no JSON object."""
    given = loads(data)
    if not isinstance(given, dict):
        raise ValueError("the input of a hook must be a JSON object")
    return HookEvent(name, given)
