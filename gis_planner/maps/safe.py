"""The one door for data: every string passes here before it meets HTML, folium, JavaScript, XML, a cell or a path.

folium compiles what it rendered a second time as a Jinja2 template and puts text inside JavaScript template literals;
`html.escape` stops neither. Here `{ } $ \\` and the backtick leave as numeric entities beside the five of HTML.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

from gis_planner.problems import refused

_CONTROLS = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"}
_CONTROLS |= {0x0D: " ", 0x7F: "\u2421"} | dict.fromkeys(range(0x80, 0xA0), "\ufffd")
_CONTROLS |= dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENTITIES = {ord(char): f"&#{ord(char)};" for char in "&<>\"'{}$\\`"}
_XML = {ord(char): entity for char, entity in zip("&<>\"'", ("&amp;", "&lt;", "&gt;", "&quot;", "&apos;"), strict=True)}
_JSON = {ord(char): f"\\u{ord(char):04x}" for char in "<>&'`$\u2028\u2029"}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{name}{digit}" for name in ("com", "lpt") for digit in range(10)}


class Html(str):
    """Text that is already HTML. Only this module and the element builder make one from data."""

    __slots__ = ()


def text(value: object) -> str:
    """`value` as plain text: missing is empty, control characters become visible pictures, the rest is verbatim."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return _SURROGATE.sub("\ufffd", str(value)).translate(_CONTROLS)


def html(value: object) -> Html:
    """`value` for HTML text, for a quoted attribute, and for folium. What is `Html` already passes unchanged."""
    return value if isinstance(value, Html) else Html(text(value).translate(_ENTITIES))


def _plain(value: object) -> object:
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {text(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    return text(value)


def _quiet(match: re.Match[str]) -> str:
    return match.group().translate(_JSON).replace("{", "\\u007b").replace("}", "\\u007d")


def script_json(value: object) -> Html:
    """`value` as JSON for a `<script type="application/json">`: no `<`, and no brace, dollar or backtick in a string.

    Mappings, sequences, numbers, flags, text and None; nan and infinities become null; keys keep their order.
    """
    raw = json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Html(_STRING.sub(_quiet, raw))


def xml(value: object) -> str:
    """`value` for XML 1.0 text or a quoted attribute; characters that XML forbids become visible pictures."""
    return text(value).translate(_XML)


def cell(value: object) -> str:
    """`value` as a text cell of CSV: text that a spreadsheet would run as a formula gets an apostrophe in front.

    Plain numbers such as -7.9 stay as they are.
    """
    plain = text(value)
    if _NUMBER.fullmatch(plain) or not plain.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA):
        return plain
    return "'" + plain


def slug(value: object) -> str:
    """`value` as an element id or file name stem: a-z 0-9 and dashes, at most 60 characters, never a reserved name.

    When letters were lost, eight hex digits of the text's SHA-256 follow, so that two ids never meet in one name.
    """
    raw = text(value)
    ascii_only = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode("ascii").casefold()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:50].strip("-")
    if stem and stem == raw and stem not in _RESERVED:
        return stem
    return f"{stem or 'x'}-{hashlib.sha256(raw.encode()).hexdigest()[:8]}"


_LOADING = {"src", "srcset", "href", "xlink:href", "data", "action", "formaction", "poster", "background", "ping"}
_CSS_LINK = re.compile(r"@import|url\(\s*['\"]?\s*(?!data:|#)", re.IGNORECASE)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").casefold()
            inside = address.startswith(("#", "data:image/"))
            if name in _LOADING and address and not inside and not (tag == "a" and address.startswith("geo:")):
                self.found.append(f'<{tag} {name}="{value}">')
            if name.startswith("on") or (name == "style" and _CSS_LINK.search(value or "")):
                self.found.append(f'<{tag} {name}="{value}">')
        if tag in {"iframe", "object", "embed", "base", "applet"}:
            self.found.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        found = _CSS_LINK.search(data) if self._in_style else None
        if found:
            self.found.append(data[found.start():found.start() + 60])


def external_links(page: str) -> list[str]:
    """Every place of an HTML page that loads or sends something outside the page, or that runs from an attribute."""
    links = _Links()
    links.feed(page)
    links.close()
    return links.found


def require_offline(page: str, name: str) -> str:
    """`page` unchanged; refuses one that would reach outside itself, with the places found."""
    found = external_links(page)
    if found:
        raise refused(
            "page-not-offline", file=name, found="; ".join(found[:5]),
            expected="a page that loads nothing from outside",
            remedy="Inline the resource (script, style, picture as data:) or leave it out.",
            remedy_fr="Intégrez la ressource (script, style, image en data:) ou retirez-la.",
        )
    return page
