"""Holds what Codex says of itself against what its files say: what both say is observed, and
where they differ both are shown and the difference is a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.facts.hook_trust import HookTrust
from mem0_tui.codex.facts.hooks import Handler
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.live.observed import Observed, SeenHook
from mem0_tui.codex.live.server_findings import lacks_variable
from mem0_tui.codex.report import Evidence, Finding, InstallReport, Status

_LISTED = frozenset(
    f"hooks.{name}"
    for name in (
        *("untrusted", "modified", "disabled", "duplicate", "switched-off", "not-loaded"),
        *("file", "content-changed", "no-group", "dropped", "unknown-event", "plugin-links"),
    )
)
"""Findings on hooks that Codex's own list shows; whether a script works it does not show."""
_WANTING = frozenset({"key.missing", "key.empty", "key.unclean", "key.wrong-variable"})


class Comparison:
    """The findings that come of Codex's answers, and those that they confirm."""

    def __init__(self, install: Install, report: InstallReport, observed: Observed) -> None:
        self._install, self._report, self._observed = install, report, observed
        self._known = {finding.id for finding in report.findings}
        self.confirmed: set[str] = set()
        """Ids of findings that Codex says too."""
        self.findings: tuple[Finding, ...] = tuple(self._all())

    def _all(self) -> Iterator[Finding]:
        yield from self._config()
        if self._observed.refused is None and self._install.config.rejected is None:
            yield from self._plugins()
            yield from self._marketplaces()
            yield from self._skills()
            yield from self._hooks()
            yield from self._servers()

    def _confirm(self, area: str) -> None:
        self.confirmed |= {f.id for f in self._report.findings if f.area == area}

    def _config(self) -> Iterator[Finding]:
        refusal, ours = self._observed.refused, self._install.config.rejected
        if refusal is not None and ours is not None:
            failed = (f.id for f in self._report.findings if f.status is Status.FAIL)
            self.confirmed |= {id_ for id_ in failed if id_.startswith("config.")}
            self.confirmed |= {id_ for id_ in self._known if id_.endswith(".not-loaded")}
        elif refusal is not None and self._install.config.hidden:
            self.confirmed |= {"config.hidden-fault"}  # it tells what holds outside the project
        elif refusal is not None:
            title = "Codex does not load its configuration"
            yield _differs("config", Status.FAIL, title, f"its files look right; Codex: {refusal}")
        elif ours is not None:
            title = "Codex loads its configuration anyway"
            yield _differs("config", Status.INFO, title, "judging by its files it should refuse it")
        elif (self._observed.skills, self._observed.plugins, self._observed.servers) != (None,) * 3:
            yield _ok("config.loaded", "config", "Codex loads its configuration")

    def _plugins(self) -> Iterator[Finding]:
        listed = self._observed.plugins
        if listed is None or self._project_has("plugins", "features", "marketplaces"):
            return
        ours = {p.id: p.enabled for p in self._install.plugins if p.entry is not None}
        wrong = [id_ for id_, enabled in listed.items() if ours.get(id_) != enabled]
        if wrong:
            switches = "; ".join(f"{id_}: {_switch(listed[id_])}" for id_ in wrong)
            title = "Codex lists other plugins than config.toml"
            yield _differs("plugin", Status.WARN, title, f"Codex says {switches}")
        elif listed:
            self.confirmed |= {"plugin.disabled"} & self._known
            on = [id_ for id_, enabled in listed.items() if enabled]
            if on:
                yield _ok("plugin.listed", "plugin", f"Codex lists {', '.join(on)} as installed")

    def _marketplaces(self) -> Iterator[Finding]:
        errors = self._observed.marketplace_errors
        if not errors:
            return
        if self._report.area("marketplace").status in (Status.FAIL, Status.WARN):
            self._confirm("marketplace")
        else:
            title = "Codex cannot load a marketplace"
            yield _differs("marketplace", Status.WARN, title, errors[0])

    def _skills(self) -> Iterator[Finding]:
        theirs = self._observed.skills
        if theirs is None or self._install.plugin is None:
            return
        ours = sum(skills.loaded for skills in self._install.skills.values())
        if theirs == ours:
            self._confirm("skills")
            if ours:
                yield _ok("skills.loaded", "skills", f"Codex loads {ours} skills")
        else:
            status = Status.WARN if theirs < ours else Status.INFO
            title = f"Codex loads {theirs} skills, not {ours}"
            yield _differs("skills", status, title, "its files say otherwise")

    def _hooks(self) -> Iterator[Finding]:
        listed = self._observed.hooks
        if listed is None:
            return
        every = {h.key: h for h in self._install.hooks.handlers}
        on = self._install.hooks.enabled
        mine = self._install.mem0_handlers if on else []
        ours = {h.key: h for source, h in mine if not source.barred}
        theirs = {key: hook for key, hook in listed.items() if key in ours or _is_mem0(key, every)}
        odd = [f"{key}: {why}" for key, why in _differences(ours, theirs)]
        if odd:
            runs = sum(hook.runs for hook in theirs.values())
            worse = runs < sum(handler.runs for handler in ours.values())
            title = f"Codex would run {runs} of Mem0's hooks; its files say otherwise"
            status = Status.WARN if worse else Status.INFO
            more = f" and {len(odd) - 2} more" if len(odd) > 2 else ""
            yield _differs("hooks", status, title, "; ".join(odd[:2]) + more)
            return
        self.confirmed |= _LISTED & self._known
        yield from self._contents(ours, theirs)
        runs = sum(hook.runs for hook in theirs.values())
        if runs:
            title = f"Codex would run {runs} of Mem0's {len(theirs)} hooks"
            detail = "by its own word; no hook was run"
            yield Finding(
                "hooks.listed", "hooks", Status.OK, title, detail, evidence=Evidence.TRUSTED
            )

    def _contents(self, ours: dict[str, Handler], theirs: dict[str, SeenHook]) -> Iterator[Finding]:
        """A plugin that was too large to be compared here."""
        unchecked = [key for key, handler in ours.items() if handler.content_unchecked]
        changed = [key for key in unchecked if theirs[key].trust == "modified"]
        if changed:
            yield Finding(
                "hooks.content-changed",
                "hooks",
                Status.WARN,
                "the plugin's files changed since its hooks were trusted",
                f"Codex leaves {len(changed)} hooks out until they are trusted again",
                tuple(ours[key].spot for key in changed),
                fix=remedies.trust_in_codex(),
                evidence=Evidence.OBSERVED,
            )

    def _project_has(self, *names: str) -> bool:
        """Whether a project's config.toml changes what Codex lists only as it is elsewhere."""
        projects = [x for x in self._install.config.layers if x.name == "project" and x.active]
        return any(name in layer.data for layer in projects for name in names)

    def _servers(self) -> Iterator[Finding]:
        listed = self._observed.servers
        if listed is None or self._project_has("mcp_servers", "plugins", "features"):
            return
        servers = self._install.servers
        winner = servers.winner
        ours = [*servers.others, *([winner] if winner else [])]
        wanted = {s.name: s.plugin for s in ours}
        told = {
            name: seen.plugin
            for name, seen in listed.items()
            if name in wanted or "mem0" in name.lower()
        }
        on = {s.name: s.plugin for s in ours if s.starts}
        if told not in (wanted, on):
            title = "Codex has other Mem0 servers than its files name"
            names = ", ".join(f"{n} ({p or 'config.toml'})" for n, p in told.items()) or "none"
            yield _differs("mcp", Status.WARN, title, f"Codex has {names}")
            return
        self.confirmed |= {"mcp.none", "mcp.shadows-plugin", "mcp.second-server"} & self._known
        if winner is not None and lacks_variable(self._observed, winner.name):
            known = (_WANTING | {"mcp.will-not-start"}) & self._known
            self.confirmed |= known
            if not known:
                trouble = listed[winner.name].trouble[:200]
                title = "Codex lacks a variable that the server needs"
                yield _differs("key", Status.FAIL, title, trouble)


def _is_mem0(key: str, every: dict[str, Handler]) -> bool:
    """Whether a hook that the files do not show is Mem0's, as far as its key tells."""
    return key not in every and "mem0" in key.lower()


def _differences(
    ours: dict[str, Handler], theirs: dict[str, SeenHook]
) -> Iterator[tuple[str, str]]:
    for key in ours.keys() - theirs.keys():
        yield key, "Codex does not list it"
    for key in theirs.keys() - ours.keys():
        yield key, "only Codex lists it"
    for key in ours.keys() & theirs.keys():
        handler, hook = ours[key], theirs[key]
        if handler.enabled != hook.enabled:
            yield key, f"Codex says {_switch(hook.enabled)}"
        elif not _same_trust(handler, hook):
            yield key, f"Codex says {hook.trust}, its files {handler.trust.value}"


def _same_trust(handler: Handler, hook: SeenHook) -> bool:
    if handler.trust is HookTrust.NOT_NEEDED or hook.trust == handler.trust.value:
        return True
    return handler.content_unchecked and hook.trust == "modified"


def _switch(on: bool) -> str:
    return "enabled" if on else "disabled"


def _ok(id: str, area: str, title: str) -> Finding:
    return Finding(id, area, Status.OK, title, evidence=Evidence.OBSERVED)


def _differs(area: str, status: Status, title: str, detail: str) -> Finding:
    return Finding(
        f"live.disagrees.{area}", area, status, title, detail, evidence=Evidence.OBSERVED
    )
