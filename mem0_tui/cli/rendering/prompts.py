"""What comes from the keyboard: answers, text, and Ctrl-C, which always ends a wait for input."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from mem0_tui.cli.rendering.output import Output
from mem0_tui.model.errors import ConfirmationError, UsageError

STOPPING = "Stopping after the item at hand; press Ctrl-C again to break off."


def ask_line(output: Output, question: str, hint: str | None = None) -> str:
    """A line typed on the terminal, without blanks at its ends; blank at the end of input.

    Raises:
        ConfirmationError: there is no terminal to ask on; *hint* says how to go on.
    """
    if not sys.stdin.isatty():
        raise ConfirmationError("there is no terminal to ask on; nothing was changed", hint=hint)
    output.flush()
    output.stderr.write(question)
    output.stderr.flush()
    with interruptible():
        answer = sys.stdin.readline()
    if not answer.endswith("\n"):
        output.note()
    return answer.strip()


def read_stdin_bytes() -> bytes:
    """All that is sent on stdin, as it is."""
    with interruptible():
        buffer = getattr(sys.stdin, "buffer", None)
        content: bytes = buffer.read() if buffer else sys.stdin.read().encode()
        return content


def read_stdin() -> str:
    """All that is sent on stdin.

    Raises:
        UsageError: it is not text.
    """
    try:
        with interruptible():
            text = sys.stdin.read()
        text.encode()  # in a C locale Python passes on what it cannot decode
        return text
    except UnicodeError:
        raise UsageError("standard input is not text", hint="send UTF-8") from None


@contextmanager
def interruptible() -> Iterator[None]:
    """Within it, Ctrl-C interrupts at once; asyncio alone would wait for the next await."""
    with _handling(signal.default_int_handler):
        yield


@contextmanager
def stop_on_interrupt(output: Output, note: str = STOPPING) -> Iterator[Callable[[], bool]]:
    """Within it, the first Ctrl-C is remembered and the second one interrupts; yields a function
    that says whether there was one."""
    asked = False

    def handler(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        output.note(note)

    with _handling(handler):
        yield lambda: asked


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    try:
        previous = signal.signal(signal.SIGINT, handler)
    except ValueError:  # not the main thread, which alone gets signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
