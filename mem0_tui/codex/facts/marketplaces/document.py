"""Why Codex refuses a marketplace.json as a whole: one value of a wrong kind is enough.

Kinds, words and the fields that must be there come from the rules that were measured. Codex 0.171.0
takes a list without members in the place of a policy, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.facts.json_rules import json_faults
from mem0_tui.codex.facts.plugins import is_marketplace_name
from mem0_tui.codex.files.json_doc import JsonDocument
from mem0_tui.codex.files.spot import KeyPath, Problem, Spot, table
from mem0_tui.codex.rules import Measured


def fault_of(document: JsonDocument, rules: Measured) -> Problem | None:
    """The first reason for which Codex does not read the marketplace, None where it does."""
    if not isinstance(document.data, dict):
        return Problem("must be an object", Spot(document.path, 1))
    found = next(_faults(document, rules), None)
    return None if found is None else Problem(found[1], document.spot(*found[0]))


def _faults(document: JsonDocument, rules: Measured) -> Iterator[tuple[KeyPath, str]]:
    data = document.table
    name = data.get("name")
    if isinstance(name, str) and not is_marketplace_name(name):
        yield ("name",), f"the name {name!r} may only hold letters, digits, hyphens and _"
    yield from json_faults(data, rules.document("marketplace"))
    plugins = data.get("plugins")
    for index, entry in enumerate(plugins if isinstance(plugins, list) else ()):
        policy = table(entry).get("policy")
        if isinstance(policy, list) and policy:
            yield ("plugins", index, "policy"), "policy must be an object"
    if twice := next((n for n in ("name", "plugins", "source") if n in document.duplicates), None):
        yield ("plugins",), f"{twice!r} appears twice in one object"
