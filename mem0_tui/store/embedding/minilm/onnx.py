"""The same network run by onnxruntime: faster, and heavier in memory, than the numpy one.

The model is built in memory from the packaged weights, so both engines multiply the same numbers
and their vectors differ by rounding only.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from mem0_tui.store.embedding.blas import np
from mem0_tui.store.embedding.minilm.network import Ids
from mem0_tui.store.embedding.minilm.protobuf import Graph
from mem0_tui.store.embedding.minilm.weights import EPSILON, HEADS, LAYERS, WIDTH, Float, Weights

_HEAD = WIDTH // HEADS
_ERRORS_ONLY = 3


class OnnxNetwork:
    """all-MiniLM-L6-v2 from token ids to mean-pooled, not yet normalised, sentence vectors."""

    def __init__(self, weights: Weights) -> None:
        # onnxruntime is an extra: it has no place among the imports, and its types none in ours.
        runtime: Any = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        self._session: Any = runtime.InferenceSession(
            model(weights), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, runs: Sequence[Ids]) -> Float:
        """Vectors for *runs*, each (texts, tokens); shape (all texts, 384), in the order given."""
        return np.concatenate([self._session.run(None, {"ids": run})[0] for run in runs])


def version() -> str:
    """The version of onnxruntime, empty where none of that name is installed."""
    try:
        return metadata.version("onnxruntime")
    except metadata.PackageNotFoundError:  # it may be onnxruntime-gpu
        return ""


def model(weights: Weights) -> bytes:
    """The network as an ONNX file, 55 MB: ids (texts, tokens) to the mean of the last layer."""
    graph = Graph()
    x = _embedded(graph, weights)
    for layer in range(LAYERS):
        attended = _attention(graph, weights, layer, x)
        attended = _norm(graph, weights.norm("mix", layer), graph.node("Add", attended, x))
        hidden = _gelu(graph, _dense(graph, weights, "up", layer, attended))
        x = _dense(graph, weights, "down", layer, hidden)
        x = _norm(graph, weights.norm("down", layer), graph.node("Add", x, attended))
    pooled = graph.node("ReduceMean", x, axes=[1], keepdims=0)
    return graph.model(("ids", "int64", 2), (pooled, "float32", 2))


def _embedded(graph: Graph, weights: Weights) -> str:
    words = graph.node("Gather", graph.constant(weights.words), "ids")
    scale = graph.node("Gather", graph.constant(weights.words_scale[:, None]), "ids")
    words = graph.node("Mul", graph.node("Cast", words, to=1), scale)
    tokens = graph.node("Shape", "ids", start=1, end=2)
    zero = graph.constant(np.zeros(1, dtype=np.int64))
    positions = graph.node("Slice", graph.constant(weights.positions), zero, tokens, zero)
    return _norm(graph, weights.plain("words_norm"), graph.node("Add", words, positions))


def _attention(graph: Graph, weights: Weights, layer: int, x: str) -> str:
    qkv = _dense(graph, weights, "qkv", layer, x)
    split = graph.constant(np.array([0, 0, 3, HEADS, _HEAD], dtype=np.int64))
    heads = graph.node("Transpose", graph.node("Reshape", qkv, split), perm=[2, 0, 3, 1, 4])
    query, key, value = (
        graph.node("Gather", heads, graph.constant(np.array(part, dtype=np.int64)), axis=0)
        for part in range(3)
    )
    query = graph.node("Mul", query, _number(graph, _HEAD**-0.5))
    share = graph.node("MatMul", query, graph.node("Transpose", key, perm=[0, 1, 3, 2]))
    mixed = graph.node("MatMul", graph.node("Softmax", share, axis=-1), value)
    joined = graph.constant(np.array([0, 0, WIDTH], dtype=np.int64))
    mixed = graph.node("Reshape", graph.node("Transpose", mixed, perm=[0, 2, 1, 3]), joined)
    return _dense(graph, weights, "mix", layer, mixed)


def _dense(graph: Graph, weights: Weights, name: str, layer: int, x: str) -> str:
    product = graph.node("MatMul", x, graph.constant(weights.matrix(name, layer)))
    return graph.node("Add", product, graph.constant(weights.bias(name, layer)))


def _norm(graph: Graph, norm: Float, x: str) -> str:
    gain, bias = graph.constant(norm[0]), graph.constant(norm[1])
    return graph.node("LayerNormalization", x, gain, bias, axis=-1, epsilon=float(EPSILON))


def _gelu(graph: Graph, x: str) -> str:
    """x·(1 + erf(x/√2))/2, which onnxruntime recognises and runs as one step."""
    erf = graph.node("Erf", graph.node("Div", x, _number(graph, 2**0.5)))
    twice = graph.node("Mul", x, graph.node("Add", erf, _number(graph, 1.0)))
    return graph.node("Mul", twice, _number(graph, 0.5))


def _number(graph: Graph, value: float) -> str:
    return graph.constant(np.array(value, dtype=np.float32))
