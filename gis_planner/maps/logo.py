"""An organisation's logo: one picture file, checked and made small before it enters any output.

Only PNG and JPEG are taken. SVG is refused whatever it holds (it can carry scripts and links); a picture that would
unpack into more than `MOST_PIXELS` is refused from its head, before it is unpacked. What goes out is a new PNG made
from the pixels alone, so that nothing else of the file (comments, positions, trailing bytes) travels along.
"""

from __future__ import annotations

import base64
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from gis_planner.problems import Refused, refused

MOST_BYTES = 4_000_000
MOST_PIXELS = 16_000_000
BOX_PX = (480, 160)
"""A logo is made to fit this box; smaller ones stay as they are."""
FORMATS = ("PNG", "JPEG")


@dataclass(frozen=True, slots=True)
class Logo:
    """png: the picture as PNG. width, height: its pixels. text: what it shows, for who cannot see it."""

    png: bytes
    width: int
    height: int
    text: str

    @property
    def address(self) -> str:
        """The picture as a `data:` address."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode('ascii')}"


def read_logo(path: Path, text: str) -> Logo:
    """The logo in `path`. Refused: no such file, not a PNG or JPEG, damaged, or too large to be one."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise _bad(path, error.strerror or "cannot be read", "a PNG or JPEG file that you may read") from None
    if size > MOST_BYTES:
        raise _bad(path, f"{size} bytes", f"at most {MOST_BYTES} bytes")
    head = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")):
        raise _bad(path, "a drawing or page in XML", "a PNG or JPEG picture: an SVG can carry scripts")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise _bad(path, f"{image.width} x {image.height} pixels", f"at most {MOST_PIXELS} pixels")
                plain = image.convert("RGBA")
    except Refused:
        raise
    except Exception as error:  # Pillow answers damaged files with many kinds of error
        raise _bad(path, type(error).__name__, "a whole PNG or JPEG picture") from None
    plain.thumbnail(BOX_PX, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    Image.frombytes("RGBA", plain.size, plain.tobytes()).save(out, "PNG", compress_level=9)
    return Logo(out.getvalue(), plain.width, plain.height, text)


def _bad(path: Path, found: str, expected: str) -> Refused:
    return refused("logo", file=str(path), found=found, expected=expected,
                   remedy="Save the logo as PNG (about 480 pixels wide), or take the line `logo` out of the style.",
                   remedy_fr="Enregistrez le logo en PNG (480 pixels de large environ), ou retirez la ligne `logo`.")
