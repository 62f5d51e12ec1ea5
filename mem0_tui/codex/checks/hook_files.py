"""Does Codex take the files that hooks come from, and everything in them?"""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.checks.blocking import blocker, unjudged
from mem0_tui.codex.facts.hooks import HookSource
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Fix, Status


def check_files(install: Install) -> Iterator[Finding]:
    """What Codex refuses, ignores or leaves out, source by source."""
    plugins = {plugin.id: plugin for plugin in install.plugins if plugin.is_mem0}
    for source in install.hooks.sources:
        if source.plugin is not None and source.plugin not in plugins:
            continue
        if source.problem is not None:
            yield _refused(install, source)
            continue
        plugin = plugins.get(source.plugin or "")
        fallback = plugin is not None and plugin.manifest is not None and plugin.manifest.fallback
        yield from _ignored(source, "plugin.manifest-fallback" if fallback else None)
    yield from _missing(install)
    yield from _twofold(install)


def _missing(install: Install) -> Iterator[Finding]:
    """Mem0's plugin without a single hook, and no file of hooks that could be put right."""
    plugin = install.plugin
    off = install.rules.plugin_hooks in ("never", "off")
    if off or plugin is None or blocker(install) is not None or plugin.manifest is None:
        return
    sources = [source for source in install.hooks.sources if source.plugin == plugin.id]
    if any(source.handlers or source.problem or source.dropped for source in sources):
        return
    where = plugin.manifest.spot_of("hooks")
    yield Finding(
        "hooks.none",
        "hooks",
        Status.WARN,
        "the plugin brings no hooks",
        "Codex finds none where its manifest leads: nothing is captured or recalled by itself",
        (where,),
        fix=remedies.copy_again(install, plugin.id),
        evidence=Evidence.TRUSTED,
    )


def _refused(install: Install, source: HookSource) -> Finding:
    problem = source.problem
    assert problem is not None
    if source.plugin is not None:
        odd = install.odd_files.get(source.plugin)
        if odd:
            return Finding(
                "hooks.plugin-links",
                "hooks",
                Status.FAIL,
                "a link or special file in the plugin keeps its hooks from loading",
                f"Codex cannot fingerprint {odd[0]}",
                (problem.spot,),
                fix=remedies.copy_again(install, source.plugin),
            )
        if source.document is not None and source.document.unjudged:
            return unjudged("hooks", source.document)
        return Finding(
            "hooks.plugin-file",
            "hooks",
            Status.FAIL,
            "the plugin's hooks file is missing or broken",
            str(problem),
            (problem.spot,),
            fix=remedies.copy_again(install, source.plugin),
        )
    if source.document is not None and source.document.unjudged:
        return unjudged("hooks", source.document)
    return Finding(
        "hooks.file",
        "hooks",
        Status.FAIL,
        f"Codex refuses the {source.kind} hooks.json as a whole",
        f"{problem}",
        (problem.spot,),
        fix=_mended(source),
    )


def _mended(source: HookSource) -> Fix:
    document = source.document
    problem = source.problem
    assert problem is not None
    if document is not None and document.problem is not None:
        if (
            document.file.bom
            or "//" in document.text
            or "/*" in document.text
            or ",]" in _dense(document.text)
            or ",}" in _dense(document.text)
        ):
            return remedies.plain_json(document.path)
    elif document is not None:
        if unknown := [name for name in document.table if name not in ("description", "hooks")]:
            return remedies.drop_json_keys(document.path, unknown)
        if fix := _number(source):
            return fix
    return remedies.edit_by_hand(problem.spot, "correct it")


def _dense(text: str) -> str:
    return "".join(text.split())


def _number(source: HookSource) -> Fix | None:
    """A timeout written as text or with a decimal point."""
    document = source.document
    if document is None:
        return None
    hooks = document.table.get("hooks")
    for event, groups in hooks.items() if isinstance(hooks, dict) else ():
        for group_index, group in enumerate(groups if isinstance(groups, list) else ()):
            handlers = group.get("hooks") if isinstance(group, dict) else None
            for index, handler in enumerate(handlers if isinstance(handlers, list) else ()):
                timeout = handler.get("timeout") if isinstance(handler, dict) else None
                if isinstance(timeout, str | float) and (seconds := _seconds(timeout)) is not None:
                    key = ("hooks", event, group_index, "hooks", index, "timeout")
                    summary = f"write the timeout as the number {seconds}"
                    return remedies.set_json("hooks.timeout", summary, document.path, key, seconds)
    return None


def _seconds(written: str | float) -> int | None:
    try:
        seconds = float(written)
    except ValueError:
        return None
    return int(seconds) if 0 < seconds < 1e6 else None


def _ignored(source: HookSource, cause: str | None) -> Iterator[Finding]:
    if source.unknown_events:
        names = ", ".join(name for name, _ in source.unknown_events)
        yield Finding(
            "hooks.unknown-event",
            "hooks",
            Status.WARN,
            f"Codex knows no event {names}",
            "it ignores hooks under such a name without a word",
            tuple(spot for _, spot in source.unknown_events),
            cause=cause,
        )
    if source.ungrouped:
        event, spot = source.ungrouped[0]
        yield Finding(
            "hooks.no-group",
            "hooks",
            Status.FAIL,
            f"handlers under {event} lack the group around them",
            'Codex reads {"matcher": …, "hooks": [handler]} there, and finds no handler',
            tuple(spot for _, spot in source.ungrouped),
            fix=remedies.edit_by_hand(spot, 'put each handler into {"hooks": [ … ]}'),
        )
    if source.dropped:
        yield Finding(
            "hooks.dropped",
            "hooks",
            Status.WARN,
            f"Codex leaves out {len(source.dropped)} of the hooks in {source.name}",
            "; ".join(problem.message for problem in source.dropped),
            tuple(problem.spot for problem in source.dropped),
            cause=cause,
        )


def _twofold(install: Install) -> Iterator[Finding]:
    for layer in install.config.layers:
        mine = [s for s in install.hooks.sources if s.kind == layer.name and s.handlers]
        mine = [s for s in mine if s.path in (layer.hooks_file, layer.document.path)]
        if len(mine) > 1:
            yield Finding(
                "hooks.two-places",
                "hooks",
                Status.INFO,
                f"{layer.name} hooks come from both hooks.json and config.toml",
                "Codex loads both, and says so at every start",
                tuple(source.handlers[0].spot for source in mine),
            )
