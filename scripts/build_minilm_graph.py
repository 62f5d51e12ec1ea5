"""Build the graph that onnxruntime runs the sentence embedder by.

    pip install onnx==1.23.2
    python scripts/build_minilm_graph.py [--into FOLDER]

Writes ``model.onnx``: the steps of all-MiniLM-L6-v2 from token ids to mean-pooled vectors, without
the weights, which ``mem0_tui.store.embedding.minilm.onnx`` hands over by name. The same version of
onnx gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from mem0_tui.store.embedding.minilm.onnx import GROUP, Arrays, initializers
from mem0_tui.store.embedding.minilm.weights import (
    EPSILON,
    FOLDER,
    HEADS,
    LAYERS,
    WIDTH,
    Weights,
)

_HEAD = WIDTH // HEADS
_OPSET = 17
"""The first with LayerNormalization."""
_MICROSOFT = "com.microsoft"
_INT8_ACTIVATIONS = 4
"""MatMulNBits' accuracy level at which it multiplies in int8."""
_FAR_BELOW = 1e9
"""What is taken off the score of padding: nothing is left of it after the softmax."""


class Graph:
    """Steps in the order in which they are added, each with one output."""

    def __init__(self, weights: Arrays) -> None:
        self._weights = weights
        self._steps: list[onnx.NodeProto] = []
        self._values: list[onnx.TensorProto] = [_external(*each) for each in weights.items()]

    def step(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add *operator* on *inputs*; the name of what it gives."""
        name = f"{operator.lower()}_{len(self._steps)}"
        self._steps.append(
            helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes)
        )
        return name

    def constant(self, value: Sequence[int] | int | float) -> str:
        """A small value that the graph itself holds."""
        kind = np.float32 if isinstance(value, float) else np.int64
        name = f"constant_{len(self._values)}"
        self._values.append(numpy_helper.from_array(np.asarray(value, dtype=kind), name))
        return name

    def dense(self, name: str, x: str) -> str:
        """*x* times the matrix *name*, plus its bias."""
        outputs, groups, _ = self._weights[name].shape
        inputs = (x, name, f"{name}.scale", "", "", f"{name}.bias")
        return self.step(
            "MatMulNBits",
            *inputs,
            domain=_MICROSOFT,
            K=groups * GROUP,
            N=outputs,
            bits=8,
            block_size=GROUP,
            accuracy_level=_INT8_ACTIVATIONS,
        )

    def norm(self, name: str, x: str) -> str:
        """The layer norm *name* of *x*."""
        inputs = (x, f"{name}.norm", f"{name}.norm.bias")
        return self.step("LayerNormalization", *inputs, axis=-1, epsilon=float(EPSILON))

    def model(self, output: str) -> bytes:
        """All of it as a file: ids and mask, (texts, tokens), to vectors (texts, 384)."""
        self._steps.append(helper.make_node("Identity", [output], ["vectors"], name="vectors"))
        tensor = helper.make_tensor_value_info
        graph = helper.make_graph(
            self._steps,
            "all-MiniLM-L6-v2",
            [tensor(name, onnx.TensorProto.INT64, ["texts", "tokens"]) for name in ("ids", "mask")],
            [tensor("vectors", onnx.TensorProto.FLOAT, ["texts", WIDTH])],
            self._values,
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        data: bytes = model.SerializeToString(deterministic=True)
        return data


def _external(name: str, array: np.ndarray) -> onnx.TensorProto:
    """A tensor whose values are handed over when the graph is loaded."""
    tensor = onnx.TensorProto(name=name, dims=array.shape)
    tensor.data_type = helper.np_dtype_to_tensor_dtype(array.dtype)
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", "weights"), ("offset", "0"), ("length", str(array.nbytes))):
        tensor.external_data.add(key=key, value=value)
    return tensor


def build(weights: Arrays) -> bytes:
    """The graph for *weights*, which it names and does not hold."""
    graph = Graph(weights)
    mask = graph.step("Cast", "mask", to=onnx.TensorProto.FLOAT)
    absent = graph.step("Sub", mask, graph.constant(1.0))
    penalty = graph.step("Mul", absent, graph.constant(_FAR_BELOW))
    penalty = graph.step("Unsqueeze", penalty, graph.constant([1, 2]))
    x = _embedded(graph)
    for layer in range(LAYERS):
        attended = graph.step("Add", _attention(graph, layer, x, penalty), x)
        attended = graph.norm(f"mix.{layer}", attended)
        hidden = _gelu(graph, graph.dense(f"up.{layer}", attended))
        x = graph.step("Add", graph.dense(f"down.{layer}", hidden), attended)
        x = graph.norm(f"down.{layer}", x)
    kept = graph.step("Mul", x, graph.step("Unsqueeze", mask, graph.constant([2])))
    total = graph.step("ReduceSum", kept, graph.constant([1]), keepdims=0)
    count = graph.step("ReduceSum", mask, graph.constant([1]), keepdims=1)
    return graph.model(graph.step("Div", total, count))


def _embedded(graph: Graph) -> str:
    words = graph.step("Gather", "words", "ids")
    words = graph.step("Cast", words, to=onnx.TensorProto.FLOAT)
    words = graph.step("Mul", words, graph.step("Gather", "words_scale", "ids"))
    first = graph.constant([0])
    tokens = graph.step("Shape", "ids", start=1, end=2)
    positions = graph.step("Slice", "positions", first, tokens, first)
    return graph.norm("words", graph.step("Add", words, positions))


def _attention(graph: Graph, layer: int, x: str, penalty: str) -> str:
    qkv = graph.dense(f"qkv.{layer}", x)
    split = graph.constant([0, 0, 3, HEADS, _HEAD])
    heads = graph.step("Transpose", graph.step("Reshape", qkv, split), perm=[2, 0, 3, 1, 4])
    query, key, value = (
        graph.step("Gather", heads, graph.constant(part), axis=0) for part in range(3)
    )
    query = graph.step("Mul", query, graph.constant(_HEAD**-0.5))
    score = graph.step("MatMul", query, graph.step("Transpose", key, perm=[0, 1, 3, 2]))
    share = graph.step("Softmax", graph.step("Add", score, penalty), axis=-1)
    mixed = graph.step("Transpose", graph.step("MatMul", share, value), perm=[0, 2, 1, 3])
    return graph.dense(f"mix.{layer}", graph.step("Reshape", mixed, graph.constant([0, 0, WIDTH])))


def _gelu(graph: Graph, x: str) -> str:
    """x·(1 + erf(x/√2))/2, which onnxruntime recognises and runs as one step."""
    erf = graph.step("Erf", graph.step("Div", x, graph.constant(2**0.5)))
    twice = graph.step("Mul", x, graph.step("Add", erf, graph.constant(1.0)))
    return graph.step("Mul", twice, graph.constant(0.5))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the graph of the sentence embedder.")
    parser.add_argument("--into", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    data = build(initializers(Weights.load()))
    (options.into / "model.onnx").write_bytes(data)
    print(f"model.onnx: {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
