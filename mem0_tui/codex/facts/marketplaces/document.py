"""Why Codex refuses a marketplace.json as a whole: one value of a wrong kind is enough.

Its words come from the rules that were measured; the shapes were tried with Codex 0.171.0, which
takes no ``null`` in a policy and passes over what it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.facts.plugins import is_marketplace_name
from mem0_tui.codex.files.json_doc import JsonDocument
from mem0_tui.codex.files.spot import KeyPath, Problem, Spot, table
from mem0_tui.codex.rules import Measured

_POLICY = "plugins[].policy"
_PRODUCTS = frozenset({"CHATGPT", "chatgpt", "CODEX", "codex", "ATLAS", "atlas"})


def fault_of(document: JsonDocument, rules: Measured) -> Problem | None:
    """The first reason for which Codex does not read the marketplace, None where it does."""
    if not isinstance(document.data, dict):
        return Problem("must be an object", Spot(document.path, 1))
    found = next(_faults(document, rules), None)
    return None if found is None else Problem(found[1], document.spot(*found[0]))


def _faults(document: JsonDocument, rules: Measured) -> Iterator[tuple[KeyPath, str]]:
    data = document.table
    name = data.get("name")
    if not isinstance(name, str):
        yield ("name",), "name must be text" if "name" in data else "missing field name"
    elif not is_marketplace_name(name):
        yield ("name",), f"the name {name!r} may only hold letters, digits, hyphens and _"
    interface = data.get("interface")
    if not isinstance(interface, dict | list | None):
        yield ("interface",), "interface must be an object"
    if not isinstance(table(interface).get("displayName"), str | None):
        yield ("interface", "displayName"), "displayName must be text"
    plugins = data.get("plugins")
    if not isinstance(plugins, list):
        yield (
            ("plugins",),
            "plugins must be a list" if "plugins" in data else "missing field plugins",
        )
        return
    for index, entry in enumerate(plugins):
        yield from _entry_faults(("plugins", index), entry, rules)
    if twice := next((n for n in ("name", "plugins", "source") if n in document.duplicates), None):
        yield ("plugins",), f"{twice!r} is there twice in one object"


def _entry_faults(at: KeyPath, entry: object, rules: Measured) -> Iterator[tuple[KeyPath, str]]:
    if not isinstance(entry, dict):
        yield at, "a plugin's entry must be an object"
        return
    if not isinstance(entry.get("name"), str):
        yield (*at, "name"), "name must be text" if "name" in entry else "an entry has no name"
    if "source" not in entry:
        yield at, "an entry has no source"
    if not isinstance(entry.get("category"), str | None):
        yield (*at, "category"), "category must be text"
    policy = entry.get("policy", {})
    if not isinstance(policy, dict):
        if policy != []:
            yield (*at, "policy"), "policy must be an object"
        return
    for name in ("authentication", "installation"):
        words = rules.words("marketplace", f"{_POLICY}.{name}")
        if name in policy and (policy[name] not in words if words else policy[name] is None):
            said = f"{name} must be {' or '.join(words)}" if words else f"{name} must be text"
            yield (*at, "policy", name), said
    products = policy.get("products")
    if products is not None and not (isinstance(products, list) and _known(products)):
        said = f"products must be a list of {', '.join(sorted(_PRODUCTS))}"
        yield (*at, "policy", "products"), said


def _known(products: list[object]) -> bool:
    return all(isinstance(each, str) and each in _PRODUCTS for each in products)
