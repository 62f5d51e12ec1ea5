#!/usr/bin/env bash
# textual-serve 1.1.3: AppService.run is cancelled, by itself, where the app had ended before.
#
# AppService.run starts a task that reads the app's stderr, reads stdout to its end, cancels the task
# and awaits it. Where the app has ended before run begins, as on a busy machine, nothing that run
# awaits until then gives way, so that the task is cancelled before its first step. Its handler for
# the cancellation is never reached, and the CancelledError goes through run to whoever awaits it,
# although nobody cancelled anything. What follows the await, such as to close the connection of the
# browser, is skipped. The same app, when it ends a moment later, lets run return.
#
# Seen on 2026-12-01 with Python 3.11:
#   ended before run: CancelledError
#   ended meanwhile:  returned
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check textual-serve==1.1.3

cat > "$work/serve.py" << 'PY'
import asyncio
import sys
from pathlib import Path

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager


async def nothing(*_):
    pass


async def outcome(app, wait):
    command = f"{sys.executable} {app}"
    service = AppService(
        command,
        write_bytes=nothing,
        write_str=nothing,
        close=nothing,
        download_manager=DownloadManager(),
    )
    process = service._process = await service._open_app_process()
    if wait:
        await process.wait()
        await process.stdout.read()
    task = asyncio.create_task(service.run())
    await asyncio.wait([task], timeout=60)
    return "CancelledError" if task.cancelled() else "returned" if task.done() else "still running"


async def main(folder):
    app = Path(folder, "app.py")
    app.write_text("import time\ntime.sleep(0.5)\n")
    before, meanwhile = await outcome(app, True), await outcome(app, False)
    print("ended before run:", before)
    print("ended meanwhile: ", meanwhile)
    sys.exit((before, meanwhile) != ("CancelledError", "returned"))


asyncio.run(main(sys.argv[1]))
PY

cd "$work"
"$work/venv/bin/python" "$work/serve.py" "$work"
