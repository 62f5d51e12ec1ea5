"""Every hook handler that Codex finds, from which source, and whether it would run it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from mem0_tui.codex.facts import hook_rules as hookrules
from mem0_tui.codex.facts.config import Config
from mem0_tui.codex.facts.hook_trust import ContentTrust, HookTrust, fingerprint
from mem0_tui.codex.facts.layers import ConfigLayer
from mem0_tui.codex.facts.requirements import Requirements
from mem0_tui.codex.facts.versions import Rules
from mem0_tui.codex.files.json_doc import JsonDocument, load_json
from mem0_tui.codex.files.spot import KeyPath, Problem, Spot, table, text
from mem0_tui.codex.files.text_file import FileState
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record


class _SpotOf(Protocol):
    def __call__(self, *key: str | int) -> Spot: ...


class Handler(Record):
    """One handler, at the place in a file where it is written."""

    event: str
    group: int
    position: int
    kind: str
    command: str
    """The command line, or ``server/tool`` of an MCP tool."""
    matcher: str | None
    timeout: int
    status_message: str | None
    spot: Spot
    key: str
    """The key under ``[hooks.state]``."""
    fingerprint: str
    root: str | None
    """The plugin's folder, which stands for ``${PLUGIN_ROOT}``."""
    trust: HookTrust = HookTrust.UNTRUSTED
    enabled: bool = True
    files_changed: bool = False
    """Whether it is modified because another file of its plugin is."""
    content_unchecked: bool = False
    """Whether trust also rests on files of the plugin that only Codex can compare."""

    @property
    def runs(self) -> bool:
        """Whether Codex would run it, as far as files tell."""
        return self.enabled and self.trust not in (HookTrust.MODIFIED, HookTrust.UNTRUSTED)


class HookSource(Record):
    """One place that hooks come from: a hooks.json, an inline table or a plugin's file."""

    kind: str
    """``user``, ``project``, ``plugin``, or the machine's: ``system``, ``managed``,
    ``requirements``."""
    name: str
    """The source part of a trust key: a path, or ``PLUGIN@MARKETPLACE:PATH``."""
    path: str
    inline: bool
    document: JsonDocument | None
    problem: Problem | None
    handlers: tuple[Handler, ...] = ()
    unknown_events: tuple[tuple[str, Spot], ...] = ()
    ungrouped: tuple[tuple[str, Spot], ...] = ()
    """Handlers written without the matcher-group level: Codex sees a group without handlers."""
    dropped: tuple[Problem, ...] = ()
    """Groups and handlers left out: bad matchers, unsupported types, empty commands."""
    plugin: str | None = None
    barred: bool = False
    """Whether the machine's rules keep Codex from reading it."""
    contents: ContentTrust | None = None
    """What trust in a plugin's files is compared with, None where trust does not cover them."""


class Hooks(Record):
    """All sources in the order in which Codex reads them, and the switches over them."""

    sources: tuple[HookSource, ...]
    states: Mapping[str, Mapping[str, object]]
    enabled: bool
    """Whether the feature is on in this working folder."""
    switch: KeyPath | None
    """The key that decided it, None for the default."""
    alias: bool
    """Whether the deprecated spelling ``codex_hooks`` is in use."""

    @property
    def handlers(self) -> list[Handler]:
        """Those that Codex lists."""
        read = (source for source in self.sources if not source.barred)
        return [handler for source in read for handler in source.handlers]


def read_hooks(config: Config, plugin_sources: list[HookSource], rules: Rules) -> Hooks:
    """Read the hooks of every layer, add those of the plugins, and settle each one's trust."""
    sources = list(_of_requirements(config.requirements, rules))
    for layer in config.layers:
        sources += _of_layer(layer, rules) if layer.active else ()
    states = {
        key: table(state)
        for key, state in table(table(config.user.data.get("hooks")).get("state")).items()
    }
    enabled, switch = hooks_switch(config, rules)
    only = config.requirements.managed_hooks_only
    known = [_with_trust(source, states, rules, only) for source in [*sources, *plugin_sources]]
    alias = rules.hooks_key == "hooks" and config.get("features", "codex_hooks") is not None
    return Hooks(tuple(known), states, enabled, switch, alias)


def hooks_switch(config: Config, rules: Rules) -> tuple[bool, KeyPath | None]:
    """Whether hooks are on, and the key of config.toml that says so, if it is one."""
    if (pinned := config.requirements.feature("hooks")) is not None:
        return pinned, None
    alias = "codex_hooks" if rules.hooks_key == "hooks" else None
    for name in (rules.hooks_key, alias):
        if name and (value := config.feature(name)) is not None:
            return value, ("features", name)
    return rules.hooks_by_default, None


def _of_requirements(requirements: Requirements, rules: Rules) -> Iterator[HookSource]:
    if hooks := requirements.hooks:
        path = requirements.document.path
        source = HookSource("requirements", requirements.hooks_name, path, True, None, None)
        yield with_handlers(source, hooks, ("hooks",), requirements.document.spot, None, rules)


def _of_layer(layer: ConfigLayer, rules: Rules) -> Iterator[HookSource]:
    if layer.name != "managed":  # the hooks.json in its folder is the system layer's
        document = load_json(layer.hooks_file)
        if document.exists and document.file.state is not FileState.DIRECTORY:
            yield read_hook_file(layer.name, layer.hooks_file, document, rules)
    inline = table(layer.data.get("hooks"))
    if any(name != "state" for name in inline) and layer.document.problem is None:
        path = layer.document.path
        source = HookSource(layer.name, path, path, True, None, None)
        if fault := next(hookrules.inline_faults(inline, rules.measured), None):
            key, message = fault
            yield source.replace(problem=Problem(message, layer.document.spot(*key)))
        else:
            yield with_handlers(source, inline, ("hooks",), layer.document.spot, None, rules)


def read_hook_file(
    kind: str,
    name: str,
    document: JsonDocument,
    rules: Rules,
    plugin: str | None = None,
    root: str | None = None,
) -> HookSource:
    """The hooks of one JSON file, none and a problem where Codex refuses it."""
    problem = document.problem
    if problem is None and (
        fault := hookrules.file_fault(
            document.data,
            document.duplicates,
            rules.measured,
            strict=rules.strict_hooks_file,
        )
    ):
        problem = Problem(fault.message, document.spot(*fault.key))
    path = document.path
    source = HookSource(kind, name, path, False, document, problem, plugin=plugin)
    if problem is not None:
        return source
    hooks = hookrules.as_object(document.data).get("hooks", {})
    return with_handlers(source, hooks, ("hooks",), document.spot, root, rules)


def with_handlers(
    source: HookSource,
    hooks: object,
    at: KeyPath,
    spot: _SpotOf,
    root: str | None,
    rules: Rules,
) -> HookSource:
    """*source* with the handlers of *hooks*, a table of events that stands at the key *at*."""
    handlers: list[Handler] = []
    dropped: list[Problem] = []
    ungrouped: list[tuple[str, Spot]] = []
    form = hookrules.hook_form(rules.measured)
    for event in form.events:
        for group in hookrules.groups_of(hooks, event, rules.measured):
            place = (*at, event, group.position)
            if fault := hookrules.matcher_fault(group.matcher):
                dropped.append(Problem(f"matcher {group.matcher!r}: {fault}", spot(*place)))
                continue
            if not group.handlers and _looks_like_handler(table(hooks), event, group.position):
                ungrouped.append((event, spot(*place)))
            for index, raw in enumerate(group.handlers):
                where = spot(*place, "hooks", index)
                if why := _why_dropped(event, raw, form):
                    dropped.append(Problem(why, where))
                else:
                    made = _handler(source, event, group, index, raw, where, root, rules.measured)
                    handlers.append(made)
    unknown = tuple(
        (name, spot(*at, name))
        for name in table(hooks)
        if name not in form.events and name != "state"
    )
    return source.replace(
        handlers=tuple(handlers),
        unknown_events=unknown,
        ungrouped=tuple(ungrouped),
        dropped=tuple(dropped),
    )


def _looks_like_handler(hooks: Mapping[str, object], event: str, index: int) -> bool:
    groups = hooks.get(event)
    group = groups[index] if isinstance(groups, list) and index < len(groups) else None
    return isinstance(group, dict) and ("command" in group or "type" in group)


def _why_dropped(event: str, raw: Mapping[str, object], form: hookrules.HookForm) -> str | None:
    kind = raw.get("type")
    if form.handlers[str(kind)].get("skipped"):
        return f"{kind} hooks are not supported by Codex"
    if kind == "command" and not str(raw.get("command", "")).strip():
        return "the command is empty"
    if kind == "mcp_tool" and event == "SessionEnd":
        return "Codex calls no MCP tool at SessionEnd"
    return None


def _handler(
    source: HookSource,
    event: str,
    group: hookrules.Group,
    index: int,
    raw: Mapping[str, object],
    spot: Spot,
    root: str | None,
    rules: Measured,
) -> Handler:
    kind = str(raw.get("type"))
    command = text(raw.get("command")) or f"{raw.get('server')}/{raw.get('tool')}"
    return Handler(
        event,
        group.position,
        index,
        kind,
        command,
        group.matcher,
        hookrules.timeout_of(event, raw, rules),
        text(raw.get("statusMessage")),
        spot,
        f"{source.name}:{hookrules.snake(event)}:{group.position}:{index}",
        fingerprint(event, group.matcher, raw, rules),
        root,
    )


def _with_trust(
    source: HookSource,
    states: Mapping[str, Mapping[str, object]],
    rules: Rules,
    managed_only: bool,
) -> HookSource:
    managed = source.kind in _MANAGED
    if managed and rules.hook_trust:  # nobody needs to trust these, and nobody can disable them
        handlers = tuple(h.replace(trust=HookTrust.MANAGED) for h in source.handlers)
        return source.replace(handlers=handlers)
    return source.replace(
        barred=managed_only and not managed,
        handlers=tuple(
            _judged(handler, states.get(handler.key, {}), source.contents, rules)
            for handler in source.handlers
        ),
    )


_MANAGED = ("system", "managed", "requirements")


def _judged(
    handler: Handler, state: Mapping[str, object], contents: ContentTrust | None, rules: Rules
) -> Handler:
    if not rules.hook_trust:
        return handler.replace(trust=HookTrust.NOT_NEEDED)
    enabled = state.get("enabled") is not False
    recorded = text(state.get("trusted_hash"))
    if recorded is None:
        return handler.replace(trust=HookTrust.UNTRUSTED, enabled=enabled)
    if handler.fingerprint and recorded != handler.fingerprint:
        return handler.replace(trust=HookTrust.MODIFIED, enabled=enabled)
    if contents is None:
        return handler.replace(trust=HookTrust.TRUSTED, enabled=enabled)
    trust = contents.judge(text(state.get("trusted_content_hash")))
    return handler.replace(
        trust=trust or HookTrust.TRUSTED,
        enabled=enabled,
        files_changed=trust is HookTrust.MODIFIED,
        content_unchecked=trust is None,
    )
