"""numpy with one BLAS thread, for every module of the store that multiplies matrices.

The matrices here are small: on a busy machine OpenBLAS's default threads wait for each other and
a query takes forty times as long. The limit holds only if it is set before numpy is first
imported, so the store's modules take numpy from here. A value that the user has set stands.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys

_VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def _limit_threads() -> None:
    if "numpy" not in sys.modules:
        for variable in _VARIABLES:
            os.environ.setdefault(variable, "1")
    elif not any(os.environ.get(variable) for variable in _VARIABLES):
        _limit_loaded()


def _limit_loaded() -> None:
    """Limit a BLAS library that is loaded already; without threadpoolctl that cannot be done."""
    if importlib.util.find_spec("threadpoolctl") is not None:
        importlib.import_module("threadpoolctl").threadpool_limits(1, user_api="blas")


_limit_threads()

import numpy as np  # noqa: E402  (after the limit: OpenBLAS reads it when it is loaded)
from numpy.typing import NDArray  # noqa: E402

__all__ = ["NDArray", "np"]
