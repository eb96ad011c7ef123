"""The acoustic model as it would be, had it been trained on a telephone line.

PocketSphinx brings a model of sound up to 6800 Hz; a line ends at 3400 Hz, and what the model
misses there it takes for other sounds. Its Gaussians are of cepstra: a cosine transform of the
logarithms of 25 mel filters. So each mean can be turned back into filters, cut to those which a
line lets through, and transformed again; so can the variances. What lies in those filters beyond
the model's 13 cepstra is unknown to it, and is given a wide variance.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

RATE: Final = 8000
CEPSTRA: Final = 13
FIRST, END = 1, 19  # filters of the model that are kept: 205 to 3700 Hz, edges included
BANDS: Final = END - FIRST
LEAST: Final = 1e-4  # of variances
_FILTERS: Final = 25
_LOW_HZ, _HIGH_HZ = 130.0, 6800.0
_LIFTER: Final = 22
UNKNOWN: Final = (1.0, 0.3, 0.5)  # variance of what is unknown: of cepstra, their deltas, theirs
_ORDER: Final = 0x11223344
_SHARED: Final = ("mdef", "sendump", "transition_matrices", "noisedict")


def make_narrow(model: Path, folder: Path) -> None:
    """Writes the model of `model` (as PocketSphinx ships it) for 8 kHz into `folder`.

    Raises ValueError for a model of another shape.
    """
    means, variances = read_gaussians(model / "means"), read_gaussians(model / "variances")
    narrow = narrow_cepstra()
    turn, rest = (narrow @ bands for bands in wide_bands())
    unknown = np.array(UNKNOWN)[:, None, None] * (rest**2).sum(axis=1)
    _write(folder / "means", means @ turn.T)
    _write(folder / "variances", np.maximum(variances, LEAST) @ (turn**2).T + unknown)
    for name in _SHARED:
        (folder / name).symlink_to(model / name)
    (folder / "feat.params").write_text(_front_end(), encoding="ascii")


def narrow_cepstra() -> Matrix:
    """Cepstra of the logarithms of a telephone line's bands."""
    return _lifter() @ _cosines(CEPSTRA, BANDS)


def wide_bands() -> tuple[Matrix, Matrix]:
    """Those bands out of the model's wide cepstra; and out of what these leave out."""
    kept = _cosines(_FILTERS, _FILTERS)[:, FIRST:END]
    return kept[:CEPSTRA].T @ np.linalg.inv(_lifter()), kept[CEPSTRA:].T


def _lifter() -> Matrix:
    return np.diag([1 + _LIFTER / 2 * math.sin(math.pi * i / _LIFTER) for i in range(CEPSTRA)])


def _cosines(rows: int, filters: int) -> Matrix:
    """The orthonormal cosine transform (DCT-II) of that many filters, its first rows."""
    places = np.arange(filters) + 0.5
    matrix: Matrix = np.cos(np.outer(np.arange(rows), places) * math.pi / filters)
    matrix *= math.sqrt(2 / filters)
    matrix[0] /= math.sqrt(2)
    return matrix


def _front_end() -> str:
    low, high = edge(FIRST), edge(END + 1)
    return (
        f"-lowerf {low:.3f}\n-upperf {high:.3f}\n-nfilt {BANDS}\n-samprate {RATE}\n"
        f"-transform dct\n-lifter {_LIFTER}\n-feat 1s_c_d_dd\n-svspec 0-12/13-25/26-38\n"
        "-agc none\n-cmn batch\n-varnorm no\n-model ptm\n-remove_noise yes\n"
    )


def edge(number: int) -> float:
    """Where a filter of the wide model begins, in Hz: they lie evenly on the mel scale."""
    low, high = (2595 * math.log10(1 + hertz / 700) for hertz in (_LOW_HZ, _HIGH_HZ))
    mel = low + number * (high - low) / (_FILTERS + 1)
    return float(700 * (10 ** (mel / 2595) - 1))


def read_gaussians(path: Path) -> NDArray[Any]:
    """Gaussians by codebook, stream, density and cepstrum. Source: Sphinx-3 parameter files."""
    content = path.read_bytes()
    start = content.index(b"endhdr\n") + len(b"endhdr\n")
    order, books, streams, densities = struct.unpack_from("<I3i", content, start)
    sizes = struct.unpack_from(f"<{streams}i", content, start + 16)
    if order != _ORDER or set(sizes) != {CEPSTRA}:
        raise ValueError(f"{path} is not of the shape that can be made narrow")
    at = start + 16 + 4 * streams
    (count,) = struct.unpack_from("<i", content, at)
    values = np.frombuffer(content, "<f4", count, at + 4).astype(np.float64)
    return values.reshape(books, streams, densities, CEPSTRA)


def _write(path: Path, values: NDArray[Any]) -> None:
    books, streams, densities, size = values.shape
    head = struct.pack("<I3i", _ORDER, books, streams, densities)
    head += struct.pack(f"<{streams}i", *[size] * streams) + struct.pack("<i", values.size)
    path.write_bytes(b"s3\nversion 1.0\nendhdr\n" + head + values.astype("<f4").tobytes())
