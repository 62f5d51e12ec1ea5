"""Turns text into vectors whose cosine says how alike two texts are.

Importing this module is cheap: numpy, the weights and onnxruntime come with :func:`load_embedder`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from mem0_tui.model.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENGINE_VARIABLE = "MEM0_TUI_EMBEDDER"
ENGINES = ("auto", "numpy", "onnx")


class Embedder(Protocol):
    """A sentence embedding model; safe to call from several threads."""

    @property
    def model_id(self) -> str:
        """Names the vectors: equal ids mean interchangeable vectors, whatever the engine."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One L2-normalised row per text, shape (len(texts), dimensions); takes any text at all."""
        ...


def load_embedder(engine: str = "auto") -> Embedder:
    """Load the packaged model, all-MiniLM-L6-v2, in 0.2 s or so.

    *engine* is ``numpy``, ``onnx`` or ``auto`` (onnxruntime where it is installed); the environment
    variable ``MEM0_TUI_EMBEDDER`` goes before it. Both engines give the same vectors. Raises
    SettingsError for an engine that is unknown or not installed, StoreError if the package's data
    cannot be read.
    """
    engine = os.environ.get(ENGINE_VARIABLE) or engine
    if engine not in ENGINES:
        raise SettingsError(
            f"there is no embedder engine {engine!r}", hint=f"use one of {', '.join(ENGINES)}"
        )
    installed = importlib.util.find_spec("onnxruntime") is not None
    if engine == "onnx" and not installed:
        raise SettingsError("onnxruntime is not installed", hint="pip install 'mem0-tui[fast]'")
    from mem0_tui.store.minilm.sentences import MiniLM

    return MiniLM.load(onnx=installed and engine != "numpy")


def loading_once() -> Callable[[], Embedder]:
    """:func:`load_embedder` for all who ask: the first loads it, those who ask meanwhile wait."""
    lock = Lock()
    loaded: list[Embedder] = []

    def load() -> Embedder:
        with lock:
            if not loaded:
                loaded.append(load_embedder())
            return loaded[0]

    return load
