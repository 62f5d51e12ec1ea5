"""Plans how to take an install back: everything of ours goes, and files are as they were before.

Where nothing else was written to a file since, it gets its former bytes; else only our tables and
handlers are taken out of it. What this program did not install is not touched.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence

from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.checks.key import SERVE_VARIABLE
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.facts.servers import NAME
from mem0_tui.codex.files.spot import KeyPath
from mem0_tui.codex.files.toml_tables import has_table
from mem0_tui.codex.fixes.backup import Backup
from mem0_tui.codex.report import FileEdit, Fix
from mem0_tui.codex.setup import plugin_bundle as bundle
from mem0_tui.codex.setup.autostart import ServiceFile
from mem0_tui.codex.setup.install import (
    SetupPlan,
    config_path,
    hooks_path,
    own_marketplace,
    own_plugin,
)
from mem0_tui.codex.setup.original_config import Former, former_config, formers
from mem0_tui.codex.setup.user_hooks import is_own_hook
from mem0_tui.model.errors import RefusedError


def plan_uninstall(
    install: Install, folder: str, saved: Sequence[Backup], service: ServiceFile | None
) -> SetupPlan:
    """The steps that take out of *install* what :func:`plan_install` put there.

    *folder* is the plugin's copy, *saved* what was saved before each install, the newest first.

    Raises:
        RefusedError: config.toml is broken.
    """
    if rejection(install):
        raise RefusedError(
            f"Codex cannot read {install.homes.config}", hint="mem0-tui doctor says what is wrong"
        )
    steps = list(_commands(install, saved))
    config, hooks = config_path(install), hooks_path(install)
    ours = _own_tables(install, saved)
    steps += _file_step(
        "codex.config",
        "put config.toml back",
        config,
        lambda: former_config(bundle.content(config), formers(saved, config), ours),
        after_commands=bool(steps),
    )
    steps += _file_step(
        "codex.hooks",
        "take the hooks out of hooks.json",
        hooks,
        lambda: final_hooks(bundle.content(hooks), formers(saved, hooks)),
    )
    cache = os.path.join(install.homes.codex_home, "plugins", "cache", bundle.NAME)
    for id, summary, place in (
        ("codex.cache", "remove the plugin from Codex's cache", cache),
        ("codex.bundle", "remove the plugin's files", folder),
    ):
        if os.path.isdir(place):
            steps.append(_emptied(id, summary, place))
    first: tuple[str, ...] = ()
    if service is not None and bundle.content(service.path) == service.data:
        edit = FileEdit(service.path, service.data, None)
        steps.append(
            Fix("codex.service", "remove the service", plan=lambda: [edit], touches=(edit.path,))
        )
        first = (f"stop the service: {service.stop}",)
    return SetupPlan(tuple(steps), first=first)


def final_hooks(present: bytes | None, known: Sequence[Former]) -> bytes | None:
    """hooks.json after an uninstall: as it was before one of *known* where only our handlers are
    different."""
    if present is None or b"mem0-tui" not in present:
        return present
    try:
        data = json.loads(present.decode("utf-8"))
        kept = _without_own(data)
        if kept == data:
            return present
        for before, _ in known:
            if kept == _with_hooks({} if before is None else json.loads(before)):
                return before
    except (ValueError, AttributeError, TypeError):
        return present
    from mem0_tui.codex.fixes.json_edit import rewritten

    return rewritten(present, kept)


def _commands(install: Install, saved: Sequence[Backup]) -> Iterator[Fix]:
    if install.codex is None:
        return
    config = config_path(install)
    plugin = own_plugin(install)
    if install.rules.plugin_commands and plugin is not None:
        cache = os.path.join(install.homes.codex_home, "plugins", "cache", bundle.NAME)
        remove = ("codex", "plugin", "remove", bundle.PLUGIN_ID)
        yield Fix("codex.plugin", "remove the plugin", argv=remove, touches=(config, cache))
    if install.rules.plugin_commands and own_marketplace(install) is not None:
        forget = ("codex", "plugin", "marketplace", "remove", bundle.NAME)
        yield Fix("codex.marketplace", "forget its place", argv=forget, touches=(config,))
    text = (bundle.content(config) or b"").decode("utf-8")
    if _own_server(install, saved) and not has_table(text, ("mcp_servers", NAME)):
        drop = ("codex", "mcp", "remove", NAME)
        yield Fix("codex.mcp", "remove the memory tools", argv=drop, touches=(config,))


def _own_server(install: Install, saved: Sequence[Backup]) -> bool:
    """Whether config.toml's server ``mem0`` is there because of this program."""
    server = next((s for s in install.servers.configured if s.name == NAME), None)
    if server is None:
        return False
    if server.key_variable == SERVE_VARIABLE:
        return True
    known = formers(saved, config_path(install))
    return any(b"mcp_servers.mem0" not in (before or b"") for before, _ in known)


def _own_tables(install: Install, saved: Sequence[Backup]) -> Callable[[KeyPath], bool]:
    server = _own_server(install, saved)
    hooks = {
        handler.key
        for source in install.hooks.sources
        for handler in source.handlers
        if source.plugin is None and is_own_hook(handler.command)
    }

    def ours(table: KeyPath) -> bool:
        match table:
            case ("marketplaces", name, *_):
                return name == bundle.NAME
            case ("plugins", name, *_):
                return name == bundle.PLUGIN_ID
            case ("mcp_servers", name, *_):
                return name == NAME and server
            case ("hooks", "state", str(key), *_):
                return key.startswith(f"{bundle.PLUGIN_ID}:") or key in hooks
        return False

    return ours


def _without_own(
    data: dict[str, dict[str, list[dict[str, list[dict[str, object]]]]]],
) -> dict[str, dict[str, list[dict[str, list[dict[str, object]]]]]]:
    """hooks.json's *data* without this program's handlers, and what is empty because of that."""
    events: dict[str, list[dict[str, list[dict[str, object]]]]] = {}
    for event, groups in data.get("hooks", {}).items():
        kept = []
        for group in groups:
            handlers = [h for h in group["hooks"] if not is_own_hook(str(h.get("command")))]
            if len(handlers) == len(group["hooks"]):
                kept.append(group)
            elif handlers:
                kept.append({**group, "hooks": handlers})
        if kept or not groups:
            events[event] = kept
    return {**data, "hooks": events}


def _with_hooks(data: object) -> object:
    return {**data, "hooks": data.get("hooks", {})} if isinstance(data, dict) else data


def _file_step(
    id: str,
    summary: str,
    path: str,
    final: Callable[[], bytes | None],
    *,
    after_commands: bool = False,
) -> list[Fix]:
    """A step that makes *path* what *final* says, worked out when it is its turn."""
    present = bundle.content(path)
    if final() == present and not (after_commands and present is not None):
        return []

    def plan() -> list[FileEdit]:
        return [FileEdit(path, bundle.content(path), final())]

    return [Fix(id, summary, plan=plan, touches=(path,))]


def _emptied(id: str, summary: str, folder: str) -> Fix:
    """Remove every file of *folder*; the folders go once they are empty."""
    return Fix(id, summary, plan=lambda: bundle.edits_to(folder, {}), touches=(folder,))
