"""Lines: stretches of no length, and a road network in several pieces."""

from __future__ import annotations

import numpy as np
import shapely

from gis_planner.layers.work import Work

_SNAP_DEGREES = 1e-5
_SHORTEST_DEGREES = 1e-7
_LISTED = 6


def zero_length(work: Work) -> None:
    """A stretch without length leads nowhere."""
    if work.table.geometry != "line" or work.shapes is None:
        return
    lengths = shapely.length(work.shapes)
    with np.errstate(invalid="ignore"):
        short = np.flatnonzero((lengths < _SHORTEST_DEGREES) & work.kept)
    if short.size:
        work.rows("line-without-length", [(int(index), "zero length") for index in short], field="geometry")


def pieces(shapes: np.ndarray) -> np.ndarray:
    """The number of the connected piece of each line: lines that share a vertex (to about a metre) are connected."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    points, line = shapely.get_coordinates(shapes, return_index=True)
    cells = np.round(points / _SNAP_DEGREES).astype(np.int64)
    _, node = np.unique(cells[:, 0] * 100_000_000 + cells[:, 1], return_inverse=True)
    count = len(shapes)
    graph = coo_matrix((np.ones(len(line), np.int8), (line, node + count)), shape=(count + node.max() + 1,) * 2)
    _, piece = connected_components(graph, directed=False)
    return np.asarray(piece[:count])


def _cross(shapes: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """Pieces joined where their lines cross or touch without a common vertex."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    main = np.bincount(piece).argmax()
    small = np.flatnonzero(piece != main)
    one, two = shapely.STRtree(shapes).query(shapes[small], predicate="intersects")
    count = int(piece.max()) + 1
    pairs = coo_matrix((np.ones(len(one), np.int8), (piece[small[one]], piece[two])), shape=(count, count))
    _, joined = connected_components(pairs, directed=False)
    return np.asarray(joined[piece])


def islands(work: Work) -> None:
    """A network in several pieces: what lies on an island cannot be reached by road."""
    if work.shapes is None:
        return
    rows = np.flatnonzero(work.kept & shapely.is_geometry(work.shapes))
    if rows.size < 2:
        return
    piece = pieces(work.shapes[rows])
    if piece.max() > 0:
        piece = _cross(work.shapes[rows], piece)
    names, size = np.unique(piece, return_counts=True)
    if names.size < 2:
        return
    main = names[size.argmax()]
    small = [
        f"{', '.join(work.label(int(index)) for index in rows[piece == name][:3])}"
        f"{'...' if count > 3 else ''} ({count} stretches)"
        for name, count in zip(names, size, strict=True) if name != main
    ]
    work.report.say("network-islands", field="geometry", row=work.label(int(rows[piece != main][0])), found=(
        f"a network of {names.size} disconnected components; islands: {'; '.join(small[:_LISTED])}"
        + ("; ..." if len(small) > _LISTED else "")))
