"""Turns text into vectors whose cosine says how alike two texts are.

Importing this module is cheap: numpy, the weights and onnxruntime come with :func:`load_embedder`.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from mem0_tui.model.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mem0_tui.store.embedding.minilm.sentences import MiniLM

log = logging.getLogger(__name__)

ENGINE_VARIABLE = "MEM0_TUI_EMBEDDER"
ENGINES = ("auto", "numpy", "onnx")
_UPDATE = "pip install -U 'mem0-tui[fast]'"


class Embedder(Protocol):
    """A sentence embedding model; safe to call from several threads."""

    @property
    def model_id(self) -> str:
        """Names the vectors: equal ids mean interchangeable vectors, whatever the engine."""
        ...

    @property
    def dimensions(self) -> int: ...

    def knows(self, text: str) -> bool:
        """Whether the model has learnt the words of *text*, so that its vector means something."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One L2-normalised row per text, shape (len(texts), dimensions); takes any text at all."""
        ...


def load_embedder(engine: str = "auto") -> MiniLM:
    """Load the packaged model, all-MiniLM-L6-v2, in 0.2 s or so.

    *engine* is ``numpy``, ``onnx`` or ``auto``; the environment variable ``MEM0_TUI_EMBEDDER`` goes
    before it. ``auto`` is onnxruntime where it is installed and runs the model, else numpy; both
    give the same vectors.

    Raises:
        SettingsError: the engine is unknown, not installed, or does not run the model.
        StoreError: the package's data cannot be read.
    """
    engine = os.environ.get(ENGINE_VARIABLE) or engine
    if engine not in ENGINES:
        raise SettingsError(
            f"there is no embedder engine {engine!r}", hint=f"use one of {', '.join(ENGINES)}"
        )
    installed = importlib.util.find_spec("onnxruntime") is not None
    if engine == "onnx" and not installed:
        raise SettingsError("onnxruntime is not installed", hint="pip install 'mem0-tui[fast]'")
    from mem0_tui.store.embedding.minilm.sentences import EngineError, MiniLM

    if engine == "numpy" or not installed:
        return MiniLM.load()
    try:
        return MiniLM.load(onnx=True)
    except EngineError as error:
        if engine == "onnx":
            raise SettingsError(str(error), hint=_UPDATE) from error
        embedder = MiniLM.load()
        embedder.warning = f"{error}; using numpy instead (to update: {_UPDATE})"
        return embedder


def loading_once() -> Callable[[], MiniLM]:
    """:func:`load_embedder` for all who ask: the first loads it, those who ask meanwhile wait."""
    lock = Lock()
    loaded: list[MiniLM] = []

    def load() -> MiniLM:
        with lock:
            if not loaded:
                loaded.append(load_embedder())
                if loaded[0].warning:
                    log.warning("%s", loaded[0].warning)
            return loaded[0]

    return load
