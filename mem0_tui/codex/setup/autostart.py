"""Keeps ``mem0-tui serve`` running: a systemd user unit, or a launchd agent on macOS."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from xml.sax.saxutils import escape

LABEL = "io.mem0-tui.serve"
_SYSTEMD = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%", "$": "$$"})


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """One file that tells the system to start the server, and the commands that go with it."""

    path: str
    data: bytes
    start: str
    """Starts it, now and at every login."""
    stop: str


def service_file(
    command: tuple[str, ...], home: str, config_home: str, platform: str
) -> ServiceFile | None:
    """The service of *platform* (as ``sys.platform`` has it), None where there is none known.

    *command* is what it runs, a full path first; *config_home* the folder of the user's settings.
    """
    if platform == "darwin":
        path = os.path.join(home, "Library", "LaunchAgents", f"{LABEL}.plist")
        quoted = shlex.quote(path)
        return ServiceFile(
            path,
            _plist(command).encode(),
            f"launchctl load -w {quoted}",
            f"launchctl unload -w {quoted}",
        )
    if platform.startswith("linux"):
        path = os.path.join(config_home, "systemd", "user", "mem0-tui.service")
        return ServiceFile(
            path,
            _unit(command).encode(),
            "systemctl --user daemon-reload && systemctl --user enable --now mem0-tui",
            "systemctl --user disable --now mem0-tui",
        )
    return None


def _unit(command: tuple[str, ...]) -> str:
    # systemd has quotes and escapes of its own, and % is its mark for specifiers.
    line = " ".join(f'"{word.translate(_SYSTEMD)}"' for word in command)
    return f"""\
[Unit]
Description=Mem0 memories for Codex (mem0-tui serve)

[Service]
ExecStart={line}
Restart=on-failure
RestartSec=2

[Install]
WantedBy=default.target
"""


def _plist(command: tuple[str, ...]) -> str:
    words = "\n".join(f"    <string>{escape(word)}</string>" for word in command)
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" \
"http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>{LABEL}</string>
  <key>ProgramArguments</key>
  <array>
{words}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
</dict>
</plist>
"""
