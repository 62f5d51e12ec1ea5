"""``mem0-tui hook EVENT``: reads Codex's event, does the work within its budget, always ends well.

Whatever goes wrong is a line in the hooks' log; Codex gets an empty answer and exit code 0, for a
memory that cannot be reached must not cost the user a turn.
"""

from __future__ import annotations

import os
import sys
from time import gmtime, monotonic, sleep, strftime

from mem0_tui.hooks.document import dumps
from mem0_tui.hooks.event import EVENTS, HookEvent, read_event
from mem0_tui.hooks.places import codex_home, state_folder

BUDGET = {"SessionStart": 1.5, "UserPromptSubmit": 1.5, "Stop": 2.0, "PreCompact": 2.0}
"""Seconds from the start of the work to its end, by event."""
GRACE = 0.3
"""Seconds after that until a hook that does not end by itself is ended."""
_LAST_WORDS = 0.5
"""Seconds that a hook which is ended has for its line in the log, and for letting go."""
USAGE = f"usage: mem0-tui hook {{{'|'.join(EVENTS)}}} < event.json"
OUT_OF_TIME = "ran out of time"
"""What the log says of a hook that was ended."""
_LOG_LIMIT = 1 << 18
OFF = ("0", "false", "no", "off")
"""What the variable MEM0_TUI_HOOKS says to switch hooks off; ``recall`` leaves notes out."""


def main(arguments: list[str]) -> int:
    """Handle the event that *arguments* names and end the process without Python cleaning up."""
    code = run(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Handle the event that *arguments* names; the exit code is 0 but for wrong arguments."""
    if len(arguments) != 1 or arguments[0] not in EVENTS:
        sys.stderr.write(USAGE + "\n")
        return 0 if arguments in (["-h"], ["--help"]) else 2
    began = monotonic()
    name = arguments[0]
    folder = state_folder(dict(os.environ))
    _watch(name, folder)
    try:
        # Read to the end first: Codex takes it for a failure if nobody does.
        event = read_event(name, sys.stdin.buffer.read())
        answer, outcome = handle(event, folder, began + BUDGET[name])
        if answer:
            _answer(name, answer)
    except Exception as error:  # the boundary: a hook never fails a turn
        outcome = _failure(error)
    except KeyboardInterrupt:
        outcome = "interrupted"
    log(folder, f"{name} {outcome} ({(monotonic() - began) * 1000:.0f} ms)")
    return 0


def _failure(error: Exception) -> str:
    """What went wrong, for the log; a server's words may hold what was sent to it."""
    try:
        from mem0_tui.model.secret import redact

        return redact(f"{type(error).__name__}: {error}")
    except Exception:  # not even that can be loaded
        return type(error).__name__


def handle(event: HookEvent, folder: str, deadline: float) -> tuple[str, str]:
    """What to tell the model at *event*, and what was done, for the log."""
    environ = dict(os.environ)
    switch = environ.get("MEM0_TUI_HOOKS", "").strip().lower()
    if switch in OFF or (switch == "recall" and event.name in ("Stop", "PreCompact")):
        return "", "switched off by MEM0_TUI_HOOKS"
    if event.name == "SessionStart" and event.source in ("resume", "fork"):
        return "", f"{event.source}: the context is still there"
    if of_memory_writer(event, environ):
        return "", "Codex writes its own memories"
    from mem0_tui.hooks.identity import find_identity
    from mem0_tui.hooks.memories import RecalledMemories
    from mem0_tui.hooks.server import find_server
    from mem0_tui.hooks.state import SessionState, tidy

    identity = find_identity(environ, event.cwd)
    memories = RecalledMemories(find_server(environ), identity, deadline)
    with SessionState(folder, event.session, deadline, event.agent) as held:
        if event.agent and event.transcript:
            held.known["transcript"] = event.transcript  # for the note of the session
        if event.name in ("Stop", "PreCompact"):
            from mem0_tui.hooks import notes

            kind = notes.SUMMARY if event.name == "Stop" else notes.STATE
            return "", notes.keep(kind, event, held, memories, identity)
        from mem0_tui.hooks import recall

        if event.name == "SessionStart":
            tidy(folder)
            answer = recall.at_start(event, held, memories, identity)
        else:
            answer = recall.for_prompt(event, held, memories, identity)
    return answer, f"{max(answer.count(chr(10)) - 2, 0)} lines" if answer else "nothing new"


def of_memory_writer(event: HookEvent, environ: dict[str, str]) -> bool:
    """Whether *event* is of the hidden session in which Codex (0.171) writes its own memories."""
    home = codex_home(environ)
    own = os.path.join(home, "memories")
    if not os.path.isabs(home):  # to the folder that Codex was started in, which nobody says
        return f"{event.cwd}/".endswith(f"/{os.path.normpath(own)}/")
    own = os.path.realpath(own)
    return bool(event.cwd) and f"{os.path.realpath(event.cwd)}{os.sep}".startswith(own + os.sep)


def log(folder: str, line: str) -> None:
    """Append *line* to the hooks' log, which stays small; without a word where that fails."""
    path = os.path.join(folder, "hooks.log")
    stamp = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime())
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if os.path.exists(path) and os.path.getsize(path) > _LOG_LIMIT:
            os.replace(path, path + ".old")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(f"{stamp} {' '.join(line.split())[:500]}\n")
    except OSError:
        return


def _answer(name: str, context: str) -> None:

    specific = {"hookEventName": name, "additionalContext": context}
    sys.stdout.write(dumps({"hookSpecificOutput": specific}))
    sys.stdout.flush()


def _watch(name: str, folder: str) -> None:
    """End the process, as if nothing had been found, where a name look-up or a disk hangs."""
    import _thread

    said = _thread.allocate_lock()

    def let_go() -> None:
        state = sys.modules.get("mem0_tui.hooks.state")
        if state is not None:
            state.release()
        log(folder, f"{name} {OUT_OF_TIME}")
        said.release()

    def end() -> None:
        sleep(BUDGET[name] + GRACE)
        said.acquire()
        _thread.start_new_thread(let_go, ())  # it may be the disk that hangs
        said.acquire(timeout=_LAST_WORDS)
        os._exit(0)

    _thread.start_new_thread(end, ())
