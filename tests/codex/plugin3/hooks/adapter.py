"""What Codex starts for each of the plugin's hooks."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "core"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("action")
    parser.add_argument("--reason", default="manual")
    parser.add_argument("--plugin-data-dir", default="")
    given = parser.parse_args()
    os.environ["MEM0_HARNESS"] = "codex"
    if given.plugin_data_dir:
        os.environ["MEM0_PLUGIN_DATA_DIR"] = given.plugin_data_dir
    from tests.codex.plugin3.core import hook_runner

    hook_runner.run(given.action, given.reason)


if __name__ == "__main__":
    main()
