"""Bytes to text: which encoding a partner's file is in, said aloud when it had to be found out."""

from __future__ import annotations

import re

from gis_planner.layers.report import SOME, Report

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
)
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf]|Ã[ƒ‚ŠŒŽš-Ÿ]|Å[“’]|â€[™œ“]")


def _by_bom(data: bytes, report: Report) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom):].decode(encoding)
            except UnicodeDecodeError as error:
                raise report.stop("encoding-broken", found=f"{encoding} that breaks off at byte {error.start}",
                                  field="encoding") from None
    return None


def _zeros(data: bytes, report: Report) -> str:
    """UTF-16 without its mark has a zero in every second byte; zeros elsewhere are damage."""
    evens, odds = data[0::2].count(0), data[1::2].count(0)
    for count, other, encoding in ((odds, evens, "utf-16-le"), (evens, odds, "utf-16-be")):
        if count > len(data) // 2 * 0.6 and other < count // 20 and len(data) % 2 == 0:
            report.say("encoding-found", found=f"{encoding} without a byte-order mark", field="encoding")
            return data.decode(encoding, "replace")
    line = data[: data.index(0)].count(b"\n") + 1
    raise report.stop("zero-bytes", found="zero bytes inside the text", row=f"line {line}", field="encoding")


def _eight_bit(data: bytes, report: Report) -> str:
    lines = data.splitlines()
    broken, accented = [], []
    for number, line in enumerate(lines, start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            accented.append(number)
        except UnicodeDecodeError:
            broken.append(number)
    if accented and broken:
        raise report.stop("encoding-mixed", row=f"line {broken[0]}", field="encoding",
                          found=f"UTF-8 in lines {accented[:SOME]} and another encoding in lines {broken[:SOME]}")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        at = data[: error.start].count(b"\n") + 1
        raise report.stop("encoding-broken", row=f"line {at}", field="encoding",
                          found=f"byte 0x{data[error.start]:02x}, neither UTF-8 nor Windows-1252") from None
    report.say("encoding-found", found=f"Windows-1252 (not UTF-8), first in line {broken[0]}", field="encoding")
    return text


def decode(data: bytes, report: Report) -> str:
    """The text of a file; raises `Refused` when encodings are mixed or bytes are damaged."""
    text = _by_bom(data, report)
    if text is None and 0 in data:
        text = _zeros(data, report)
    if text is None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = _eight_bit(data, report)
    found = _MOJIBAKE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        report.say("text-decoded-twice", found=text[max(0, found.start() - 10): found.end() + 10].strip(),
                   row=f"line {line}")
    return text
