"""Would Codex run Mem0's hooks: once each, trusted, with scripts that are there?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.codex.checks import generations
from mem0_tui.codex.checks.blocking import blocker
from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.checks.duplicates import check_duplicates
from mem0_tui.codex.checks.hook_files import check_files
from mem0_tui.codex.facts.command_line import Program, ProgramState
from mem0_tui.codex.facts.hook_trust import HookTrust
from mem0_tui.codex.facts.hooks import Handler, HookSource
from mem0_tui.codex.facts.identity import missing_tools
from mem0_tui.codex.facts.scan import Install, is_mem0_command
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Fix, Status


def check(install: Install) -> Iterator[Finding]:
    """Switches first, then files, then handlers, then trust."""
    wanted = bool(install.mem0_handlers) or install.plugin is not None
    if cause := rejection(install):
        if wanted:
            yield Finding("hooks.not-loaded", "hooks", Status.FAIL, "no hook runs", cause=cause)
        return
    yield from _wrong_home(install)
    stop = blocker(install)
    if stop is not None and not install.mem0_handlers:
        status = Status.WARN if stop in ("plugin.disabled", "plugin.not-checked") else Status.FAIL
        yield Finding(
            "hooks.not-loaded", "hooks", status, "the plugin's hooks are not loaded", cause=stop
        )
        yield from check_files(install)
        return
    if wanted and not install.hooks.enabled:
        yield _switched_off(install)
        return
    if install.config.requirements.managed_hooks_only and install.mem0_handlers:
        yield from _managed_only(install)
        if all(source.barred for source, _ in install.mem0_handlers):
            return
    yield from check_files(install)
    if (
        install.rules.plugin_hooks in ("never", "off")
        and install.plugin
        and not install.mem0_handlers
    ):
        yield _no_plugin_hooks(install)
    yield from generations.check(install)
    yield from check_duplicates(install)
    yield from _programs(install)
    yield from _trust(install)
    yield from _stale(install)
    if install.capture is not None:
        from mem0_tui.codex.checks import capture

        yield from capture.check(install)
    elif install.own_handlers:
        from mem0_tui.codex.checks import own_hooks

        yield from own_hooks.check(install)


def _switched_off(install: Install) -> Finding:
    switch = install.hooks.switch
    spot = install.config.spot(*switch) if switch else Spot(install.homes.config)
    origin = install.config.origin(*switch) if switch else None
    in_project = origin is not None and origin.layer == "project"
    name = install.rules.hooks_key
    requirements = install.config.requirements
    if requirements.feature("hooks") is False:
        spot = requirements.feature_spot("hooks")
        return Finding(
            "hooks.switched-off",
            "hooks",
            Status.FAIL,
            "hooks are switched off",
            "the rules of this machine say so: Codex runs no hook, whatever config.toml says",
            (spot,),
            fix=remedies.administrator(f"allow hooks: {spot}"),
            evidence=Evidence.TRUSTED,
        )
    return Finding(
        "hooks.switched-off",
        "hooks",
        Status.FAIL,
        "hooks are switched off",
        f"{'.'.join(map(str, switch))} = false: Codex runs no hook here"
        if switch
        else f"this version of Codex needs features.{name} = true",
        (spot,),
        cause="project.hooks-off" if in_project else None,
        fix=None if in_project else remedies.feature_enable(install, name),
        evidence=Evidence.TRUSTED,
    )


def _managed_only(install: Install) -> Iterator[Finding]:
    barred = [handler for source, handler in install.mem0_handlers if source.barred]
    spot = install.config.requirements.document.spot("allow_managed_hooks_only")
    if barred:
        yield Finding(
            "hooks.managed-only",
            "hooks",
            Status.FAIL,
            f"this machine's rules keep {len(barred)} of Mem0's hooks from running",
            "allow_managed_hooks_only = true: Codex runs the administrator's hooks and no others",
            (spot, *(handler.spot for handler in barred)),
            fix=remedies.administrator(f"allow other hooks: {spot}"),
            evidence=Evidence.TRUSTED,
        )


def _no_plugin_hooks(install: Install) -> Finding:
    return Finding(
        "hooks.version",
        "hooks",
        Status.WARN,
        "this version of Codex does not run a plugin's hooks",
        f"{install.rules.label}: 0.131 and later do",
        fix=remedies.step("codex.update", "update Codex: npm install -g @openai/codex"),
    )


def _wrong_home(install: Install) -> Iterator[Finding]:
    document = install.default_hooks
    if document is None or not is_mem0_command(document.text) or "mem0" in _mine(install):
        return
    yield Finding(
        "hooks.wrong-home",
        "hooks",
        Status.FAIL,
        "Mem0's hooks are in ~/.codex, and Codex uses another folder",
        f"the installer writes to ~/.codex only; Codex reads {install.homes.codex_home}",
        (Spot(document.path),),
        fix=remedies.step(
            "hooks.move",
            f"move {document.path} to {install.homes.hooks}, then trust the hooks in /hooks",
        ),
    )


def _mine(install: Install) -> str:
    return "mem0" if install.mem0_handlers else ""


_PROGRAM_FINDINGS = {
    ProgramState.MISSING: ("hooks.script-missing", "scripts are not there", "exit code 127"),
    ProgramState.NOT_EXECUTABLE: (
        "hooks.script-mode",
        "scripts are not executable",
        "exit code 126",
    ),
    ProgramState.UNQUOTED: (
        "hooks.unquoted-path",
        "commands have a blank in an unquoted path",
        "the shell takes half of the path",
    ),
    ProgramState.CRLF: (
        "hooks.crlf",
        "scripts have the line ends of Windows",
        "exit code 127",
    ),
}


def _programs(install: Install) -> Iterator[Finding]:
    by_state: dict[ProgramState, list[tuple[HookSource, Handler, Program]]] = {}
    for source, handler in install.current_handlers:
        if handler.kind == "command":
            program = install.program(handler)
            by_state.setdefault(program.state, []).append((source, handler, program))
    for state, (id, fault, code) in _PROGRAM_FINDINGS.items():
        found = by_state.get(state, [])
        if not found:
            continue
        plugin = next((source.plugin for source, _, _ in found if source.plugin), None)
        if state is ProgramState.CRLF:
            how = "clone again with `git -c core.autocrlf=input clone`, then install from there"
            fix: Fix | None = remedies.step("hooks.line-ends", how)
        elif plugin is not None:
            fix = remedies.plugin_add(install, plugin, "copy the plugin into the cache again")
        else:
            fix = _user_repair(install, state, [(s, h) for s, h, _ in found], found[0][2].path)
        detail = f"{found[0][2].path}: Codex goes on after {code}"
        where = tuple(handler.spot for _, handler, _ in found)
        yield Finding(
            id, "hooks", Status.FAIL, f"{len(found)} hook {fault}", detail, where, fix=fix
        )
    if any(not _needs_no_tools(install, *pair) for pair in install.current_handlers):
        absent = [name for name in ("bash", "python3") if name in missing_tools(install.homes)]
        if absent:
            title = f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not on PATH"
            detail = "Mem0's hook scripts call it"
            yield Finding("hooks.tools-missing", "hooks", Status.WARN, title, detail)


def _user_repair(
    install: Install, state: ProgramState, found: list[tuple[HookSource, Handler]], path: str
) -> Fix:
    """What mends handlers that Mem0's former installer has written."""
    if state is ProgramState.NOT_EXECUTABLE:
        return remedies.step("hooks.reinstall", f"chmod +x {os.path.dirname(path)}/*.sh")
    installer = generations.installer(install)
    if installer is not None:
        move = state is ProgramState.UNQUOTED and " " in installer
        first = "move the clone to a path without blanks, and " if move else ""
        summary = f"{first}run {installer}, then trust the hooks in /hooks"
        return remedies.step("hooks.reinstall", summary)
    return generations.remove_handlers(install, found, "hooks.remove-dead")


def _needs_no_tools(install: Install, source: HookSource, handler: Handler) -> bool:
    """Whether it is one of this program's own hooks, which call nothing but this program, or one
    of plugin 0.3, whose python3 is judged by itself."""
    if install.capture is not None and source.plugin == install.capture.plugin.id:
        return True
    return "mem0-tui" in (source.plugin or "") or "mem0-tui" in handler.command


def _trust(install: Install) -> Iterator[Finding]:
    handlers = [handler for _, handler in install.current_handlers]
    total = len(handlers)
    for trust, id, words in (
        (HookTrust.UNTRUSTED, "hooks.untrusted", "not trusted"),
        (HookTrust.MODIFIED, "hooks.modified", "changed since they were trusted"),
    ):
        found = [h for h in handlers if h.trust is trust and not h.files_changed]
        if found:
            yield Finding(
                id,
                "hooks",
                Status.WARN,
                f"{len(found)} of {total} hooks are {words}",
                "Codex leaves them out, silently so in `codex exec`",
                tuple(handler.spot for handler in found),
                fix=remedies.trust_in_codex(),
                evidence=Evidence.TRUSTED,
            )
    if changed := [handler for handler in handlers if handler.files_changed]:
        yield Finding(
            "hooks.content-changed",
            "hooks",
            Status.WARN,
            "the plugin's files changed since its hooks were trusted",
            f"trust covers all of them: Codex leaves {len(changed)} of {total} hooks out",
            tuple(handler.spot for handler in changed),
            fix=remedies.trust_in_codex(),
            evidence=Evidence.TRUSTED,
        )
    disabled = [handler for handler in handlers if not handler.enabled]
    if disabled:
        yield Finding(
            "hooks.disabled",
            "hooks",
            Status.WARN,
            f"{len(disabled)} of {total} hooks are switched off",
            ", ".join(sorted({handler.event for handler in disabled})),
            tuple(install.config.user.document.spot("hooks", "state", h.key) for h in disabled),
            fix=remedies.step("hooks.enable", "switch them on again in Codex: /hooks"),
            evidence=Evidence.TRUSTED,
        )


def _stale(install: Install) -> Iterator[Finding]:
    if install.kind == "none" and not install.mem0_handlers:
        return
    here = [source.name for source in install.hooks.sources]
    read = {source.plugin for source in install.hooks.sources}
    for plugin in install.plugins:  # one that does not load as it should is to be mended first
        broken = plugin.manifest is None or plugin.manifest.fallback or plugin.id not in read
        here += [plugin.id] if plugin.entry is not None and broken else []
    stale = [
        key
        for key in install.hooks.states
        if "mem0" in key and not any(key.startswith(f"{name}:") for name in here)
    ]
    if not stale or blocker(install) is not None:
        return
    document = install.config.user.document
    keys = [("hooks", "state", key) for key in stale]
    yield Finding(
        "hooks.stale-trust",
        "hooks",
        Status.INFO,
        f"{len(stale)} records of trust belong to hooks that are gone",
        "harmless; a hook that comes back unchanged would be trusted at once",
        tuple(document.spot(*key) for key in keys),
        fix=remedies.remove_toml("hooks.forget-stale", "remove the records", document.path, *keys),
    )


def verdict(install: Install) -> tuple[Status, str]:
    """How many hooks run."""
    handlers = [handler for _, handler in install.mem0_handlers]
    if not handlers:
        return Status.OFF, "none of Mem0's hooks are installed"
    unchecked = any(handler.content_unchecked for handler in handlers)
    note = " (its plugin's files are too many to compare here: --live does)" if unchecked else ""
    runs = sum(h.runs for source, h in install.mem0_handlers if not source.barred)
    return Status.OK, f"{runs} hooks run{note}"
