"""Measures what Codex says of settings that it reads and passes over.

``--strict-config`` refuses a setting that Codex does not know, in most tables; a ``configWarning``
names the settings that a project may not make, and counts those that are not known.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mem0_tui.codex.rules import load, versions
from scripts.codexrules import toml
from scripts.codexrules.cases import right
from scripts.codexrules.judge import Judge
from scripts.codexrules.names import Candidates
from scripts.codexrules.probe import Rules, learn
from scripts.codexrules.session import Refused
from scripts.codexrules.shape import Way, contexts, fitting, split, text

_NAME = "zz_unknown"
_VALUES: tuple[object, ...] = (True, "any", {}, [], 1)
_COUNTED = re.compile(r"is ignoring (\d+) unrecognized")
_OF_A_PROJECT = re.compile(r"Ignored unsupported project-local config keys in .*?: (.*?)\. If you")
_OLD = (
    "codex_hooks collab connectors enable_experimental_windows_sandbox"
    " experimental_use_freeform_apply_patch experimental_use_unified_exec_tool"
    " include_apply_patch_tool memory_tool request_permissions telepathy web_search"
)
"""Names of features that were in use before the first measured version."""
_AT_ONCE = 1500
"""Names in one file, of which Codex says how many it does not know."""


def mark(judge: Judge, rules: Rules, candidates: Candidates, features: Collection[str]) -> None:
    """Note in *rules* what Codex passes over.

    ``project``, false: a setting that it leaves out of a project's config.toml; ``open`` and
    ``listed``: see :func:`mark_tables`; ``former``: names among *candidates* that a table takes
    though they are none of *features*.
    """
    learn(rules)
    for name in left_out_of_projects(judge, rules):
        rules[name]["project"] = False
    mark_tables(judge, rules)
    known = {way.partition(".")[2] for way in rules if way.startswith("features.")}
    former = former_features(judge, candidates, {*features, *known})
    for name in ("features", "profiles.*.features"):
        if rules.get(name, {}).get("listed"):
            rules[name]["former"] = former


def mark_tables(judge: Judge, rules: Rules) -> None:
    """Note which tables are ``open``: an unknown name in them is no reason to complain.

    A table whose names are the user's is open by itself; where Codex complains there all the same,
    it is ``listed``: only some names mean anything.
    """
    for name in rules:
        if (found := table_mark(judge, rules, name)) is not None:
            rules[name][found] = True


def table_mark(judge: Judge, rules: Mapping[str, Mapping[str, Any]], name: str) -> str | None:
    """Which of the two marks the table *name* has, if any; those of hooks are of another kind."""
    rule = rules[name]
    if "t" not in rule["is"] or rule.get("one") or rule.get("closed") or rule.get("unsure"):
        return None
    if name.startswith("hooks") and not name.startswith("hooks.state"):
        return None
    takes = _takes_unknown(judge, split(name), fitting(split(name), rules))
    if takes is None or takes == (f"{name}.*" in rules):
        return None
    return "open" if takes else "listed"


def _takes_unknown(judge: Judge, way: Way, context: int) -> bool | None:
    """Whether ``--strict-config`` takes an unknown name in the table at *way*; None where even
    without it none is taken."""
    filled = contexts(way)[0]
    for value in _VALUES:
        document = text(way, {**filled, _NAME: value}, context)
        if judge.ask(document).taken:
            return judge.strict(document).taken
    return None


def left_out_of_projects(judge: Judge, rules: Rules) -> list[str]:
    """The settings at the top that Codex leaves out of a project's config.toml."""
    tops = {
        name: right(split(name), rule, judge.file)
        for name, rule in rules.items()
        if "." not in name and "[" not in name
    }
    taken = {name for name, value in tops.items() if judge.ask(text((name,), value)).taken}
    asked = [{name: tops[name] for name in taken}]
    asked += [{name: value} for name, value in tops.items() if name not in taken]
    return sorted({name for written in asked for name in _left_out(judge, written)} & {*tops})


def _left_out(judge: Judge, written: Mapping[str, object]) -> Iterator[str]:
    home = judge.home()
    folder = home / "project"
    for made in (folder / ".git", folder / ".codex"):
        made.mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / ".codex" / "config.toml").write_text(toml.document(written))
    trusted = {"projects": {str(folder): {"trust_level": "trusted"}}}
    (home / "config.toml").write_text(toml.document(trusted))
    with judge.session(home, folder) as session:
        with contextlib.suppress(Refused):
            session.ask("config/read", {"cwd": str(folder)})
        for said in session.warnings():
            if match := _OF_A_PROJECT.search(said):
                yield from match[1].split(", ")


def former_features(judge: Judge, candidates: Candidates, features: Collection[str]) -> list[str]:
    """Of *candidates* those that ``[features]`` takes though they are none of *features*: names
    from earlier, which may still mean something."""
    left = sorted({name for name in candidates.all if name[:1].islower()} - set(features))
    if not _ignored(judge, [_NAME]):  # this Codex does not count them: ask it name by name
        few = sorted(set(left) & _elsewhere())
        return [name for name in few if judge.strict(_features([name])).taken]
    parts = [left[at : at + _AT_ONCE] for at in range(0, len(left), _AT_ONCE)]
    found: list[str] = []
    while parts:
        part = parts.pop()
        ignored = _ignored(judge, part)
        if ignored == len(part) or (ignored is None and len(part) == 1):
            continue
        if len(part) > 1:
            parts += [part[: len(part) // 2], part[len(part) // 2 :]]
        else:
            found += part
    return sorted(found)


def _elsewhere() -> set[str]:
    """The names of features that another version knows, or knew."""
    known = [load(version) for version in versions()]
    return {
        *_OLD.split(),
        *(name for rules in known for name in rules.features),
        *(name for rules in known for name in rules.rule("config", "features").get("former", ())),
    }


def _ignored(judge: Judge, names: Sequence[str]) -> int | None:
    """How many of *names* Codex says it ignores in ``[features]``; None where it refuses one."""
    try:
        said = [_COUNTED.search(line) for line in judge.warned(_features(names))]
    except Refused:
        return None
    return sum(int(match[1]) for match in said if match)


def _features(names: Sequence[str]) -> str:
    return toml.document({"features": dict.fromkeys(names, False)})
