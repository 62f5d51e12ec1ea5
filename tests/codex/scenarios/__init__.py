"""The states of an install that the doctor must be right about, by area."""

from __future__ import annotations

from tests.codex.homes import Scenario
from tests.codex.scenarios import (
    capture,
    config,
    hooks,
    managed,
    manifest,
    marketplace,
    mcp,
    memories,
    plugin,
    project,
    repository,
    skills,
)

ALL: list[Scenario] = [
    *mcp.SCENARIOS,
    *plugin.SCENARIOS,
    *manifest.SCENARIOS,
    *skills.SCENARIOS,
    *marketplace.SCENARIOS,
    *repository.SCENARIOS,
    *hooks.SCENARIOS,
    *config.SCENARIOS,
    *project.SCENARIOS,
    *managed.SCENARIOS,
    *capture.SCENARIOS,
    *memories.SCENARIOS,
]
