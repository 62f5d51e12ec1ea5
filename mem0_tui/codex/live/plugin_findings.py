"""What one search as plugin 0.3 makes it shows: of its key, its service and its search tool."""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.capture import Capture
from mem0_tui.codex.capture.search import CaptureAnswer, ask_service, ask_tool
from mem0_tui.codex.checks.plugin_key import missing
from mem0_tui.codex.facts.environment import codex_environment
from mem0_tui.codex.facts.keys import VARIABLE, HeldKey
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.live.observed import Progress
from mem0_tui.codex.report import Evidence, Finding, Fix, Status
from mem0_tui.model.counting import plural


def plugin_findings(install: Install, progress: Progress) -> Iterator[Finding]:
    """Search with the hooks' key, and by the plugin's own tool; nothing without plugin 0.3."""
    capture = install.capture
    if capture is None or capture.service.fault is not None or install.config.rejected:
        return
    service = capture.service
    keys = {key.value: key for key in (service.hooks_key, service.server_key) if key is not None}
    found: dict[str, Finding] = {}
    for key in keys.values():
        progress(f"searching at {service.host} as Mem0's plugin does")
        made = _of_service(capture, key, ask_service(capture, key.value))
        found.setdefault(made.id, made)
    yield from found.values()
    if install.uses_plugin_server and capture.python is not None and not capture.old_python:
        progress("calling the plugin's search tool")
        answer = ask_tool(capture, codex_environment(install.homes), install.homes.cwd)
        cause = next((each.id for each in found.values() if each.status is Status.FAIL), None)
        if service.server_key is None:
            cause = missing(install) or "key.server-missing"
        yield _of_tool(capture, answer, cause)


def _of_service(capture: Capture, key: HeldKey, answer: CaptureAnswer) -> Finding:
    url, host = capture.service.url, capture.service.host
    if answer.found is not None:
        title = f"{host} answers the plugin's search: {plural(answer.found, 'memory')}"
        return _seen("mcp.plugin-search", "mcp", Status.OK, title, "")
    if answer.refused:
        summary = f"make a new key, and set {VARIABLE} to it"
        fix = remedies.step("key.renew", summary)
        title = f"{host} refuses the plugin's key"
        detail = f"{key.masked}: {answer.message}"
        return _seen("key.refused", "key", Status.FAIL, title, detail, fix=fix)
    if answer.status is None:
        title = "the service that the plugin talks to does not answer"
        step = (
            "start it: mem0-tui serve" if capture.service.loopback else f"see whether {url} is up"
        )
        fix = remedies.step("mcp.reach", step)
        return _seen("mcp.unreachable", "mcp", Status.FAIL, title, answer.message, fix=fix)
    title = f"{host} does not take the plugin's search"
    return _seen("mcp.plugin-search-failed", "mcp", Status.FAIL, title, answer.message)


def _of_tool(capture: Capture, answer: CaptureAnswer, cause: str | None) -> Finding:
    where = (Spot(capture.root),)
    if answer.found is not None:
        title = f"the plugin's search tool answers: {plural(answer.found, 'memory')}"
        return _seen("mcp.plugin-tool", "mcp", Status.OK, title, "", where=where)
    title = "the plugin's search tool fails"
    detail = f"“{answer.message}”; Codex takes it for an answer"
    return _seen(
        "mcp.plugin-tool-failed", "mcp", Status.FAIL, title, detail, where=where, cause=cause
    )


def _seen(
    id_: str,
    area: str,
    status: Status,
    title: str,
    detail: str,
    *,
    where: tuple[Spot, ...] = (),
    cause: str | None = None,
    fix: Fix | None = None,
) -> Finding:
    seen = Evidence.OBSERVED
    return Finding(id_, area, status, title, detail, where, cause, fix, seen)
