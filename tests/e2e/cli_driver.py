"""Runs inside the environment of ``mem0-cli``: a process for each command line that it is told.

Every one is ``mem0`` as published. They are forked after what all of them import was imported,
which takes longer than most commands. Reads ``{"arguments": [...], "stdin": "..."}`` and writes
``{"code": 0, "stdout": "...", "stderr": "..."}``, one line each.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import traceback
from typing import Any

_SHARED = ("httpx", "mem0_cli.app", "mem0_cli.backend.platform", "mem0_cli.commands.memory")


def _run(arguments: list[str], given: str) -> dict[str, Any]:
    with (
        tempfile.TemporaryFile("w+") as stdin,
        tempfile.TemporaryFile("w+") as stdout,
        tempfile.TemporaryFile("w+") as stderr,
    ):
        stdin.write(given)
        stdin.seek(0)
        process = os.fork()
        if process == 0:
            for number, file in enumerate((stdin, stdout, stderr)):
                os.dup2(file.fileno(), number)
            _become(arguments)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        said = []
        for file in (stdout, stderr):
            file.seek(0)
            said.append(file.read())
    return {"code": code, "stdout": said[0], "stderr": said[1]}


def _become(arguments: list[str]) -> None:
    """Be ``mem0 *arguments*`` until the end of this process."""
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    sys.argv = ["mem0", *arguments]
    code = 1
    try:
        importlib.import_module("mem0_cli.app").main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Run what is told until standard input ends."""
    for name in _SHARED:
        importlib.import_module(name)
    while line := sys.stdin.readline():
        call = json.loads(line)
        sys.stdout.write(json.dumps(_run(call["arguments"], call["stdin"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
