"""``completion --install``, with the real shells."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Program

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells with a folder for completions")
BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")


def needs(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"no {shell}")
    return found


@pytest.fixture
def home(isolated_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home as most have it, where the XDG folders are not named."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "ZDOTDIR", "BASH_COMPLETION_USER_DIR"):
        monkeypatch.delenv(name, raising=False)
    return isolated_home


def path_with_program(home: Path) -> str:
    """A PATH with a program of that name, which says what it was given."""
    program = home / "bin" / "mem0-tui"
    program.parent.mkdir(exist_ok=True)
    program.write_text('#!/bin/sh\necho "<$*>"\n')
    program.chmod(0o755)
    return f"{program.parent}{os.pathsep}{os.environ['PATH']}"


def completed(shell: str, words: str, home: Path) -> str:
    """What an interactive *shell* passes to the program after *words* and the Tab key."""
    path = path_with_program(home)
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [shell, "-i"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "vt100", "PATH": path},
        start_new_session=True,
    )
    os.close(theirs)
    shown = ""
    try:
        os.write(ours, f"mem0-tui {words}\t\nexit\n".encode())
        while part := os.read(ours, 4096):
            shown += part.decode(errors="replace")
    except OSError:  # the shell has ended
        pass
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    found = re.search("<(.*)>", shown)
    assert found, shown
    return found[1].strip()


def test_bash_finds_it_in_the_folder_of_bash_completion(program: Program, home: Path) -> None:
    bash = needs("bash")
    if not BASH_COMPLETION.exists():
        pytest.skip("no bash-completion")
    (home / ".bashrc").write_text(f"PS1='$ '; . {BASH_COMPLETION}\n")
    done = program("completion", "bash", "--install")
    file = home / ".local/share/bash-completion/completions/mem0-tui"
    assert done.code == 0
    assert f"Written: {file}" in done.err
    assert "bashrc" not in done.err, "it has nothing to say there"
    assert completed(bash, "au", home) == "audit"
    assert completed(bash, "search --thr", home) == "search --threshold"


def test_bash_without_bash_completion_reads_it_from_its_start_up_file(
    program: Program, home: Path
) -> None:
    bash = needs("bash")
    assert program("completion", "bash", "--install", "--yes").code == 0
    assert completed(bash, "au", home) == "audit"
    assert program("completion", "bash", "--uninstall", "--yes").code == 0
    assert (home / ".bashrc").read_text() == ""


def test_a_start_up_file_says_nothing_of_completions_that_are_gone(
    program: Program, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mem0_tui.cli.commands.shells._BASH_COMPLETION", ())
    startup = home / ".bashrc"
    assert program("completion", "--install", "bash", "--yes").code == 0
    kept = startup.read_text()
    [script] = (home / ".local/share").rglob("completions/mem0-tui")
    script.unlink()
    done = subprocess.run(
        [needs("bash"), "-c", f"source {startup}"], capture_output=True, text=True, check=False
    )
    assert kept
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_zsh_finds_it_once_its_start_up_file_names_the_folder(program: Program, home: Path) -> None:
    zsh = needs("zsh")
    startup = home / ".zshrc"
    startup.write_text("# fpath=(~/.local/share/zsh/site-functions $fpath)\nHISTSIZE=7\n")
    before = os.umask(0o002)  # as where every user has a group: compinit must not ask
    try:
        done = program("completion", "zsh", "--install", typed="y\n")
    finally:
        os.umask(before)
    assert done.code == 0
    assert "autoload -Uz compinit && compinit" in done.err
    assert startup.read_text().endswith("HISTSIZE=7\n")
    folder = home / ".local/share/zsh/site-functions"
    assert not (folder.stat().st_mode | folder.parent.stat().st_mode) & 0o022
    assert completed(zsh, "au", home) == "audit"
    assert program("completion", "zsh", "--install").err.count("Changed") == 0, "it is in step"
    assert program("completion", "zsh", "--uninstall", typed="y\n").code == 0
    assert not (home / ".local/share/zsh/site-functions/_mem0-tui").exists()
    assert startup.read_text().startswith("# fpath")


def test_zsh_where_compinit_is_called_and_the_file_is_a_link(program: Program, home: Path) -> None:
    real = home / "dotfiles" / "zshrc"
    real.parent.mkdir()
    real.write_text("autoload -Uz compinit\ncompinit\n")
    real.chmod(0o600)
    (home / ".zshrc").symlink_to(real)
    assert program("completion", "zsh", "--install", "--yes").code == 0
    assert (home / ".zshrc").is_symlink()
    said = real.read_text()
    assert said.count("compinit") == 2
    assert said.index("fpath=") < said.index("compinit")
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_start_up_file_is_not_changed_without_a_yes(program: Program, home: Path) -> None:
    startup = home / ".zshrc"
    startup.write_text("setopt beep\n")
    for answer in ({}, {"typed": "\n"}):
        done = program("completion", "zsh", "--install", **answer)
        assert done.code == 1, "it does not complete yet"
        assert "fpath=(" in done.err
        assert startup.read_text() == "setopt beep\n"
    assert program.json("completion", "zsh", "--install", code=1)["ready"] is False


def test_fish_finds_it_in_its_folder(
    program: Program, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fish = needs("fish")
    monkeypatch.setenv("SHELL", fish)
    assert program.json("completion", "--install")["ready"]
    monkeypatch.setenv("PATH", path_with_program(home))  # for others it loads nothing
    command = [fish, "--command", "complete -C 'mem0-tui au'"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("audit\t")
    assert program("completion", "--uninstall").code == 0
    assert not (home / ".config/fish/completions/mem0-tui.fish").exists()


def test_a_file_of_somebody_else_stays(program: Program, home: Path) -> None:
    file = home / ".config/fish/completions/mem0-tui.fish"
    file.parent.mkdir(parents=True)
    file.write_text("complete -c mem0-tui -a mine\n")
    for what in ("--install", "--uninstall"):
        assert program("completion", "fish", what).code == 3
        assert file.read_text() == "complete -c mem0-tui -a mine\n"


def test_a_shell_that_is_not_known_says_so(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/nu")
    assert "nu" in program("completion", "--install").err
    assert program("completion", "--install").code == 2
    monkeypatch.delenv("SHELL")
    assert program("completion").code == 2
    assert "~/.tcshrc" in program("completion", "tcsh", "--install").err
