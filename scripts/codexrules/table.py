"""The table of one Codex version as a compact, sorted JSON file that is reviewed like code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Rules = Mapping[str, Mapping[str, Any]]


def table(version: str, features: Mapping[str, str], documents: Mapping[str, Rules]) -> str:
    """The text of ``mem0_tui/codex/rules/<version>.json``."""
    named: dict[str, str] = {}
    distinct: dict[str, Mapping[str, Any]] = {}
    grouped: dict[str, dict[str, dict[str, list[str]]]] = {}
    for document, rules in sorted(documents.items()):
        for way, rule in sorted(rules.items()):
            parent, name = _split(way)
            label = _label(rule, named, distinct)
            grouped.setdefault(document, {}).setdefault(parent, {}).setdefault(label, []).append(
                name
            )
    return _written(
        {
            "codex": version,
            "features": dict(sorted(features.items())),
            "rules": dict(sorted(distinct.items())),
            "documents": {
                document: {
                    parent: {label: " ".join(sorted(names)) for label, names in sorted(by.items())}
                    for parent, by in sorted(parents.items())
                }
                for document, parents in grouped.items()
            },
        }
    )


def _split(way: str) -> tuple[str, str]:
    parent, _, name = way.rpartition(".")
    return parent, name


def _label(
    rule: Mapping[str, Any], named: dict[str, str], distinct: dict[str, Mapping[str, Any]]
) -> str:
    """A short name that tells the rule's kinds; a number tells it from others of the same kinds."""
    key = json.dumps(rule, sort_keys=True)
    if key not in named:
        stem = str(rule["is"]) or "none"
        if "min" in rule and "max" not in rule and len(rule) == 2:
            stem += f">={rule['min']}"
        label, count = stem, 1
        while label in distinct or (label == stem and len(rule) > 1 and ">=" not in stem):
            count += 1
            label = f"{stem}-{count}"
        named[key] = label
        distinct[label] = rule
    return named[key]


def _written(data: Mapping[str, Any]) -> str:
    """Two levels on lines of their own, what is below on one line each."""
    lines = ["{"]
    tops = list(data.items())
    for index, (name, inner) in enumerate(tops):
        comma = "," if index + 1 < len(tops) else ""
        if not isinstance(inner, dict):
            lines.append(f"{json.dumps(name)}: {json.dumps(inner)}{comma}")
        elif name == "documents":
            lines.append('"documents": {')
            documents = list(inner.items())
            for at, (document, parents) in enumerate(documents):
                end = "," if at + 1 < len(documents) else ""
                lines += [f" {json.dumps(document)}: {{", *_rows(parents, "  "), f" }}{end}"]
            lines.append(f"}}{comma}")
        else:
            lines += [f"{json.dumps(name)}: {{", *_rows(inner, " "), f"}}{comma}"]
    return "\n".join([*lines, "}", ""])


def _rows(rows: Mapping[str, Any], indent: str) -> list[str]:
    items = [f"{indent}{json.dumps(k)}: {json.dumps(v, sort_keys=True)}" for k, v in rows.items()]
    return [item + "," for item in items[:-1]] + items[-1:]
