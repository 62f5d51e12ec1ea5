"""The same network run by onnxruntime: several times as fast as numpy on one core.

The packaged ``model.onnx`` holds the graph alone, made by ``scripts/build_minilm_graph.py``; its
matrices stay in int8 (MatMulNBits, activations rounded to int8 as well) and are handed over from
the packaged weights, so both engines multiply the same numbers. Cosines between the two engines'
vectors are .9996 on average and at least .998 on ordinary texts (onnxruntime 1.32).
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from mem0_tui.model.errors import StoreError
from mem0_tui.store.embedding.blas import NDArray, np
from mem0_tui.store.embedding.minilm.weights import FOLDER, LAYERS, Float, Weights

GRAPH = FOLDER / "model.onnx"
MATRICES = ("qkv", "mix", "up", "down")
NORMS = ("mix", "down")
GROUP = 64
"""Inputs that share a scale, see ``PROVENANCE.md``."""
_ERRORS_ONLY = 3
_PASS_TOKENS = 2048
"""Tokens that one pass takes, padding included."""

NO_TELEMETRY = "ORT_DISABLE_TELEMETRY"

Arrays = Mapping[str, NDArray[np.generic]]


class OnnxNetwork:
    """all-MiniLM-L6-v2 from token ids to mean-pooled, not yet normalised, sentence vectors."""

    def __init__(self, weights: Weights) -> None:
        # From its import on, onnxruntime 1.32 reports what it is used for to Microsoft, under an id
        # of this machine that it writes to the cache folder. Its own switch comes too late; this
        # variable keeps all of it from happening.
        os.environ[NO_TELEMETRY] = "1"
        # onnxruntime is an extra: it has no place among the imports, and its types none in ours.
        runtime: Any = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        given = initializers(weights)
        values = [runtime.OrtValue.ortvalue_from_numpy(array) for array in given.values()]
        options.add_external_initializers(list(given), values)
        self._session: Any = runtime.InferenceSession(
            graph(), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, texts: Sequence[Sequence[int]]) -> Float:
        """One vector for each list of token ids, shape (texts, 384), in the order given."""
        vectors = [self._pass(batch) for batch in _batches(texts)]
        return np.concatenate(vectors)

    def _pass(self, texts: Sequence[Sequence[int]]) -> Float:
        ids = np.zeros((len(texts), max(map(len, texts))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(texts):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        vectors: Float = self._session.run(None, {"ids": ids, "mask": mask})[0]
        return vectors


def _batches(texts: Sequence[Sequence[int]]) -> Iterator[Sequence[Sequence[int]]]:
    """Neighbours among *texts* that, all padded to the longest, fit into one pass."""
    start = longest = 0
    for at, tokens in enumerate(texts):
        longest = max(longest, len(tokens))
        if at > start and (at - start + 1) * longest > _PASS_TOKENS:
            yield texts[start:at]
            start, longest = at, len(tokens)
    yield texts[start:]


def version() -> str:
    """The version of onnxruntime, empty where none of that name is installed."""
    try:
        return metadata.version("onnxruntime")
    except metadata.PackageNotFoundError:  # it may be onnxruntime-gpu
        return ""


def graph(path: Path = GRAPH) -> bytes:
    """The packaged graph; StoreError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"the embedder's graph cannot be read: {error}", hint="reinstall mem0-tui"
        ) from error


def initializers(weights: Weights) -> Arrays:
    """The arrays that the graph names and does not hold.

    A matrix is uint8 of shape (outputs, groups, 64), 128 standing for zero, with scales of shape
    (outputs, groups), as MatMulNBits takes them.
    """
    arrays: dict[str, NDArray[np.generic]] = {
        "words": weights.words,
        "words_scale": weights.words_scale[:, None],
        "positions": weights.positions,
        **_norm("words", weights.plain("words_norm")),
    }
    for layer in range(LAYERS):
        for name in MATRICES:
            values, scales = weights.quantised(name, layer)
            shifted = (values.T.view(np.uint8) ^ np.uint8(128)).reshape(values.shape[1], -1, GROUP)
            arrays[f"{name}.{layer}"] = shifted
            arrays[f"{name}.{layer}.scale"] = scales.T
            arrays[f"{name}.{layer}.bias"] = weights.bias(name, layer)
        for name in NORMS:
            arrays |= _norm(f"{name}.{layer}", weights.norm(name, layer))
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def _norm(name: str, norm: Float) -> Arrays:
    return {f"{name}.norm": norm[0], f"{name}.norm.bias": norm[1]}
