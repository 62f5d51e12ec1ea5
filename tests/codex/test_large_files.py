"""Files of more than a mebibyte: Codex reads them whatever their size."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.codex.report import Status
from tests.codex.homes import Home

TOO_LARGE = 65 << 20


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        (".codex-plugin/plugin.json", "plugin.not-checked"),
        ("hooks/codex-hooks.json", "hooks.not-checked"),
    ],
)
def test_what_is_too_large_to_be_read_here_is_not_called_broken(
    name: str, finding: str, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.option_b()
    with (home.cached / name).open("r+b") as file:
        file.truncate(TOO_LARGE)

    found = {f.id: f for f in home.report().findings}

    assert found[finding].status is Status.WARN
    assert found[finding].fix is None
    assert "plugin.manifest-broken" not in found
    assert "hooks.plugin-file" not in found


def test_a_marketplace_that_is_too_large_is_not_called_broken(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    with (home.clone / ".agents/plugins/marketplace.json").open("r+b") as file:
        file.truncate(TOO_LARGE)

    found = {f.id: f for f in home.report().findings}

    assert found["marketplace.not-checked"].status is Status.WARN
    assert "marketplace.manifest-broken" not in found


def test_front_matter_of_more_than_what_is_read_first(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    path = home.cached / "skills/pin/SKILL.md"
    path.write_text(f"---\nname: pin\ndescription: {'x' * (2 << 20)}\n---\ntext\n")

    assert "skills.broken" not in {f.id for f in home.report().findings}
