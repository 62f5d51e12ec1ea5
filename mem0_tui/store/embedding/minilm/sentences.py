"""all-MiniLM-L6-v2 as the store's embedder: texts in, normalised sentence vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mem0_tui.store.embedding.blas import np
from mem0_tui.store.embedding.minilm.network import NumpyNetwork
from mem0_tui.store.embedding.minilm.weights import WIDTH, Float, Weights
from mem0_tui.store.embedding.minilm.wordpiece import WordPiece

MODEL_ID = "all-MiniLM-L6-v2-int8"
_TRIAL = "does it run"


class Network(Protocol):
    """An engine: the token ids of one text or more, shortest first, to vectors (texts, 384)."""

    def __call__(self, texts: Sequence[Sequence[int]]) -> Float: ...


class EngineError(Exception):
    """onnxruntime is installed and does not run the model; the text says which version and why."""


class MiniLM:
    """The embedder; holds no state that a call changes, but for the tokenizer's cache."""

    model_id = MODEL_ID
    dimensions = WIDTH
    warning = ""
    """What to tell whoever waits for it, empty where all is as it should be."""

    def __init__(self, tokenizer: WordPiece, network: Network) -> None:
        self._tokenizer = tokenizer
        self._network = network

    @classmethod
    def load(cls, *, onnx: bool = False) -> MiniLM:
        """Load the package's data, run by onnxruntime if *onnx*, else by numpy.

        Raises:
            EngineError: onnxruntime does not run it.
        """
        tokenizer, weights = WordPiece.load(), Weights.load()
        if not onnx:
            return cls(tokenizer, NumpyNetwork(weights))
        from mem0_tui.store.embedding.minilm.onnx import OnnxNetwork, version

        try:
            embedder = cls(tokenizer, OnnxNetwork(weights))
            embedder.embed([_TRIAL])
        except Exception as error:  # of another library, whose errors have no common base
            reason = str(error).partition("\n")[0].strip() or type(error).__name__
            message = f"onnxruntime {version()} does not run the model: {reason}"
            raise EngineError(message) from error
        return embedder

    def knows(self, text: str) -> bool:
        """Whether most letters of *text* are Latin ones in pieces of two or more, as the pieces of
        words that the model has learnt are."""
        known, letters = self._tokenizer.familiar(text)
        return 2 * known >= letters

    def embed(self, texts: Sequence[str]) -> Float:
        """L2-normalised vectors, shape (len(texts), 384), of the first 256 pieces of each text."""
        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)
        tokens = [self._tokenizer.encode(text) for text in texts]
        shortest_first = sorted(range(len(texts)), key=lambda text: len(tokens[text]))
        if texts:
            pooled = self._network([tokens[text] for text in shortest_first])
            vectors[shortest_first] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return vectors
