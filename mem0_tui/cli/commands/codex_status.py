"""``mem0-tui codex status``: what is installed, whether its server answers, what its hooks did."""

from __future__ import annotations

import os
from argparse import Namespace

from mem0_tui.cli.commands.serve_status import ping
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.codex import Install, Status, diagnose, scan
from mem0_tui.codex.capture import Capture
from mem0_tui.codex.capture.service import URL_VARIABLE
from mem0_tui.codex.facts.keys import VARIABLE
from mem0_tui.codex.facts.paths import short
from mem0_tui.hooks.places import state_folder
from mem0_tui.hooks.server import MemoryServer, NoServerError, server_of
from mem0_tui.model.secret import redact

_GLYPHS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red"), "off": ("·", "dim")}
_EXIT = {Status.WARN: 1, Status.FAIL: 5}


def show_status(args: Namespace) -> int:
    """Print it; 0 healthy, 1 warnings, 5 failures."""
    output: Output = args.output
    install = scan(args.home, args.codex_home)
    report = diagnose(install)
    document: dict[str, object] = {
        "codex": None if report.codex is None else report.codex[1],
        "codex_home": report.codex_home,
        "install": install.kind,
        "plugin": install.plugin.id if install.plugin else None,
        "server": _server(install),
        "hooks": _hooks(install),
        "doctor": report.overall.value,
    }
    server = document["server"]
    failed = isinstance(server, dict) and server["status"] == "fail"
    if output.json_only:
        output.document(document)
    else:
        output.lines(_lines(document, install, output))
        for finding in report.roots:
            if finding.status in (Status.WARN, Status.FAIL):
                output.line(_line(finding.status.value, "doctor", finding.title, output))
    return 5 if failed else _EXIT.get(report.overall, 0)


def _server(install: Install) -> dict[str, object] | None:
    """The server that Codex uses as ``mem0``, and whether it answers."""
    winner = install.servers.winner
    if winner is None:
        return None
    found: dict[str, object] = {
        "url": winner.url,
        "command": redact(winner.command_line or "") or None,
        "from": winner.plugin or "config.toml",
        "key_variable": winner.key_variable,
    }
    if winner.barred is not None:
        return {**found, "status": "fail", "said": "is not allowed by this machine's rules"}
    if not winner.enabled:
        return {**found, "status": "warn", "said": "is disabled"}
    if install.capture is not None and install.uses_plugin_server:
        return {**found, **_service(install.capture)}
    if winner.url is None:
        return {**found, "status": "ok", "said": "is started by Codex"}
    environ = dict(install.homes.environ)
    try:
        server = server_of(dict(winner.data), environ)
    except NoServerError as error:
        return {**found, "status": "fail", "said": str(error)}
    status, message = ping(server)
    held = install.keys.in_environment(winner.key_variable or "")
    if status != "ok":
        return {**found, "status": status, "said": message}
    if winner.key_variable and (held is None or not held.value):
        message = f"answers, but {winner.key_variable} is not set here: Codex has no key for it"
        return {**found, "status": "warn", "said": message}
    return {**found, "status": "ok", "said": "answers"}


def _service(capture: Capture) -> dict[str, object]:
    """The Mem0 service that plugin 0.3 talks to, and whether it takes the plugin's key."""
    service = capture.service
    found: dict[str, object] = {"url": service.url, "key_variable": VARIABLE}
    if service.fault is not None:
        return {
            **found,
            "status": "fail",
            "said": f"is not an address: {URL_VARIABLE} {service.fault}",
        }
    if service.server_key is None:
        return {**found, "status": "fail", "said": "is not asked: the plugin's server has no key"}
    if service.plain:
        return {**found, "status": "warn", "said": "would get the key unencrypted; not asked"}
    try:
        status, message = ping(MemoryServer(service.url, service.server_key.value))
    except ValueError:
        return {**found, "status": "fail", "said": "is not an address"}
    return {**found, "status": status, "said": message}


def _hooks(install: Install) -> dict[str, object]:
    """How many of this program's hooks, or of plugin 0.3's, Codex would run; what they did last."""
    if install.capture is not None:
        mine = [h for s, h in install.mem0_handlers if s.plugin == install.capture.plugin.id]
        run = sum(handler.runs for handler in mine) if install.hooks.enabled else 0
        return {"installed": len(mine), "run": run, "last": _last_sent(install.capture)}
    ours = install.own_handlers
    runs = [handler for handler in ours if handler.runs and install.hooks.enabled]
    return {"installed": len(ours), "run": len(runs), "last": _last_line(install)}


def _last_sent(capture: Capture) -> str | None:
    activity = capture.hooks.activity
    if activity is None or activity.last_sent is None:
        return None
    return f"sent a session at {activity.last_sent:%Y-%m-%d %H:%M} UTC"


def _last_line(install: Install) -> str | None:
    path = os.path.join(state_folder(dict(install.homes.environ)), "hooks.log")
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 4096))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    return redact(lines[-1]) if lines else None


def _lines(document: dict[str, object], install: Install, output: Output) -> list[str]:
    version = document["codex"] or ("not on PATH" if install.codex is None else "?")
    home = short(str(document["codex_home"]), install.homes.home)
    lines = [_line("ok" if install.codex else "off", "Codex", f"{version}, home {home}", output)]
    kinds = {
        "none": ("off", "nothing; mem0-tui codex install changes that"),
        "mcp": ("ok", "an entry in config.toml"),
        "plugin": ("ok", str(document["plugin"])),
        "both": ("ok", f"{document['plugin']} and an entry in config.toml, which wins"),
    }
    lines.append(_line(*_named(kinds[install.kind], "install"), output))
    if isinstance(server := document["server"], dict):
        message = f"{server['url'] or server['command'] or 'mem0'} {server['said']}"
        lines.append(_line(str(server["status"]), "server", message, output))
    hooks = document["hooks"]
    if isinstance(hooks, dict) and hooks["installed"]:
        status = "ok" if hooks["run"] == hooks["installed"] else "warn"
        message = f"{hooks['run']} of {hooks['installed']} would run"
        message += f"; last: {hooks['last']}" if hooks["last"] else "; none has run yet"
        lines.append(_line(status, "hooks", message, output))
    return lines


def _named(given: tuple[str, str], name: str) -> tuple[str, str, str]:
    return given[0], name, given[1]


def _line(status: str, name: str, message: str, output: Output) -> str:
    glyph, color = _GLYPHS[status]
    return f"{output.styled(glyph, color)} {name:8} {safe(redact(message))}"
