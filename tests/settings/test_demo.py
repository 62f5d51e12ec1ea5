"""The demo has the user's theme and keys, and memories of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.demo import demo_settings
from mem0_tui.settings.locations import Locations, locations
from mem0_tui.settings.schema import Settings, Source

OWN = """\
backend = "selfhosted"
url = "http://10.0.0.5:8888"
read_only = true
user_id = "somebody"
theme = "mem0-light"
profile = "night"

[keys]
"memory.delete" = "delete"

[searches]
Auth = "auth type:decision"

[profiles.night]
theme = "mem0-high-contrast"
color = "never"
"""


class Machine:
    """A home folder with a settings file and variables."""

    def __init__(self, home: Path) -> None:
        self.environ = {"HOME": str(home)}
        self.places: Locations = locations(self.environ, "linux")

    def write(self, text: str) -> None:
        self.places.settings_file.parent.mkdir(parents=True, exist_ok=True)
        self.places.settings_file.write_text(text, encoding="utf-8")

    def demo(self, **options: object) -> Settings:
        return demo_settings(options, environ=self.environ, places=self.places)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_demo_has_a_store_and_a_journal_of_its_own_whatever_is_configured(
    machine: Machine,
) -> None:
    machine.write(OWN)
    machine.environ["MEM0_API_KEY"] = "m0-0123456789abcdef"
    settings = machine.demo()
    assert (settings.backend, settings.url, settings.api_key) == ("local", None, None)
    assert settings.store.parent == machine.places.cache / "demo"
    assert settings.journal.parent == settings.snapshots.parent == settings.store.parent
    assert settings.scope.user_id == "kim"
    assert not settings.read_only
    assert not settings.searches, "they are about other memories"


def test_the_demo_has_the_users_theme_colour_and_keys(machine: Machine) -> None:
    machine.write(OWN)
    settings = machine.demo()
    assert settings.theme == "mem0-high-contrast"
    assert settings.color == "never"
    assert settings.keys == {"memory.delete": "delete"}
    assert settings.origins["theme"].source is Source.PROFILE
    assert settings.origins["store"].where == "--demo"
    assert machine.demo(color="always").color == "always"
    machine.environ["MEM0_TUI_THEME"] = "mem0-dark"
    assert machine.demo().theme == "mem0-dark"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("this is not TOML", "is not valid TOML"),
        ("them = 3", "did you mean theme?"),
        ("theme = 3", "is not a valid theme"),
        ('profile = "none"', "no profile"),
    ],
)
def test_settings_that_make_no_sense_leave_the_demo_as_it_is(
    machine: Machine, text: str, why: str
) -> None:
    machine.write(text)
    settings = machine.demo()
    assert (settings.theme, settings.keys) == ("mem0-dark", {})
    assert why in settings.warnings[0]
    machine.environ["MEM0_TUI_THEME"] = "mem0-light"
    assert machine.demo().theme == "mem0-light"


def test_an_option_that_names_other_memories_does_not_go_with_the_demo(machine: Machine) -> None:
    with pytest.raises(SettingsError, match="--url"):
        machine.demo(url="http://x")
