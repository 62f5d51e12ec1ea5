"""Writes an ONNX model file: as much of its protocol-buffer schema as one network needs.

Field numbers and data types are those of the ONNX schema (onnx.proto3, IR version 8, opset 17).
Every message is bytes; a later reader checks them, nothing here does.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from mem0_tui.store.embedding.blas import NDArray, np

IR_VERSION = 8
OPSET = 17
_DATA_TYPES = {"float32": 1, "int8": 3, "int64": 7}
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_INTS = 1, 2, 7

Attribute = int | float | Sequence[int]


class Graph:
    """A graph under construction: each call adds a node or a constant and returns its name."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def constant(self, array: NDArray[np.generic]) -> str:
        """Add *array* (float32, int8 or int64) to the model."""
        name = f"c{len(self._constants)}"
        dims = b"".join(_integer(1, size) for size in array.shape)
        data_type = _integer(2, _DATA_TYPES[array.dtype.name])
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        tensor = dims + data_type + _text(8, name) + _bytes(9, little.tobytes())
        self._constants.append(_bytes(5, tensor))
        return name

    def node(self, operator: str, *inputs: str, **attributes: Attribute) -> str:
        """Add *operator* with one output."""
        name = f"n{len(self._nodes)}"
        fields = [_text(1, source) for source in inputs]
        fields += [_text(2, name), _text(4, operator)]
        fields += [_bytes(5, _attribute(key, value)) for key, value in attributes.items()]
        self._nodes.append(_bytes(1, b"".join(fields)))
        return name

    def model(self, source: tuple[str, str, int], output: tuple[str, str, int]) -> bytes:
        """The model file; *source* and *output* are each a name, an element type and a rank."""
        graph = b"".join(self._nodes) + _text(2, "minilm") + b"".join(self._constants)
        graph += _bytes(11, _value(*source)) + _bytes(12, _value(*output))
        return _integer(1, IR_VERSION) + _bytes(7, graph) + _bytes(8, _integer(2, OPSET))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _integer(3, value) + _integer(20, _ATTRIBUTE_INT)
    if isinstance(value, float):
        number = _varint(2 << 3 | 5) + struct.pack("<f", value)
        return _text(1, name) + number + _integer(20, _ATTRIBUTE_FLOAT)
    numbers = b"".join(_integer(8, number) for number in value)
    return _text(1, name) + numbers + _integer(20, _ATTRIBUTE_INTS)


def _value(name: str, element: str, rank: int) -> bytes:
    """A graph's input or output whose sizes are all free."""
    shape = b"".join(_bytes(1, _text(2, f"{name}{axis}")) for axis in range(rank))
    tensor = _integer(1, _DATA_TYPES[element]) + _bytes(2, shape)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _integer(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value & 0xFFFFFFFFFFFFFFFF)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
