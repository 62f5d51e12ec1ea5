"""Where shells look for what a person has given them to complete commands with.

bash loads a command's file from bash-completion's folder for users (bash-completion 2.12, README),
fish from its own (fish 3.6, "Where to put completions"); zsh has none, so its start-up file has to
name one before it calls ``compinit`` (zsh 5.9, zshcompsys(1)).
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mem0_tui.model.errors import RefusedError, UsageError

PROGRAM = "mem0-tui"
INSTALLABLE = ("bash", "zsh", "fish")
_OURS = "_shtab_mem0_tui"
"""What only a completion script of this program holds."""
_BEGIN, _END = f"# >>> completions of {PROGRAM} >>>", f"# <<< completions of {PROGRAM} <<<"
_FRAMEWORKS = re.compile(r"compinit|oh-my-zsh|prezto|zinit|antigen|antidote|zimfw|zplug|sheldon")
"""What calls ``compinit``, or is known to."""
_BASH_COMPLETION = tuple(
    f"{root}/share/bash-completion/bash_completion"
    for root in ("/usr", "/usr/local", "/opt/homebrew", "/opt/local")
)
_PROFILE = "/etc/profile.d/bash_completion.sh"


@dataclass(frozen=True, slots=True)
class CompletionPlace:
    """Where one shell takes the completions of this program from."""

    shell: str
    file: Path
    """What is written."""
    startup: Path
    """The start-up file of interactive shells."""
    lines: tuple[str, ...]
    """What *startup* has to say so that *file* is found; empty where it need not."""

    def check(self) -> None:
        """Raise RefusedError if there is a file that somebody else has put there."""
        if self.file.exists() and _OURS not in _text(self.file):
            raise RefusedError(
                f"{self.file} exists, and was not made by mem0-tui",
                hint="move it away, then try again",
            )

    @property
    def block(self) -> str:
        """What is put into the start-up file."""
        return "\n".join((_BEGIN, *self.lines, _END)) + "\n"

    @property
    def installed_block(self) -> str | None:
        """What an earlier installation has put into the start-up file."""
        found = re.search(
            rf"^{re.escape(_BEGIN)}\n(?:.*\n)*?{re.escape(_END)}\n?",
            _text(self.startup),
            re.MULTILINE,
        )
        return found[0] if found else None

    def write(self, script: str) -> None:
        """Write *script*, which is whole from the moment it is there.

        No folder is made that a group can write to, whatever the umask: zsh's compinit asks before
        it reads from one.
        """
        folder = self.file.parent
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir(mode=0o755, exist_ok=True)
        _replace(self.file, script, 0o644)

    def add_block(self) -> None:
        """Put the lines at the top of the start-up file: zsh has to read them before compinit."""
        _change(self.startup, self.block + _text(self.startup))

    def remove_block(self) -> None:
        """Take the lines out of the start-up file again, which stays as it is otherwise."""
        block = self.installed_block
        if block is not None:
            _change(self.startup, _text(self.startup).replace(block, "", 1))


def shell_in_use(environ: Mapping[str, str] | None = None) -> str:
    """The name of the person's login shell.

    Raises:
        UsageError: the environment does not say.
    """
    environ = os.environ if environ is None else environ
    name = Path(environ.get("SHELL", "")).name
    if not name:
        raise UsageError(
            "SHELL does not say which shell you use",
            hint=f"name it: {PROGRAM} completion --install bash",
        )
    return name


def place_of(shell: str, environ: Mapping[str, str] | None = None) -> CompletionPlace:
    """Where *shell*, one of :data:`INSTALLABLE`, looks."""
    environ = os.environ if environ is None else environ
    home = Path(environ.get("HOME") or Path.home())
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    match shell:
        case "bash":
            folder = environ.get("BASH_COMPLETION_USER_DIR") or data / "bash-completion"
            file = Path(folder) / "completions" / PROGRAM
            startup = home / ".bashrc"
            name = shlex.quote(str(file))
            loads = (f"if [ -r {name} ]; then source {name}; fi",)
            return CompletionPlace(
                shell, file, startup, () if _has_bash_completion(home) else loads
            )
        case "zsh":
            file = data / "zsh" / "site-functions" / f"_{PROGRAM}"
            startup = Path(environ.get("ZDOTDIR") or home) / ".zshrc"
            return CompletionPlace(shell, file, startup, _zsh_lines(file.parent, startup, home))
        case _:
            config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
            file = config / "fish" / "completions" / f"{PROGRAM}.fish"
            return CompletionPlace(shell, file, config / "fish" / "config.fish", ())


def _has_bash_completion(home: Path) -> bool:
    """Whether interactive bashes load bash-completion, which finds the file by its name."""
    if not any(Path(each).is_file() for each in _BASH_COMPLETION):
        return False
    if Path(_PROFILE).is_file() and _says(Path("/etc/bashrc"), "profile.d"):  # Fedora, macOS
        return True
    startups = (home / ".bashrc", home / ".bash_profile", home / ".profile")
    system = (Path("/etc/bash.bashrc"), Path("/etc/bashrc"))
    return any(_says(file, "bash_completion") for file in (*startups, *system))


def _zsh_lines(folder: Path, startup: Path, home: Path) -> tuple[str, ...]:
    said = _text(startup)
    known = CompletionPlace("zsh", folder, startup, ()).installed_block
    said = said.replace(known, "") if known else said
    beneath = folder.relative_to(home) if folder.is_relative_to(home) else folder
    if any(str(beneath) in each for each in _statements(said)):
        return ()
    line = f"fpath=({shlex.quote(str(folder))} $fpath)"
    if any(_FRAMEWORKS.search(each) for each in _statements(said)):
        return (line,)
    return (line, "autoload -Uz compinit && compinit")


def _says(file: Path, word: str) -> bool:
    return any(word in each for each in _statements(_text(file)))


def _statements(text: str) -> list[str]:
    """The lines of a shell's start-up file that are no comments."""
    return [line for line in text.splitlines() if not line.lstrip().startswith("#")]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape")
    except (FileNotFoundError, NotADirectoryError, PermissionError, IsADirectoryError):
        return ""


def _change(file: Path, text: str) -> None:
    """Write *text* to a file of the person's: the one that a link leads to, with its mode."""
    target = file.resolve()
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
    target.parent.mkdir(parents=True, exist_ok=True)
    _replace(target, text, mode)


def _replace(file: Path, text: str, mode: int) -> None:
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        new.write_bytes(text.encode("utf-8", errors="surrogateescape"))
        new.chmod(mode)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
