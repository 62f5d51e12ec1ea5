"""Where each setting comes from, and what is said when one is not valid."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.load import load
from mem0_tui.settings.locations import Locations, locations, tilde
from mem0_tui.settings.schema import DETECT, PLATFORM_URL, SETTINGS, Settings, Source


class Machine:
    """A home folder with a settings file and variables."""

    def __init__(self, home: Path) -> None:
        self.environ = {"HOME": str(home), "USER": "kim"}
        self.places: Locations = locations(self.environ, "linux")

    def write(self, text: str) -> None:
        self.places.settings_file.parent.mkdir(parents=True, exist_ok=True)
        self.places.settings_file.write_text(text, encoding="utf-8")

    def load(self, **options: object) -> Settings:
        return load(options, environ=self.environ, places=self.places)

    def refused(self, **options: object) -> SettingsError:
        with pytest.raises(SettingsError) as caught:
            self.load(**options)
        return caught.value


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_with_nothing_set_the_embedded_store_is_used_and_writable(machine: Machine) -> None:
    settings = machine.load()
    assert settings.backend == "local"
    assert settings.store == machine.places.data / "memories.db"
    assert not settings.read_only
    assert settings.scope.user_id == "kim"
    assert settings.api_key is None
    assert str(settings.origins["backend"]) == "default: no key is set"


def test_with_a_key_set_mem0s_platform_is_used_read_only(machine: Machine) -> None:
    machine.environ["MEM0_API_KEY"] = "m0-0123456789abcdef"
    settings = machine.load()
    assert (settings.backend, settings.url) == ("platform", PLATFORM_URL)
    assert settings.read_only
    assert settings.origins["api_key"].where == "MEM0_API_KEY"
    assert not machine.load(read_only=False).read_only
    assert machine.load(read_only=False).origins["read_only"].where == "--write"


def test_a_named_store_means_the_embedded_one_even_with_a_key(machine: Machine) -> None:
    machine.environ["MEM0_API_KEY"] = "m0-0123456789abcdef"
    assert machine.load(store="/elsewhere/a.db").backend == "local"


def test_option_beats_variable_beats_profile_beats_file(machine: Machine) -> None:
    machine.write(
        'backend = "selfhosted"\n# a comment\nurl = "http://one.test"\ntimeout = 5\n'
        '[profiles.work]\nurl = "http://two.test"\n'
    )
    assert machine.load().url == "http://one.test"
    assert machine.load().origins["url"].where == "~/.config/mem0-tui/config.toml:3"
    settings = machine.load(profile="work")
    assert settings.url == "http://two.test"
    assert settings.origins["url"].source is Source.PROFILE
    assert settings.origins["url"].where.endswith("config.toml:6")
    assert settings.timeout == 5.0
    machine.environ["MEM0_TUI_URL"] = "http://three.test/"
    assert machine.load(profile="work").url == "http://three.test"
    assert machine.load(profile="work").origins["url"].where == "MEM0_TUI_URL"
    assert machine.load(url="http://four.test").origins["url"].where == "--url"


def test_mem0s_own_variables_name_the_server_and_whom_memories_belong_to(machine: Machine) -> None:
    machine.environ |= {
        "MEM0_API_KEY": "m0-0123456789abcdef",
        "MEM0_BASE_URL": "http://127.0.0.1:8765",
        "MEM0_USER_ID": "lee",
        "MEM0_PROJECT_ID": "shop-api",
    }
    settings = machine.load()
    assert settings.url == "http://127.0.0.1:8765"
    assert str(settings.scope) == "user:lee app:shop-api"


def test_the_profile_can_be_chosen_in_the_file_and_by_a_variable(machine: Machine) -> None:
    machine.write('profile = "a"\n[profiles.a]\nuser_id = "ann"\n[profiles.b]\nuser_id = "bob"\n')
    assert machine.load().scope.user_id == "ann"
    machine.environ["MEM0_TUI_PROFILE"] = "b"
    assert machine.load().scope.user_id == "bob"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('bakend = "local"\n', "config.toml:1: there is no setting bakend", "did you mean backend"),
        ('\nbackend = "locl"\n', "config.toml:2: 'locl' is not a valid backend", "local, platform"),
        ("timeout = true\n", "True is not a valid timeout", "0.1 to 3600"),
        ("backend = \n", "is not valid TOML", "line"),
        ('api_key = "m0-x"\n', "API keys are not read", "MEM0_API_KEY"),
        ('[profiles.w]\ntoken = "x"\n', "config.toml:2: API keys are not read", "0600"),
        ('[profiles.w]\nusr_id = "x"\n', "there is no setting usr_id", "did you mean user_id"),
        ('profiles = "w"\n', "profiles is not a table", "[profiles.NAME]"),
        ("[profiles]\nw = 1\n", "the profile w is not a table", "[profiles.w]"),
        ('url = "ftp://x"\nbackend = "selfhosted"\n', "is not a valid url", "http or https"),
        ('url = "http://u:secret@x"\n', "is not a valid url", "without a password"),
        ('url = "http://x:99999"\n', "is not a valid url", "http or https"),
        ('profile = "nope"\n[profiles.hope]\n', "there is no profile nope", "did you mean hope"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_place(
    machine: Machine, text: str, message: str, hint: str
) -> None:
    machine.write(text)
    error = machine.refused()
    assert message in error.message
    assert hint in error.hint
    assert "secret" not in error.message


def test_a_server_of_unknown_kind_is_to_be_asked(machine: Machine) -> None:
    machine.environ["MEM0_API_KEY"] = "m0-0123456789abcdef"
    settings = machine.load(url="http://127.0.0.1:1")
    assert settings.backend == DETECT
    assert settings.read_only
    assert "--url is given" in str(settings.origins["backend"])
    assert "--url" in machine.refused(backend="selfhosted").hint


def test_a_misspelt_variable_is_pointed_out(machine: Machine) -> None:
    machine.environ |= {"MEM0_TUI_BACKND": "local", "MEM0_TUI_SOMETHING_ELSE": "1"}
    assert machine.load().warnings == ("MEM0_TUI_BACKND is unknown: MEM0_TUI_BACKEND?",)


def test_a_key_with_white_space_in_it_is_refused_without_showing_it(machine: Machine) -> None:
    machine.environ["MEM0_API_KEY"] = "m0-first m0-second"
    error = machine.refused()
    assert "MEM0_API_KEY" in error.message
    assert "second" not in str(error) + error.hint


def test_a_key_is_read_from_a_private_file_only(machine: Machine, tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("m0-0123456789abcdef\n", encoding="utf-8")
    machine.environ["MEM0_TUI_API_KEY_FILE"] = str(secret)
    secret.chmod(0o600)
    settings = machine.load()
    assert settings.api_key == "m0-0123456789abcdef"
    assert settings.backend == "platform"
    assert "0123456789" not in repr(settings)
    if os.name == "posix":
        secret.chmod(0o644)
        assert "chmod 600" in machine.refused().hint
    secret.unlink()
    assert "cannot be read" in machine.refused().message


def test_every_setting_can_be_set_by_a_variable() -> None:
    assert all(setting.variables for setting in SETTINGS.values())


def test_xdg_folders_count_on_every_platform_when_absolute(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": "d"}
    for platform in ("linux", "darwin", "win32"):
        places = locations(environ, platform)
        assert places.settings_file == tmp_path / "c" / "mem0-tui" / "config.toml"
        assert places.data.is_relative_to(tmp_path)
    assert locations(environ, "linux").data == tmp_path / ".local" / "share" / "mem0-tui"
    assert "Library" in str(locations(environ, "darwin").cache)
    assert "Local" in str(locations(environ, "win32").data)


def test_the_home_folder_is_shortened(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    assert tilde(tmp_path / "a" / "b", environ) == str(Path("~/a/b"))
    assert tilde("/elsewhere", environ) == "/elsewhere"
