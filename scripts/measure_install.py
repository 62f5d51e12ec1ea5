"""Says what an environment with mem0-tui is made of, in MB, as docs/installing.md shows it.

python -m venv fresh && fresh/bin/pip install mem0_tui-*.whl
python -m scripts.measure_install fresh
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

GROUPS: Final = {
    "numpy with its linear algebra": ("numpy",),
    "the sentence model": ("the sentence model",),
    "mem0-tui itself": ("mem0-tui",),
    "the screen": (
        *("textual", "rich", "pygments", "markdown-it-py", "mdit-py-plugins", "linkify-it-py"),
        *("uc-micro-py", "mdurl", "platformdirs"),
    ),
    "cryptography": ("cryptography", "cffi", "pycparser"),
    "rapidfuzz": ("rapidfuzz",),
    "pydantic": ("pydantic", "pydantic-core", "annotated-types", "typing-inspection"),
    "the MCP SDK": (
        *("mcp", "mcp-types", "httpx2", "httpcore2", "truststore", "jsonschema", "attrs"),
        *("jsonschema-specifications", "referencing", "rpds-py", "opentelemetry-api", "pyjwt"),
        *("sse-starlette", "python-multipart"),
    ),
    "the server": ("uvicorn", "starlette", "httptools", "h11", "anyio", "click"),
}
OTHERS: Final = "the rest"
IGNORED: Final = ("pip", "setuptools", "wheel")


def sizes(environment: Path) -> tuple[Counter[str], Counter[str]]:
    """Bytes by group: of the files that wheels hold, and of the bytecode made of them."""
    places = [str(each) for each in environment.glob("lib/python3*/site-packages")]
    kept, compiled = Counter[str](), Counter[str]()
    for distribution in distributions(path=places):
        for name, is_compiled, size in _files(distribution):
            (compiled if is_compiled else kept)[_group(name)] += size
    return kept, compiled


def _files(distribution: Distribution) -> Iterator[tuple[str, bool, int]]:
    name = distribution.metadata["Name"].lower().replace("_", "-")
    for file in () if name in IGNORED else distribution.files or ():
        path = Path(str(file.locate()))
        if path.is_file():
            own = "the sentence model" if "minilm" in file.parts and path.suffix != ".pyc" else name
            yield own, path.suffix == ".pyc", path.stat().st_size


def _group(name: str) -> str:
    return next((group for group, names in GROUPS.items() if name in names), OTHERS)


def main() -> None:
    kept, compiled = sizes(Path(sys.argv[1]))
    for group in sorted(kept, key=lambda each: -kept[each] - compiled[each]):
        print(f"{group:32}{kept[group] / 1e6:8.1f}{compiled[group] / 1e6:8.1f}")
    print(f"{'all':32}{kept.total() / 1e6:8.1f}{compiled.total() / 1e6:8.1f}")


if __name__ == "__main__":
    main()
