"""``mem0-tui codex``: wires Codex to a Mem0 server, takes that back, and says how it stands."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from argparse import Namespace
from pathlib import Path
from urllib.parse import urlsplit

from mem0_tui.cli.commands.codex_plan import plan_document, render_plan
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.codex import Install, scan
from mem0_tui.codex.checks.key import SERVE_VARIABLE
from mem0_tui.codex.fixes.catalog import MEM0_URL
from mem0_tui.codex.report import Fix
from mem0_tui.codex.setup.autostart import ServiceFile, service_file
from mem0_tui.codex.setup.install import MCP_PATH, SetupPlan, Wish, plan_install
from mem0_tui.codex.setup.plugin_bundle import FOLDER
from mem0_tui.codex.setup.uninstall import plan_uninstall
from mem0_tui.model.errors import ConfirmationError, RefusedError, UnsupportedError, UsageError
from mem0_tui.settings.locations import APP, locations, tilde

ACTIONS = ("install", "uninstall", "status")
CLOUD_VARIABLE = "MEM0_API_KEY"
LOCAL_URL = "http://127.0.0.1:8765"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions of ``codex`` and their options to *parser*."""
    parser.add_argument(
        "action",
        choices=ACTIONS,
        help="install: give Codex the memory tools, skills and hooks; uninstall: take that back; "
        "status: say what is installed and whether it works",
    )
    install = parser.add_argument_group("install")
    way = install.add_mutually_exclusive_group()
    way.add_argument(
        "--plugin", action="store_true", help="by the plugin: tools, skills and hooks (default)"
    )
    way.add_argument("--mcp", action="store_true", help="by an entry in config.toml: tools only")
    where = install.add_mutually_exclusive_group()
    where.add_argument(
        "--local", action="store_true", help="use `mem0-tui serve` on this machine (default)"
    )
    where.add_argument("--cloud", action="store_true", help="use Mem0's hosted server")
    install.add_argument("--hooks", action="store_true", help="with --mcp: also run the hooks")
    install.add_argument(
        "--service", action="store_true", help="also write a service that keeps the server running"
    )
    install.add_argument(
        "--key-variable", metavar="NAME", help="environment variable that holds the server's key"
    )
    both = parser.add_argument_group("install and uninstall")
    both.add_argument("-n", "--dry-run", action="store_true", help="only show what would be done")
    both.add_argument("-y", "--yes", action="store_true", help="do not ask for confirmation")
    parser.add_argument("--home", metavar="DIR", help="the home folder (default: HOME)")
    parser.add_argument("--codex-home", metavar="DIR", help="Codex's home (default: CODEX_HOME)")


def run(args: Namespace) -> int:
    """Carry out the action; 0 done.

    Raises:
        UsageError: an option belongs to another action.
        RefusedError: it would double or break something, or nobody agreed.
    """
    _check_options(args)
    if args.action == "status":
        from mem0_tui.cli.commands.codex_status import show_status

        return show_status(args)
    return _install(args) if args.action == "install" else _uninstall(args)


def _check_options(args: Namespace) -> None:
    own = ("plugin", "mcp", "local", "cloud", "hooks", "service", "key_variable")
    both = ("dry_run", "yes")
    other = {"install": (), "uninstall": own, "status": (*own, *both)}[args.action]
    for name in other:
        if getattr(args, name):
            option = "--" + name.replace("_", "-")
            raise UsageError(f"codex {args.action} takes no {option}", hint="mem0-tui codex --help")


def _install(args: Namespace) -> int:
    from mem0_tui.codex.setup.perform import INSTALL

    install = scan(args.home, args.codex_home)
    wish = _wish(args, install)
    plan = plan_install(install, wish)
    after = _do(args, install, plan, INSTALL)
    applied = after is not None
    if applied and wish.variable == SERVE_VARIABLE:
        _make_key()
    following = _following(after or install, wish) if plan.steps or not args.dry_run else []
    _report(args.output, plan, following, applied=applied, done="Installed.")
    return 0


def _uninstall(args: Namespace) -> int:
    from mem0_tui.codex.setup.perform import UNINSTALL, saved_installs

    install = scan(args.home, args.codex_home)
    saved = saved_installs(install.homes)
    winner = install.servers.winner
    url = winner.url if winner is not None and winner.loopback else None
    plan = plan_uninstall(install, _folder(), saved, _service(install, url))
    applied = _do(args, install, plan, UNINSTALL) is not None
    if applied:
        for backup in saved:
            shutil.rmtree(backup.folder, ignore_errors=True)
    following = ["Memories and their store stay where they are."] if applied else []
    _report(args.output, plan, following, applied=applied, done="Uninstalled.")
    return 0


def _do(args: Namespace, install: Install, plan: SetupPlan, name: str) -> Install | None:
    """Show the plan, ask, and do it; the install afterwards, or None where nothing was done."""
    from mem0_tui.codex.setup.perform import perform

    output: Output = args.output
    if not plan.steps:
        return None
    if not output.json_only:
        output.lines(render_plan(plan, output, install.homes.home))
    if args.dry_run or not (args.yes or _agreed(output)):
        return None

    def begun(step: Fix) -> None:
        output.note(f"  {safe(step.summary)}")

    return perform(plan, install, name, begun)


def _agreed(output: Output) -> bool:
    if not sys.stdin.isatty():
        raise ConfirmationError(
            "there is no terminal to ask on", hint="pass --yes, or --dry-run to look"
        )
    output.note("Do it? [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _report(
    output: Output, plan: SetupPlan, following: list[str], *, applied: bool, done: str
) -> None:
    if output.json_only:
        output.document(plan_document(plan, following, applied=applied))
        return
    if applied:
        output.line(output.styled(f"✓ {done}", "green"))
    elif not plan.steps:
        output.line("There is nothing to do.")
    for text in (*plan.notes, *following):
        output.line(f"→ {safe(text)}")


def _wish(args: Namespace, install: Install) -> Wish:
    url = args.url or (MEM0_URL if args.cloud else LOCAL_URL)
    parts = urlsplit(url)
    here = (parts.hostname or "") in _LOOPBACK
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RefusedError(f"{url} is not a URL of a server", hint=f"such as {LOCAL_URL}")
    if parts.scheme == "http" and not here:
        raise RefusedError(f"{url} would get the key unencrypted", hint="use https")
    if parts.path in ("", "/"):
        url = f"{url.rstrip('/')}{MCP_PATH}"
    service = _service(install, url if here else None) if args.service else None
    if args.service and service is None:
        raise UnsupportedError(
            "no service is known for this system", hint="have it run `mem0-tui serve` at login"
        )
    return Wish(
        plugin=not args.mcp,
        url=url,
        variable=args.key_variable or (SERVE_VARIABLE if here else CLOUD_VARIABLE),
        folder=_folder(),
        program=_program(),
        hooks=args.hooks,
        service=service,
    )


def _folder() -> str:
    return str(locations(os.environ).data / FOLDER)


def _program() -> str:
    """The path under which this program can be started again."""
    beside = Path(sys.executable).with_name(APP + (".exe" if os.name == "nt" else ""))
    found = shutil.which(APP) or (str(beside) if beside.exists() else None)
    return os.path.abspath(found) if found else APP


def _service(install: Install, url: str | None) -> ServiceFile | None:
    home = install.homes.home
    config = install.homes.environ.get("XDG_CONFIG_HOME", "")
    folder = config if os.path.isabs(config) else os.path.join(home, ".config")
    return service_file((_program(), *_serve_words(url)), home, folder, sys.platform)


def _serve_words(url: str | None) -> list[str]:
    """The words after mem0-tui that start the server for *url*."""
    port = urlsplit(url or LOCAL_URL).port
    usual = port in (None, urlsplit(LOCAL_URL).port)
    return ["serve"] if usual else ["serve", "--port", str(port)]


def _key_file() -> Path:
    from mem0_tui.server.key import FILE_NAME

    return locations(os.environ).data / FILE_NAME


def _make_key() -> None:
    """Have the local server's key there, so that the line that exports it works at once."""
    from mem0_tui.server.key import choose_key

    _key_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    choose_key(None, {}, _key_file().parent)


def _following(install: Install, wish: Wish) -> list[str]:
    """What the user has to do now."""
    lines: list[str] = []
    held = install.keys.in_environment(wish.variable)
    if wish.variable == SERVE_VARIABLE:
        words = " ".join([APP, *_serve_words(wish.url)])
        start = wish.service.start if wish.service else words
        lines.append(f"start the server and keep it running: {start}")
        if wish.service is None:
            lines.append("to have it start at every login, install with --service")
        if held is None or not held.value:
            path = tilde(_key_file(), os.environ)
            export = f'export {wish.variable}="$(cat {path})"'
            lines.append(f"give Codex its key, in your shell's profile: {export}")
    elif held is None or not held.value:
        lines.append(
            f"give Codex the key, in your shell's profile: export {wish.variable}=YOUR_KEY"
        )
    lines.append("look at it any time: mem0-tui codex status, mem0-tui doctor")
    return lines
