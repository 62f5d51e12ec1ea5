"""Measures marketplace.json and plugin.json: the values because of which Codex refuses the file."""

from __future__ import annotations

import copy
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from scripts.codexrules.hooks import SAMPLES
from scripts.codexrules.judge import Judge
from scripts.codexrules.probe import Rules
from scripts.codexrules.shape import Way, split

_Ask: TypeAlias = Callable[[Mapping[str, Any]], str]

_WORDS = re.compile(
    r"unknown variant `zz`, expected (?:one of )?(.*?)(?: at line.*)?$", re.MULTILINE
)
_ENTRY = {
    "name": "any",
    "source": {"source": "local", "path": "./any"},
    "policy": {"installation": "AVAILABLE", "authentication": "ON_INSTALL"},
    "category": "any",
}
MARKETPLACE: Mapping[str, Any] = {"name": "market", "plugins": [_ENTRY]}
MANIFEST: Mapping[str, Any] = {"name": "any", "version": "1.0.0", "description": "any"}
WAYS = {
    "marketplace": "name interface interface.displayName plugins plugins[] plugins[].name"
    " plugins[].source plugins[].policy plugins[].policy.installation"
    " plugins[].policy.authentication plugins[].policy.products plugins[].policy.products[]"
    " plugins[].category"
    " plugins[].interface plugins[].version plugins[].description",
    "manifest": "name version description author homepage repository license keywords keywords[]"
    " skills mcpServers apps hooks interface interface.displayName interface.shortDescription"
    " interface.longDescription interface.developerName interface.category interface.capabilities"
    " interface.capabilities[] interface.websiteURL interface.privacyPolicyURL"
    " interface.termsOfServiceURL interface.defaultPrompt interface.brandColor"
    " interface.composerIcon interface.logo interface.screenshots interface.screenshots[]",
}


def marketplace(judge: Judge) -> Rules:
    """The rules of marketplace.json: ``is``, and ``words`` where there is a list of them."""
    return _document(_Asker(judge).marketplace, MARKETPLACE, "marketplace")


def manifest(judge: Judge) -> Rules:
    """The rules of plugin.json, in the same form."""
    return _document(_Asker(judge).manifest, MANIFEST, "manifest")


def _document(ask: _Ask, base: Mapping[str, Any], name: str) -> Rules:
    found = {way: _rule(ask, base, split(way)) for way in WAYS[name].split()}
    found["file"] = {"is": "t", "needs": _needs(ask, base, ())}
    if name == "marketplace":
        found["plugins[]"]["needs"] = _needs(ask, base, ("plugins", "[]"))
    return found


def _needs(ask: _Ask, base: Mapping[str, Any], way: Way) -> list[str]:
    """The fields of the object at *way* without which Codex refuses the file."""
    found = []
    for name in _at(copy.deepcopy(base), way):
        less = copy.deepcopy(base)
        del _at(less, way)[name]
        if _refused(ask(less)):
            found.append(name)
    return sorted(found)


def _at(document: Any, way: Way) -> Any:
    for name in way:
        document = document[0] if name == "[]" else document[name]
    return document


def _rule(ask: _Ask, base: Mapping[str, Any], way: Way) -> dict[str, Any]:
    samples = {**SAMPLES, "t": _ENTRY} if way == ("plugins", "[]") else SAMPLES
    said = {kind: ask(_placed(base, way, value)) for kind, value in samples.items()}
    rule: dict[str, Any] = {"is": "".join(k for k, words in said.items() if not _refused(words))}
    if listed := _WORDS.search(said["s"]):
        words = re.findall(r"`([^`]+)`", listed[1])
        rule["is"] += "" if "s" in rule["is"] else "s"
        rule["words"] = sorted(w for w in words if not _refused(ask(_placed(base, way, w))))
    return rule


def _refused(said: str) -> bool:
    """Whether Codex refuses the file, rather than what it names."""
    return bool(
        re.search(
            r"invalid marketplace file|missing or invalid plugin\.json|plugin version in", said
        )
    )


def _placed(base: Mapping[str, Any], way: Way, value: object) -> dict[str, Any]:
    found = copy.deepcopy(dict(base))
    at: Any = found
    for name, after in zip(way[:-1], way[1:], strict=True):
        empty: object = [None] if after == "[]" else {}
        at = at[0] if name == "[]" else at.setdefault(name, empty)
    if way[-1] == "[]":
        at[:] = [value]
    else:
        at[way[-1]] = value
    return found


class _Asker:
    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def marketplace(self, document: Mapping[str, Any]) -> str:
        return self._ask(document, MANIFEST)

    def manifest(self, document: Mapping[str, Any]) -> str:
        return self._ask(MARKETPLACE, document)

    def _ask(self, marketplace: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
        """What Codex says to adding a marketplace and its plugin."""
        root = Path(tempfile.mkdtemp(dir=self.judge.folder))
        try:
            for name, found in (
                (".agents/plugins/marketplace.json", marketplace),
                ("any/.codex-plugin/plugin.json", manifest),
            ):
                (root / name).parent.mkdir(parents=True)
                (root / name).write_text(json.dumps(found))
            home = root / "home"
            home.mkdir()
            added = self.judge.start(home, "plugin", "marketplace", "add", str(root)).stderr
            return added + self.judge.start(home, "plugin", "add", "any@market").stderr
        finally:
            shutil.rmtree(root)
