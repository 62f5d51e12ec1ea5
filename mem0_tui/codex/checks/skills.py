"""Do the plugin's skills load?"""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.checks.blocking import skills_blocker
from mem0_tui.codex.checks.config import rejection
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import Spot
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Finding, Status


def check(install: Install) -> Iterator[Finding]:
    """The skills folder and each SKILL.md of Mem0's plugin."""
    plugin = install.plugin
    if plugin is None:
        return
    if cause := rejection(install) or skills_blocker(install):
        title = "the skills are not loaded"
        status = Status.WARN if cause in ("plugin.disabled", "plugin.not-checked") else Status.FAIL
        yield Finding("skills.not-loaded", "skills", status, title, cause=cause)
        return
    skills = install.skills.get(plugin.id)
    if skills is None or plugin.manifest is None:
        return
    broken = [skill for skill in skills.found if not skill.loads]
    if skills.found and not broken:
        return
    fix = remedies.copy_again(install, plugin.id)
    if not skills.found:
        one = len(skills.folders) == 1
        fault = f"hold{'s' if one else ''} no SKILL.md"
        if not skills.there:
            fault = "does not exist" if one else "do not exist"
        where = (plugin.manifest.spot_of("skills"), *map(Spot, skills.folders))
        detail = f"{', '.join(skills.folders)} {fault}"
        title = "the plugin has no skills"
        yield Finding("skills.none", "skills", Status.FAIL, title, detail, where, fix=fix)
        return
    status = Status.WARN if skills.loaded else Status.FAIL
    title = f"{len(broken)} of {len(skills.found)} skills do not load"
    detail = "; ".join(f"{skill.name} {skill.problem}" for skill in broken[:5])
    where = tuple(skill.spot for skill in broken)
    yield Finding("skills.broken", "skills", status, title, detail, where, fix=fix)


def verdict(install: Install) -> tuple[Status, str]:
    """How many skills load."""
    plugin = install.plugin
    skills = install.skills.get(plugin.id) if plugin else None
    if skills is None:
        return Status.OFF, "no plugin, no skills"
    return Status.OK, f"{skills.loaded} skills load"
