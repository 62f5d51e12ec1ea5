"""How an end that nobody foresaw is told: without the values of variables, which Textual (8) prints
along with the traceback and which may be memories; and with secrets masked.

Where Textual no longer asks the private method, it tells the end in its own way.
"""

from __future__ import annotations

import traceback

from rich.text import Text
from textual.app import App

from mem0_tui.model.secret import redact


class TellsCrash(App[int]):
    """An app that tells its crash so."""

    def _fatal_error(self) -> None:
        self.panic(Text(redact(traceback.format_exc())))
