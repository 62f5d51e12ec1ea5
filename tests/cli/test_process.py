"""``mem0-tui`` as a process of its own: the console entry, pipes, interrupts, completion."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "mem0_tui"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *words],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


def test_the_console_entry_is_the_program() -> None:
    script = Path(sys.executable).parent / ("mem0-tui.exe" if os.name == "nt" else "mem0-tui")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == run("--version").stdout
    assert done.stderr == ""


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    store = str(tmp_path / "memories.db")
    assert run("--store", store, "add", "text " * 2000).returncode == 0
    for words in (("--store", store, "list"), ("--help",), ("--store", store, "export")):
        process = subprocess.Popen(
            [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        with process.stderr:
            errors = process.stderr.read()
        assert process.wait() in (0, 141)
        assert "Traceback" not in errors
        assert "Broken" not in errors


@pytest.mark.skipif(os.name == "nt", reason="Windows gives programs their words in UTF-16")
def test_words_that_the_locale_cannot_read_are_not_stored_garbled(tmp_path: Path) -> None:
    store = str(tmp_path / "memories.db")
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [*PROGRAM, "--store", store, "add", "na\u00efve"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **locale},
    )
    assert done.returncode == 2
    assert "not valid in this locale's encoding" in done.stderr
    assert "C.UTF-8" in done.stderr
    assert run("--store", store, "list").stdout == ""


def test_output_that_the_terminal_cannot_encode_is_no_error(tmp_path: Path) -> None:
    store = str(tmp_path / "memories.db")
    run("--store", store, "add", "Grüße, 日本")
    done = subprocess.run(
        [*PROGRAM, "--store", store, "list"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0
    assert b"Gr" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a file on a full disk")
def test_output_on_a_full_disk_is_an_error_of_the_disk(tmp_path: Path) -> None:
    store = str(tmp_path / "memories.db")
    assert run("--store", store, "add", "text").returncode == 0
    for words in (("list",), ("list", "--json"), ("export",), ("export", "--json"), ("--help",)):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [*PROGRAM, "--store", store, *words],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 4, words
        assert "No space left" in done.stderr
        assert "defect" not in done.stderr
        assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
@pytest.mark.parametrize("words", [("export", "--format", "markdown"), ("export",), ("list",)])
def test_a_terminal_obeys_no_memory(tmp_path: Path, words: tuple[str, ...]) -> None:
    store = str(tmp_path / "memories.db")
    run("--store", store, "add", "a\x1b]0;title\x07\nsecond", "--user", "u\x1bc")
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        try:
            done = subprocess.run(
                [*PROGRAM, "--no-color", "--store", store, *words],
                stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, check=False,
            )  # fmt: skip
            shown = terminal.read(65536)
        finally:
            os.close(theirs)
    assert done.returncode == 0
    assert b"title" in shown
    assert b"\x1b]" not in shown
    assert b"\x1bc" not in shown


@pytest.mark.skipif(os.name != "posix", reason="shell redirection")
def test_closed_streams_are_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "memories.db"
    run("--store", str(path), "add", "text")
    line = f"exec {sys.executable} -m mem0_tui --store {path} list"
    for closed in (">&-", "2>&-", "<&-"):
        done = subprocess.run(
            ["sh", "-c", f"{line} {closed}"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0
        assert "Traceback" not in done.stderr, closed


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupt_ends_it_with_130() -> None:
    code = (
        "import os, signal, sys\n"
        "from mem0_tui.cli.main import main\n"
        "class Interrupting:\n"
        "    def read(self):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        return ''\n"
        "sys.stdin = Interrupting()\n"
        "sys.exit(main(['add', '-']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode in (130, -signal.SIGINT)
    assert "Traceback" not in done.stderr
    assert "interrupted" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupt_stops_a_plan_cleanly(tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "memories.db"))
    lines = "".join(f'{{"memory": "text {n}", "user_id": "kim"}}\n' for n in range(3000))
    process = subprocess.Popen(
        [*PROGRAM, *store, "import", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(lines)
    process.stdin.close()
    process.stdin = None
    while not process.stderr.readline().startswith("Plan:"):
        pass
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    assert process.returncode in (0, 3, 130), "0 where it was done before it heard"
    assert len(out.splitlines()) < 10
    assert run(*store, "resume").stderr.startswith("Nothing was interrupted")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_completion_scripts(shell: str, tmp_path: Path) -> None:
    script = run("completion", shell)
    assert script.returncode == 0
    assert "mem0" in script.stdout
    checker = shutil.which(shell)
    if checker and shell != "tcsh":
        path = tmp_path / "completion"
        path.write_text(script.stdout, encoding="utf-8")
        subprocess.run([checker, "-n", str(path)], check=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    path = tmp_path / "completion"
    path.write_text(run("completion", "bash").stdout, encoding="utf-8")
    asked = (
        f"source {path}; COMP_WORDS=(mem0-tui se); COMP_CWORD=1;"
        " _shtab_mem0_tui; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=False)
    assert "search" in done.stdout
    asked = asked.replace("(mem0-tui se)", "(mem0-tui --backend pl)").replace("CWORD=1", "CWORD=2")
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["platform"]
