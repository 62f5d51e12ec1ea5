"""Do plugin 0.3's hooks and its MCP server find a key, the same one, and a URL to send it to?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.codex.capture import Capture
from mem0_tui.codex.capture.activity import Failure
from mem0_tui.codex.capture.service import HOSTED, URL_VARIABLE
from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.facts.keys import VARIABLE, HeldKey
from mem0_tui.codex.facts.paths import short
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Fix, Status
from mem0_tui.hooks.places import data_folder

_REFUSED = re.compile(r"HTTP Error 40[13]\b|\b40[13] (?:Unauthorized|Forbidden)")


def check(install: Install) -> Iterator[Finding]:
    """Nothing where plugin 0.3 does not load."""
    capture = install.capture
    if capture is None or rejection(install):
        return
    service = capture.service
    if service.hooks_key is None or service.cached_only:
        yield _missing(install, capture)
    elif install.uses_plugin_server and service.server_key is None:
        yield _server_missing(install, capture, service.hooks_key)
    elif install.uses_plugin_server and service.server_key != service.hooks_key:
        yield from _different(capture)
    for key in {service.hooks_key, service.server_key} - {None}:
        if key is not None:
            yield from _shape(install, capture, key)
    failure = _refusal(install)
    if failure is not None:
        yield _refused(capture, failure)


def check_url(install: Install) -> Iterator[Finding]:
    """Whether MEM0_API_URL, which moves all of the plugin's requests, can be used."""
    capture = install.capture
    if capture is None:
        return
    service = capture.service
    if service.fault is not None:
        title = f"{URL_VARIABLE} {service.fault}"
        detail = "every search and every delivery of the plugin fails"
        summary = f"set {URL_VARIABLE} to your server's address, or unset it to use {HOSTED}"
        fix = remedies.step("mcp.api-url", summary)
        yield Finding("mcp.api-url", "mcp", Status.FAIL, title, detail, fix=fix)
    elif service.plain:
        title = "the key goes over the network unencrypted"
        yield Finding("mcp.plain-http", "mcp", Status.WARN, title, service.url)


def missing(install: Install) -> str | None:
    """The id of the finding because of which nothing is sent."""
    capture = install.capture
    if capture is None:
        return None
    service = capture.service
    return "key.plugin-missing" if service.hooks_key is None or service.cached_only else None


def refused(install: Install, failure: Failure) -> str | None:
    """The finding from which *failure* follows, where a server refused the key."""
    if _REFUSED.search(failure.error) is None or _refusal(install) is None:
        return None
    return "capture.key-refused"


def _refusal(install: Install) -> Failure | None:
    """The plugin's own note of a key that was refused, where nothing has worked since."""
    activity = install.capture.hooks.activity if install.capture else None
    if activity is None:
        return None
    found = (activity.failing, activity.searches_failing)
    return next((each for each in found if each and _REFUSED.search(each.error)), None)


def _missing(install: Install, capture: Capture) -> Finding:
    held = capture.service.hooks_key
    if held is None:
        detail = "sessions are recorded and not sent; the search tool says “Memory search failed.”"
        where: tuple[Spot, ...] = ()
    else:
        place = short(held.place, install.homes.home)
        detail = f"{held.masked} lies in {place}, which the plugin deletes when a session starts"
        where = (held.spot,) if held.spot else ()
    others = install.keys.elsewhere(VARIABLE)
    if others:
        where += tuple(other.spot for other in others[:1] if other.spot)
        detail += f"; {others[0].place} sets it ({others[0].masked}), but not for this process"
    return Finding(
        "key.plugin-missing",
        "key",
        Status.FAIL,
        "Mem0's plugin finds no key",
        detail,
        where,
        fix=export(install, capture, others),
    )


def _server_missing(install: Install, capture: Capture, held: HeldKey) -> Finding:
    place = short(held.place, install.homes.home)
    where = held.variable if held.spot is None else place
    return Finding(
        "key.server-missing",
        "key",
        Status.FAIL,
        "the plugin's hooks have a key, and its MCP server has none",
        f"the hooks take {held.masked} from {where}, which Codex does not give to the server:"
        " the search tool says “Memory search failed.”",
        (held.spot,) if held.spot else (),
        fix=export(install, capture, []),
    )


def _different(capture: Capture) -> Iterator[Finding]:
    hooks, server = capture.service.hooks_key, capture.service.server_key
    if hooks is None or server is None or hooks.value == server.value:
        return
    yield Finding(
        "key.different",
        "key",
        Status.WARN,
        "the plugin's hooks and its MCP server use different keys",
        f"hooks: {hooks.masked}; server: {server.masked}: what one stores, the other may not find",
        tuple(key.spot for key in (hooks, server) if key.spot),
        fix=remedies.step("key.one", f"set {VARIABLE}, which both take first"),
    )


def _shape(install: Install, capture: Capture, key: HeldKey) -> Iterator[Finding]:
    where = (key.spot,) if key.spot else ()
    fix = export(install, capture, [])
    if key.fault:
        title = f"{key.variable} {key.fault}"
        yield Finding("key.unclean", "key", Status.FAIL, title, "", where, fix=fix)
    elif capture.service.hosted and key.placeholder:
        title = f"{key.variable} holds a placeholder"
        detail = f"{key.masked} looks like the text of an instruction; Mem0 will refuse it"
        yield Finding("key.placeholder", "key", Status.FAIL, title, detail, where, fix=fix)
    elif capture.service.hosted and not key.looks_like_mem0:
        title = f"{key.variable} does not look like a Mem0 key"
        detail = f"Mem0's keys begin with m0-; this one is {key.masked}"
        yield Finding("key.shape", "key", Status.WARN, title, detail, where, fix=fix)


def _refused(capture: Capture, failure: Failure) -> Finding:
    held = capture.service.hooks_key
    now = f"; now it finds {held.masked}" if held else ""
    return Finding(
        "capture.key-refused",
        "key",
        Status.FAIL,
        f"{capture.service.host or 'the server'} refuses the plugin's key",
        f"{failure.error}, {failure.count} times in a row{now}",
        (Spot(capture.hooks.path),),
        fix=remedies.step("key.renew", f"make a new key, and set {VARIABLE} to it"),
        evidence=Evidence.OBSERVED,
    )


def export(install: Install, capture: Capture, others: list[HeldKey]) -> Fix:
    """How the key gets into the environment that Codex starts with."""
    if others:
        step = f"open a new shell that reads {others[0].place}, and start Codex from it"
        return remedies.step("key.export", step)
    value = "m0-…"
    if capture.service.loopback:
        folder = short(data_folder(dict(install.homes.environ)), install.homes.home)
        value = f"$(cat {folder}/serve.key)"
    rest = "" if capture.service.loopback else ", with your key in it"
    line = f'export {VARIABLE}="{value}"'
    return remedies.step("key.export", f"add the line {line} to your shell's profile{rest}")


def verdict(capture: Capture) -> tuple[Status, str]:
    """Which key the plugin uses."""
    held = capture.service.hooks_key
    if held is None:
        return Status.OK, "the plugin has no key"
    return Status.OK, f"the plugin takes {held.masked} from {held.variable}"
