"""Does plugin 0.3 record sessions, send them and recall from them? By its own records."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime

from mem0_tui.codex.capture import Capture
from mem0_tui.codex.capture.activity import Activity, Failure
from mem0_tui.codex.capture.folders import DataFolder, LoggedError
from mem0_tui.codex.checks import plugin_key as pluginkey
from mem0_tui.codex.facts.paths import short
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Fix, Status
from mem0_tui.model.counting import plural

_PATIENCE = 15 * 60
"""Seconds after which a delivery is late; the worker waits two minutes for Mem0's answer."""
_EXPIRES = 7 * 86400
"""Seconds after which the plugin deletes a delivery that waits in a file."""
_SERVER_SAYS = re.compile(r"HTTP Error (\d{3})")

_ASK = remedies.step(
    "capture.ask", "run mem0-tui doctor --live: it searches once as the plugin does, and says why"
)


def check(install: Install) -> Iterator[Finding]:
    """Nothing where plugin 0.3 does not load."""
    capture = install.capture
    if capture is None:
        return
    yield from _python(capture)
    yield from _pauses(install, capture)
    if not capture.sends:
        title = "sessions are recorded and not sent"
        detail = "MEM0_CODE_AUTO_FLUSH says so, in the environment that Codex starts with"
        fix = remedies.step("capture.auto-flush", "unset MEM0_CODE_AUTO_FLUSH")
        yield Finding("capture.not-sent", "hooks", Status.WARN, title, detail, fix=fix)
    activity = capture.hooks.activity
    if activity is not None and activity.problem is not None:
        yield _unreadable(activity)
    elif activity is not None:
        yield from _deliveries(install, activity)
        yield from _searches(install, activity)
    yield from _waiting(install, capture)
    yield from _logs(capture)
    if capture.hooks.set_aside:
        title = "the plugin could not read its database, and began a new one"
        where = tuple(Spot(os.path.join(capture.hooks.path, n)) for n in capture.hooks.set_aside)
        yield _seen("capture.set-aside", Status.INFO, title, "what it held was not sent", where)
    yield from _last(capture)


def _python(capture: Capture) -> Iterator[Finding]:
    update = remedies.step("hooks.python", "install Python 3.10 or newer, as python3 on PATH")
    if capture.python is None:
        title = "there is no python3 on PATH"
        detail = "it runs every hook of the plugin, and its MCP server"
        yield Finding("hooks.python-missing", "hooks", Status.FAIL, title, detail, fix=update)
    elif capture.old_python:
        title = f"python3 is Python {capture.python.label}; the plugin needs 3.10"
        where = (Spot(capture.python.path),)
        detail = "its hooks end with an error, and its MCP server does not start"
        yield Finding("hooks.python-old", "hooks", Status.FAIL, title, detail, where, fix=update)


def _pauses(install: Install, capture: Capture) -> Iterator[Finding]:
    own = capture.hooks
    if own.paused:
        title = "capture is paused"
        detail = (
            f"since {when(own.activity.paused_at)}: " if own.activity else ""
        ) + "no hook records, sends or recalls; the search tool goes on"
        yield _seen(
            "capture.paused",
            Status.WARN,
            title,
            detail,
            (Spot(own.path),),
            fix=remedies.step("capture.resume", f"run: {_command(capture, own, 'resume')}"),
        )
    for folder in capture.folders[1:]:
        if folder.paused and not own.paused:
            yield _stray_pause(install, capture, folder)
            return


def _stray_pause(install: Install, capture: Capture, folder: DataFolder) -> Finding:
    since = folder.activity.paused_at if folder.activity else None
    place, own = (short(path, install.homes.home) for path in (folder.path, capture.hooks.path))
    pause = _command(capture, capture.hooks, "pause")
    clear = _command(capture, folder, "resume")
    return _seen(
        "capture.pause-elsewhere",
        Status.WARN,
        "capture was paused, but goes on",
        f"the pause of {when(since)} is in {place}; the hooks look into {own}",
        (Spot(folder.path), Spot(capture.hooks.path)),
        fix=remedies.step(
            "capture.pause-again", f"to pause capture: {pause}; to forget that pause: {clear}"
        ),
    )


def _command(capture: Capture, folder: DataFolder, action: str) -> str:
    """The plugin's own switch for the folder that is meant; its skills name none."""
    program = os.path.join(capture.root, "core", "memory_cli.py")
    return shlex.join(["python3", program, "--plugin-data-dir", folder.path, action])


def _unreadable(activity: Activity) -> Finding:
    return _seen(
        "capture.database",
        Status.WARN,
        "the plugin's database cannot be read",
        f"{activity.problem}; the plugin puts such a file aside and begins a new one",
        (Spot(activity.path),),
    )


def _deliveries(install: Install, activity: Activity) -> Iterator[Finding]:
    failing, lost = activity.failing, activity.given_up
    where = (Spot(activity.path),)
    dead = _later(lost, activity.last_sent)
    if failing is not None or dead:
        newest = failing or lost
        assert newest is not None
        yield _seen(
            "capture.failing",
            Status.FAIL,
            f"nothing that was recorded reaches Mem0 since {when(activity.last_sent)}"
            if activity.last_sent
            else "nothing that was recorded has reached Mem0 yet",
            f"{_many(newest)}, last at {when(newest.at)}: {newest.error or 'no reason is noted'}",
            where,
            cause=pluginkey.refused(install, newest),
            fix=None if pluginkey.refused(install, newest) else _ASK,
        )
    if lost is not None:
        yield _seen(
            "capture.given-up",
            Status.WARN,
            f"{plural(lost.count, 'delivery')} given up: what was in it never reached Mem0"
            if lost.count == 1
            else f"{plural(lost.count, 'delivery')} given up: what was in them never reached Mem0",
            f"after five tries, last at {when(lost.at)}: {lost.error or 'no reason is noted'};"
            " the plugin does not send them again, and tells nobody",
            where,
            cause="capture.failing" if failing is not None or dead else None,
        )


def _later(failure: Failure | None, moment: datetime | None) -> bool:
    if failure is None:
        return False
    return moment is None or (failure.at is not None and failure.at > moment)


def _many(failure: Failure) -> str:
    return f"{plural(failure.count, 'delivery')} failed"


def _searches(install: Install, activity: Activity) -> Iterator[Finding]:
    failing = activity.searches_failing
    if failing is None or (failing.count < 2 and activity.searched is not None):
        return  # one that took longer than the two seconds it has is nothing yet
    since = f" since {when(activity.searched)}" if activity.searched else ""
    yield _seen(
        "capture.searches-fail",
        Status.FAIL,
        f"every search at the start of a session fails{since}",
        f"{failing.count} in a row, last at {when(failing.at)}:"
        f" {failing.error or 'no reason is noted'}; the model is given nothing, and not told so",
        (Spot(activity.path),),
        cause=pluginkey.refused(install, failing),
        fix=None if pluginkey.refused(install, failing) else _ASK,
    )


def _waiting(install: Install, capture: Capture) -> Iterator[Finding]:
    now = capture.at.timestamp()
    activity = capture.hooks.activity
    rows = [at.timestamp() for at in (activity.waiting if activity else ()) if at is not None]
    files = capture.hooks.pending
    late = [at for at in rows if now - at > _PATIENCE]
    old = [at for at in files if now - at > _PATIENCE]
    count = max(len(late), len(old))
    if not count or capture.hooks.paused:
        return
    oldest = min([*late, *old])
    soon = bool(old) and now - min(old) > _EXPIRES - 86400
    detail = f"since {when(datetime.fromtimestamp(oldest, UTC))}"
    detail += "; the plugin sends them when a session starts, at most five at a time"
    if soon:
        detail += ", and deletes what is older than seven days"
    yield _seen(
        "capture.waiting",
        Status.WARN if soon else Status.INFO,
        f"{plural(count, 'delivery')} {'waits' if count == 1 else 'wait'} to be sent",
        detail,
        (Spot(capture.hooks.path),),
        cause=pluginkey.missing(install),
    )


def _logs(capture: Capture) -> Iterator[Finding]:
    activity = capture.hooks.activity
    fine = max((at for at in _successes(activity)), default=None)
    for error, id_, what in (
        (capture.hooks.hook_error, "capture.hook-error", "a hook of the plugin failed"),
        (capture.hooks.worker_error, "capture.worker-error", "the plugin's sender failed"),
    ):
        if error is not None:
            yield _logged(error, id_, what, fine)


def _logged(error: LoggedError, id_: str, what: str, fine: datetime | None) -> Finding:
    over = fine is not None and error.at is not None and fine > error.at
    detail = f"last at {when(error.at)}: {error.message}"
    detail += "; it has worked since" if over else "; Codex is told nothing of it"
    status = Status.INFO if over else Status.WARN
    return _seen(id_, status, what, detail, (error.spot,))


def _successes(activity: Activity | None) -> list[datetime]:
    if activity is None:
        return []
    found = (activity.last_sent, activity.searched, activity.recorded)
    return [at for at in found if at is not None]


def _last(capture: Capture) -> Iterator[Finding]:
    activity = capture.hooks.activity
    if activity is None or activity.problem is not None or activity.last_sent is None:
        return
    if activity.failing is not None or _later(activity.given_up, activity.last_sent):
        return
    recalled = f"last recalled {when(activity.recalled)}" if activity.recalled else "none recalled"
    title = f"sessions reach Mem0: last sent {when(activity.last_sent)}, {recalled}"
    yield _seen("capture.sent", Status.OK, title, "", (Spot(activity.path),))


def when(moment: datetime | None) -> str:
    """*moment* to the minute, in UTC."""
    return "an unknown time" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _seen(
    id_: str,
    status: Status,
    title: str,
    detail: str,
    where: tuple[Spot, ...],
    *,
    cause: str | None = None,
    fix: Fix | None = None,
) -> Finding:
    seen = Evidence.OBSERVED
    return Finding(id_, "hooks", status, title, detail, where, cause, fix, seen)
