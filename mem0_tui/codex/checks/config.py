"""Does Codex accept config.toml? If not, it loads nothing from it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from mem0_tui.codex.facts.config_faults import ConfigFault, FaultKind
from mem0_tui.codex.facts.layers import ConfigLayer
from mem0_tui.codex.facts.paths import short
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import KeyPath, Spot
from mem0_tui.codex.files.text_file import FileState
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Fix, Status

_IDS = {
    FaultKind.SYNTAX: "config.syntax",
    FaultKind.UNREADABLE: "config.unreadable",
    FaultKind.TYPE: "config.type",
    FaultKind.REFERENCE: "config.reference",
    FaultKind.FORBIDDEN: "config.forbidden-key",
    FaultKind.PROFILE: "config.profile",
    FaultKind.REFUSED: "config.refused",
    FaultKind.UNKNOWN: "config.unknown-key",
    FaultKind.MISSPELT: "config.misspelt-key",
    FaultKind.DANGLING: "config.dangling-link",
}


def rejection(install: Install) -> str | None:
    """The id of the finding because of which Codex has no configuration at all."""
    if not _home_there(install):
        return "config.home-missing"
    fault = install.config.rejected
    return None if fault is None else _IDS[fault.kind]


def _home_there(install: Install) -> bool:
    homes = install.homes
    return homes.codex_home_from == "default" or os.path.isdir(homes.codex_home)


def check(install: Install) -> Iterator[Finding]:
    """Faults of every layer that counts, and of the choice of the home."""
    homes = install.homes
    if not _home_there(install):
        yield Finding(
            "config.home-missing",
            "config",
            Status.FAIL,
            "CODEX_HOME names a folder that is not there",
            f"Codex refuses to start: {homes.codex_home} does not exist",
            (Spot(homes.codex_home),),
            fix=remedies.step("config.home", "create the folder, or unset CODEX_HOME"),
        )
        return
    seen: set[str] = set()
    for fault in install.config.faults:
        if fault.fatal and _IDS[fault.kind] in seen:
            continue
        if fault.kind is FaultKind.UNKNOWN and install.config.rejected is not None:
            continue
        seen.add(_IDS[fault.kind])
        yield _finding(install, fault)
    for fault in install.config.hidden:
        yield _hidden(install, fault)
    if install.hooks.alias:
        yield _alias(install)
    if install.rules.newer:
        yield _newer(install)


def _hidden(install: Install, fault: ConfigFault) -> Finding:
    """A value that only this project's config.toml keeps from being refused."""
    return Finding(
        "config.hidden-fault",
        "config",
        Status.WARN,
        f"{_dotted(fault.key)} {fault.message}",
        f"Codex refuses the whole file, but not here: this project has another value. {fault.spot}",
        (fault.spot,),
        fix=_fix(install, fault),
    )


def _newer(install: Install) -> Finding:
    known = install.rules.measured.version
    detail = (
        f"Codex itself was asked about config.toml; the rest was checked by the rules of {known},"
        " so newer settings are called unknown"
        if install.config.judged
        else f"The values in config.toml were checked by the rules of Codex {known}; newer settings"
        " are called unknown, and a value that only the newer Codex takes is called wrong"
    )
    title = f"{install.rules.label} is newer than the rules of this check"
    return Finding("config.rules-older", "config", Status.INFO, title, detail)


def _finding(install: Install, fault: ConfigFault) -> Finding:
    name = _dotted(fault.key)
    titles = {
        FaultKind.SYNTAX: "config.toml does not parse",
        FaultKind.UNREADABLE: "config.toml cannot be read",
        FaultKind.TYPE: f"{name} {fault.message}",
        FaultKind.REFERENCE: f"{name} {fault.message}",
        FaultKind.FORBIDDEN: f"{name} {fault.message}",
        FaultKind.PROFILE: "the setting profile is no longer accepted",
        FaultKind.REFUSED: "Codex refuses config.toml",
        FaultKind.UNKNOWN: f"{name} {fault.message}",
        FaultKind.MISSPELT: f"{name} should be {fault.meant}",
        FaultKind.DANGLING: "config.toml is a link to nothing",
    }
    place = str(fault.spot) + (f":{fault.column}" if fault.column else "")
    if fault.fatal:
        status = Status.FAIL
        runs = f"Codex refuses {_refused(install, fault)} and runs without it"
        told = titles[fault.kind].endswith(fault.message)
        detail = runs if told else f"{runs}. {place}: {fault.message}"
        if fault.kind is FaultKind.UNREADABLE and _only_too_big(install, fault):
            status, detail = Status.WARN, f"{place} {fault.message}; it was not checked"
    elif fault.kind is FaultKind.MISSPELT:
        status = Status.FAIL if _hides_mem0(install, fault.key) else Status.WARN
        detail = f"Codex ignores {name}, which {fault.message}"
    elif fault.kind is FaultKind.DANGLING:
        status, detail = Status.WARN, "Codex runs on its defaults and says nothing"
    else:
        status, detail = Status.INFO, f"Codex ignores {name}"
    return Finding(
        _IDS[fault.kind],
        "config",
        status,
        titles[fault.kind],
        detail,
        (fault.spot,),
        fix=_fix(install, fault),
        evidence=Evidence.OBSERVED if fault.kind is FaultKind.REFUSED else Evidence.CONFIGURED,
    )


def _refused(install: Install, fault: ConfigFault) -> str:
    """What Codex does not read because of *fault*."""
    layer = _layer(install, fault)
    if layer is None or layer.name == "user":
        return "the whole file"
    return "all of its configuration in this project" if layer.name == "project" else "every file"


def _layer(install: Install, fault: ConfigFault) -> ConfigLayer | None:
    layers = install.config.layers
    return next((x for x in layers if x.document.path == fault.spot.path), None)


def _only_too_big(install: Install, fault: ConfigFault) -> bool:
    return any(
        layer.document.path == fault.spot.path and layer.document.file.state is FileState.TOO_BIG
        for layer in install.config.layers
    )


def _hides_mem0(install: Install, key: KeyPath) -> bool:
    """Whether the misspelt table or key is one that Mem0 depends on."""
    if key[0] in ("features", "mcp_servers"):
        return key[0] == "features" or "mem0" in str(key[1]).lower()
    value: object = install.config.seen
    for part in key:
        value = value.get(part) if isinstance(value, dict) else None
    return "mem0" in str(value).lower()


def _dotted(key: KeyPath) -> str:
    return ".".join(
        f'"{part}"'
        if isinstance(part, str) and not part.replace("_", "").replace("-", "").isalnum()
        else str(part)
        for part in key
    )


def _fix(install: Install, fault: ConfigFault) -> Fix | None:
    path, layer = fault.spot.path, _layer(install, fault)
    if fault.fatal and (layer is None or not layer.editable):
        return remedies.administrator(f"correct {fault.spot}")
    match fault.kind:
        case FaultKind.MISSPELT if fault.meant:
            if fault.key[-1] == "disabled":
                return None
            if fault.key[-1] in ("headers", "header"):
                return remedies.bearer_variable(path, str(fault.key[1]), drop=(fault.key,))
            summary = f"rename {_dotted(fault.key)} to {fault.meant}"
            return remedies.rename_toml("config.rename-key", summary, path, fault.key, fault.meant)
        case FaultKind.FORBIDDEN if fault.key[-1] == "bearer_token":
            return remedies.bearer_variable(path, str(fault.key[1]), drop=(fault.key,))
        case FaultKind.FORBIDDEN if len(fault.key) > 2:
            return remedies.remove_toml(
                "config.remove-key", f"remove {_dotted(fault.key)}", path, fault.key
            )
        case FaultKind.PROFILE:
            return remedies.remove_toml("config.remove-key", "remove profile", path, fault.key)
        case FaultKind.TYPE:
            return _typed(install, fault) or remedies.edit_by_hand(fault.spot, "correct the value")
        case FaultKind.REFERENCE:
            return remedies.edit_by_hand(fault.spot, "correct the name, or add what it names")
        case FaultKind.SYNTAX | FaultKind.REFUSED:
            return remedies.edit_by_hand(fault.spot, "correct the line")
        case FaultKind.DANGLING:
            return remedies.step(
                "config.link", f"make {short(path, install.homes.home)} point at a file"
            )
        case _:
            return None


def _typed(install: Install, fault: ConfigFault) -> Fix | None:
    """A text that says true or false, where Codex wants the word without quotes."""
    layer = _layer(install, fault)
    value: object = layer.data if layer else None
    for part in fault.key:
        value = value.get(part) if isinstance(value, dict) else None
    words = {"true": True, "false": False}
    if (
        not isinstance(value, str)
        or value.lower() not in words
        or "true or false" not in fault.message
    ):
        return None
    meant = words[value.lower()]
    summary = f"write {value.lower()} without quotes"
    return remedies.set_toml("config.unquote", summary, fault.spot.path, fault.key, meant)


def _alias(install: Install) -> Finding:
    spot = install.config.spot("features", "codex_hooks")
    both = install.config.feature("hooks") is not None
    summary = "remove the old name" if both else "use the new name"
    key = ("features", "codex_hooks")
    fix = (
        remedies.remove_toml("config.alias", summary, spot.path, key)
        if both
        else remedies.rename_toml("config.alias", summary, spot.path, key, "hooks")
    )
    return Finding(
        "config.deprecated-alias",
        "config",
        Status.INFO,
        "features.codex_hooks is now called features.hooks",
        "Codex still reads it and says so at every start; features.hooks wins where both are there",
        (spot,),
        fix=fix,
    )


def verdict(install: Install) -> tuple[Status, str]:
    """Where the configuration is."""
    place = short(install.homes.config, install.homes.home)
    if not install.config.user.document.exists:
        return Status.OK, f"no {place}: Codex runs on its defaults"
    if install.config.judged:
        return Status.OK, f"{place} is accepted by Codex itself"
    judged = f"{place} is accepted by the rules of Codex {install.rules.measured.version}"
    if not (count := len(install.config.undecided)):
        return Status.OK, judged
    values = "1 value was" if count == 1 else f"{count} values were"
    return Status.OK, f"{judged}; {values} not checked"
