"""Runs a command of the command line, and turns what goes wrong into a line and a code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from io import BytesIO, TextIOWrapper

from mem0_tui import __version__
from mem0_tui.cli.command import load_command
from mem0_tui.cli.parser import parse
from mem0_tui.cli.rendering.output import Output, make_output
from mem0_tui.model.errors import BackendError, Mem0TuiError, OutputError, RefusedError, UsageError
from mem0_tui.model.text import one_line

DONE, WARNED, USAGE, REFUSED, FAILED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 4, 130, 141


def run_program(arguments: Sequence[str]) -> int:
    """Run the command line *arguments* and return the exit code."""
    arguments = list(arguments)
    if sys.stdin is None:  # closed before the start
        sys.stdin = TextIOWrapper(BytesIO())
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    debug = "--debug" in options
    output = make_output(
        json_only="--json" in options,
        color="never" if "--no-color" in options else "auto",
        show_secrets="--show-secrets" in options,
    )
    try:
        try:
            code = _run(arguments, output)
            output.flush()
        except SystemExit as stop:  # argparse after --help
            code = int(stop.code or 0)
        except Mem0TuiError as error:
            if debug:
                _traceback()
            code = _report(output, error)
        except KeyboardInterrupt:
            output.note()
            code = _report(output, Mem0TuiError("you pressed Ctrl-C"), INTERRUPTED)
        except BrokenPipeError:
            raise
        except Exception as error:  # the last resort: a defect of ours
            if debug:
                _traceback()
            code = _report(output, _defect(error))
        output.flush()
    except BrokenPipeError:
        _drop_stdout()
        return PIPE_CLOSED
    except OutputError:  # it has been told
        _drop_stdout()
        return FAILED
    return code


def exit_code(error: Mem0TuiError) -> int:
    """The exit code that says what kind of error this is."""
    match error:
        case UsageError():
            return USAGE
        case RefusedError():
            return REFUSED
        case BackendError():
            return FAILED
        case _:
            return FAILED


def _run(arguments: Sequence[str], output: Output) -> int:
    args = parse(arguments)
    args.output = output
    if args.command is not None:
        return load_command(args.command).run(args)
    if args.version:
        if args.json:
            output.document({"version": __version__})
        output.line(f"mem0-tui {__version__}")
        return DONE
    if args.help:
        from mem0_tui.cli.front_page import front_page

        output.raw(front_page() + "\n")
        return DONE
    return _front(args)


def _front(args: Namespace) -> int:
    """What runs where no command is named: the screen, or without a terminal the overview."""
    if not args.json and _has_screen():
        from mem0_tui.cli.composition.run_screen import run_screen

        return run_screen(args)
    from mem0_tui.cli.commands.overview import run_front

    return run_front(args)


def _has_screen() -> bool:
    """Whether there is something to draw on: a terminal, or what Textual was told to use instead.

    ``textual-serve`` gives the app two pipes and names its driver in the environment.
    """
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return sys.stdin.isatty() and sys.stdout.isatty()


def _report(output: Output, error: Mem0TuiError, code: int | None = None) -> int:
    code = exit_code(error) if code is None else code
    if output.json_only and not output.answered and not isinstance(error, OutputError):
        output.document(
            {
                "error": {
                    "kind": type(error).__name__,
                    "title": error.title if code != INTERRUPTED else "Interrupted",
                    "message": error.message,
                    "hint": error.hint,
                    "retryable": error.retryable,
                    "exit_code": code,
                }
            }
        )
    elif code == INTERRUPTED:
        output.note("mem0-tui: interrupted")
    else:
        output.error(error)
    return code


def _defect(error: Exception) -> Mem0TuiError:
    return Mem0TuiError(
        f"{type(error).__name__}: {one_line(str(error))}",
        hint="this is a defect of mem0-tui; run it again with --debug and report what it prints",
    )


def _traceback() -> None:
    import traceback

    from mem0_tui.model.secret import redact

    sys.stderr.write(redact(traceback.format_exc()))


def _drop_stdout() -> None:
    """Keep the interpreter from failing once more when it flushes stdout at exit."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
