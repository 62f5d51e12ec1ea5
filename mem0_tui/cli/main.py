"""The program ``mem0-tui``; what a program waits for starts before the rest is imported."""

from __future__ import annotations

import gc
import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Run the command line *argv* (by default this process's) and return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["hook"]:
        from mem0_tui.hooks.run import main as run_hook

        return run_hook(arguments[1:])
    if arguments == ["doctor", "--quiet"]:
        gc.disable()  # what is imported and scanned is needed to the end
        try:
            from mem0_tui.cli.commands.preflight import preflight

            code = preflight()
            if argv is None:
                os._exit(code)  # nothing was printed; taking all modules down costs a tenth more
            return code
        except KeyboardInterrupt:
            return 130
        except Exception:  # it is met again below, where errors are told
            pass
        finally:
            gc.enable()
    from mem0_tui.cli.program import run_program

    return run_program(arguments)
