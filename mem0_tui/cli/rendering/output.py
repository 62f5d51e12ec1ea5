"""The one place that prints: data to stdout, narration to stderr, one JSON document with --json.

Whoever calls :meth:`Output.line` has sent what came from a memory through :func:`safe` or
:func:`safe_lines` first; warnings and errors are made safe and rid of keys here.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from time import monotonic
from typing import TYPE_CHECKING, TextIO

from mem0_tui.model.errors import Mem0TuiError, OutputError
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.text import one_line, visible

if TYPE_CHECKING:
    from mem0_tui.presenting.masking import Masking

_CODES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}

_PROGRESS_PAUSE = 0.05
"""Seconds between two progress lines: more often, nobody can read them."""
MIN_WIDTH, MAX_WIDTH, PIPE_WIDTH = 40, 200, 100


@late_dataclass()
class Output:
    """Where one command writes to, and how."""

    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    json_only: bool = False
    """Print one JSON document to stdout and nothing else there."""
    color: bool = False
    color_stderr: bool = False
    width: int = PIPE_WIDTH
    """Columns to lay out for."""
    cut: bool = True
    """Whether lines end at the width; off in a pipe, where the reader wants all of the text."""
    show_secrets: bool = False
    """Whether keys in memories are shown whole."""
    answered: bool = False
    """Whether the JSON document has been printed."""
    _in_progress: bool = False
    _next_progress: float = 0.0

    def memory_text(self, text: str) -> str:
        """*text*, which is a memory's or comes from one, as it may be shown: with keys masked
        unless they are asked for. Every text of a memory that is printed for people goes through
        here; it is not safe to print yet."""
        if self.show_secrets:
            return text
        from mem0_tui.model.secret import redact

        return redact(text)

    @property
    def masking(self) -> Masking:
        """How presenting masks what comes from a memory."""
        from mem0_tui.presenting.masking import Masking

        hint = "--show-secrets shows it"
        return Masking(self.memory_text, hint, hides=not self.show_secrets)

    def line(self, text: str = "") -> None:
        """One line of data; nothing with ``--json``. *text* is safe already, or styled by us."""
        if not self.json_only:
            self.raw(text + "\n")

    def lines(self, texts: Iterable[str]) -> None:
        """Several lines of data."""
        for text in texts:
            self.line(text)

    def raw(self, text: str) -> None:
        """Data that is a file's content, written as it is (an export, a completion script)."""
        self._end_progress()
        with _writing():
            self.stdout.write(text)

    def document(self, value: object, *, whole: bool = False) -> None:
        """The JSON document of ``--json``: ASCII only, so no terminal obeys any of it; with the
        secrets in it masked unless they are asked for, or *value* is *whole* for other reasons."""
        import json

        if not (whole or self.show_secrets):
            from mem0_tui.model.secret.memory import masked_value

            value = masked_value("", value)

        self.answered = True
        self.raw(json.dumps(value, ensure_ascii=True, indent=2) + "\n")

    def note(self, text: str = "") -> None:
        """One line of narration."""
        self._end_progress()
        print(text, file=self.stderr)

    def warn(self, text: str) -> None:
        """One line that a person should not miss."""
        from mem0_tui.model.secret import redact

        self.note(f"{self.styled_note('! ' + one_line(redact(text)), 'yellow')}")

    def error(self, error: Mem0TuiError) -> None:
        """What went wrong on one line, how to go on on the next."""
        from mem0_tui.model.secret import redact

        message = f"{error.title}: {error.message}" if error.message else error.title
        self.note(f"{self.styled_note('✗ mem0-tui:', 'red', 'bold')} {one_line(redact(message))}")
        if error.hint:
            self.note(f"  {self.styled_note('→', 'dim')} {one_line(redact(error.hint))}")

    def progress(self, text: str) -> None:
        """A line on stderr that the next one overwrites; shown on a terminal only."""
        now = monotonic()
        if self.stderr.isatty() and now >= self._next_progress:
            self._next_progress = now + _PROGRESS_PAUSE
            room = max(10, shutil.get_terminal_size().columns - 1)
            self.stderr.write("\r\x1b[2K" + one_line(text)[:room])
            self.stderr.flush()
            self._in_progress = True

    def _end_progress(self) -> None:
        if self._in_progress:
            self._in_progress = False
            self.stderr.write("\r\x1b[2K")
            self.stderr.flush()

    def styled(self, text: str, *styles: str) -> str:
        """*text* in these styles, for stdout."""
        return _styled(text, styles) if self.color else text

    def styled_note(self, text: str, *styles: str) -> str:
        """*text* in these styles, for stderr."""
        return _styled(text, styles) if self.color_stderr else text

    def flush(self) -> None:
        """Hand over what was printed.

        Raises:
            BrokenPipeError: nobody reads any more.
            OutputError: there is no room for it.
        """
        self._end_progress()
        with _writing():
            self.stdout.flush()
        with contextlib.suppress(BrokenPipeError):
            self.stderr.flush()


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror or str(error)) from error


def _styled(text: str, styles: Iterable[str]) -> str:
    codes = ";".join(_CODES[style] for style in styles if style)
    return f"\x1b[{codes}m{text}\x1b[0m" if codes and text else text


def make_output(
    *,
    json_only: bool = False,
    color: str = "auto",
    show_secrets: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Output:
    """The output of this process, for its terminal or pipe."""
    environ = os.environ if environ is None else environ
    stdout, stderr = _stream(sys.stdout), _stream(sys.stderr)
    for stream in (stdout, stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    fixed = environ.get("COLUMNS", "")
    terminal = stdout.isatty()
    if fixed.isdecimal() and int(fixed) > 0:
        width = int(fixed)
    else:
        width = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if terminal else PIPE_WIDTH
    return Output(
        stdout=stdout,
        stderr=stderr,
        json_only=json_only,
        show_secrets=show_secrets,
        color=_wants_color(stdout, color, environ),
        color_stderr=_wants_color(stderr, color, environ),
        width=max(MIN_WIDTH, min(MAX_WIDTH, width)),
        cut=terminal or fixed.isdecimal(),
    )


def _stream(stream: TextIO | None) -> TextIO:
    """*stream*; where it was closed before the start, one that nobody reads."""
    return io.StringIO() if stream is None else stream


def _wants_color(stream: TextIO, color: str, environ: Mapping[str, str]) -> bool:
    if color in ("always", "never"):
        return color == "always"
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return bool(environ.get("FORCE_COLOR")) or stream.isatty()


def safe(value: object) -> str:
    """*value* as one line that is safe to print."""
    return one_line(str(value))


def safe_lines(text: str) -> list[str]:
    """*text* as lines that are safe to print."""
    return visible(text).split("\n")
