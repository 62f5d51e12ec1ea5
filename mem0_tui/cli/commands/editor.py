"""A text in the user's own editor; what was typed there is never lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.cli.rendering.prompts import interruptible


def edited(output: Output, text: str) -> str:
    """*text* as it is after the user's editor.

    Raises:
        UsageError: there is no editor, or it failed; what was typed is kept in a file.
    """
    from mem0_tui.tui.editor import edit_text

    output.flush()
    with interruptible():
        return edit_text(text, os.environ)


@contextmanager
def kept_unless_done(output: Output, typed: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Yields a function to be called once *typed* has been stored; where it is not called, each
    text is kept in a private file, which is named."""
    stored = False

    def done() -> None:
        nonlocal stored
        stored = True

    try:
        yield done
    finally:
        if not stored:
            for text in typed:
                _keep(output, text)


def _keep(output: Output, text: str) -> None:
    from mem0_tui.tui.editor import keep

    try:
        output.warn(f"what you typed is kept in {safe(keep(text))}")
    except OSError as error:
        output.warn(f"what you typed cannot be kept: {error.strerror}")
