"""Codex's own memories beside Mem0: switched, kept apart, and remembering nothing."""

from __future__ import annotations

from collections.abc import Callable

from tests.codex.homes import Home, Scenario

ON = "[features]\nmemories = true\n"


def _m(settings: str) -> Callable[[Home], None]:
    """Mem0's server in config.toml beside these *settings*."""

    def build(home: Home) -> None:
        home.option_a()
        home.add_config(settings)

    return build


def _s(name: str, settings: str, status: str = "", findings: str = "") -> Scenario:
    areas = f"memories={status}" if status else ""
    return Scenario(f"o_{name}", _m(settings), areas, findings, "mcp")


def _apart(home: Home) -> None:
    """Sessions with external tools are kept out, and there are none of Mem0's tools."""
    home.write_config(f"{ON}[memories]\ndisable_on_external_context = true\n")


SCENARIOS = [
    _s("off", "[features]\nmemories = false\n"),
    _s("on", ON),
    _s("off_with_settings", "[memories]\ngenerate_memories = false\n"),
    _s(
        "not_made", f"{ON}[memories]\ngenerate_memories = false\n", "info", "memories.not-generated"
    ),
    _s("not_used", f"{ON}[memories]\nuse_memories = false\n", "info", "memories.not-used"),
    _s(
        "kept_out",
        f"{ON}[memories]\ndisable_on_external_context = true\n",
        "info",
        "memories.kept-out",
    ),
    _s(
        "kept_out_by_its_former_name",
        f"{ON}[memories]\nno_memories_if_mcp_or_web_search = true\n",
        "info",
        "memories.kept-out",
    ),
    Scenario("o_kept_apart", _apart),
]
