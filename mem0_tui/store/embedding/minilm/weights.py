"""The packaged weights: int8 matrices with their scales, fp32 for the rest.

``PROVENANCE.md`` beside this file says where they come from and how they are laid out.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from mem0_tui.model.errors import StoreError
from mem0_tui.store.embedding.blas import NDArray, np

Float = NDArray[np.float32]

FOLDER = Path(__file__).parent
LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = np.float32(1e-12)
"""Added to the variance in a layer norm."""


class Weights:
    """The arrays of ``weights.npz`` by name, matrices widened on demand."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self._arrays = arrays
        self.words: NDArray[np.int8] = np.asarray(arrays["words"], dtype=np.int8)
        """(30522, 384); value = words × words_scale, kept in int8 as few are used at a time."""
        self.words_scale = self.plain("words_scale")
        self.positions = self.plain("positions")
        """(256, 384), the token type's embedding included."""

    @classmethod
    def load(cls, path: Path = FOLDER / "weights.npz") -> Weights:
        """Read the archive into memory; StoreError if it is missing or damaged."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                return cls({name: archive[name] for name in archive.files})
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise StoreError(
                f"the embedder's weights cannot be read: {error}", hint="reinstall mem0-tui"
            ) from error

    def plain(self, name: str) -> Float:
        """An fp32 array as it is stored."""
        return np.asarray(self._arrays[name], dtype=np.float32)

    def quantised(self, name: str, layer: int) -> tuple[NDArray[np.int8], Float]:
        """A layer's matrix as it is stored, (inputs, outputs), and its scales (groups, outputs)."""
        values: NDArray[np.int8] = np.asarray(self._arrays[name], dtype=np.int8)[layer]
        return values, self.plain(f"{name}_scale")[layer]

    def matrix(self, name: str, layer: int) -> Float:
        """A layer's matrix in fp32, shape (inputs, outputs)."""
        values, scales = self.quantised(name, layer)
        grouped = values.reshape(len(scales), -1, values.shape[1])
        widened: Float = np.multiply(grouped, scales[:, None], dtype=np.float32)
        return widened.reshape(values.shape)

    def bias(self, name: str, layer: int) -> Float:
        """The bias that goes with :meth:`matrix`, shape (outputs,)."""
        return np.asarray(self.plain(f"{name}_bias")[layer])

    def norm(self, name: str, layer: int) -> Float:
        """A layer norm's gain and bias, shape (2, 384)."""
        return np.asarray(self.plain(f"{name}_norm")[layer])
