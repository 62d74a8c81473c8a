"""Every data string passes one door: what leaves `gis_planner.maps.safe` is inert where it goes and shown verbatim."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import folium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planner.maps import safe
from gis_planner.problems import Refused

anything = st.text(max_size=60)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def _read_html(fragment: str) -> _Reader:
    reader = _Reader()
    reader.feed(fragment)
    reader.close()
    return reader


def test_hostile_name_in_html_is_text_only_and_verbatim(hostile: str) -> None:
    """A hostile name in HTML opens no tag and reads back as it was written."""
    read = _read_html(f"<p>{safe.html(hostile)}</p>")
    assert read.tags == ["p"]
    assert read.text == safe.text(hostile)


def test_hostile_name_survives_a_second_template_pass(hostile: str) -> None:
    """folium's second compilation as a Jinja2 template finds nothing to run in an encoded name."""
    figure = folium.Figure()
    figure.html.add_child(folium.Element(f"<p>{safe.html(hostile)}</p>"), name="p")
    assert safe.text(hostile) in _read_html(figure.html.render()).text


@given(anything)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_html_leaves_no_character_that_a_template_or_script_reads(value: str) -> None:
    """No brace, dollar, backslash, backtick, quote or angle bracket leaves the encoder."""
    assert not set(safe.html(value)) & set("{}$\\`<>\"'")


@given(st.recursive(anything | st.integers() | st.floats() | st.booleans() | st.none(),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything, inner, max_size=4)))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_script_json_is_json_that_closes_no_script(value: object) -> None:
    """JSON for a script element parses, holds no angle bracket and opens no template."""
    out = safe.script_json(value)
    json.loads(out)
    assert not set(out) & set("<>$`\u2028\u2029")
    assert "{{" not in out
    assert "{%" not in out


def test_script_json_reads_back_verbatim(hostile: str) -> None:
    """A name in the page's data reads back as it was written, as key and as value."""
    assert json.loads(safe.script_json({hostile: [hostile]})) == {safe.text(hostile): [safe.text(hostile)]}


def test_xml_reads_back_verbatim(hostile: str) -> None:
    """A name in XML text and attribute reads back as it was written."""
    node = ET.fromstring(f'<n a="{safe.xml(hostile)}">{safe.xml(hostile)}</n>')  # noqa: S314
    assert node.text == safe.text(hostile)
    # an XML reader turns line breaks and tabs of an attribute into spaces
    assert node.get("a") == safe.text(hostile).replace("\n", " ").replace("\t", " ")


@given(anything)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_xml_takes_any_text(value: str) -> None:
    """Any text at all, control characters too, gives XML that parses."""
    assert ET.fromstring(f"<n>{safe.xml(value)}</n>").tag == "n"  # noqa: S314


def test_missing_is_empty_and_controls_are_shown() -> None:
    """None and nan are empty text; a control character is a visible picture."""
    assert safe.text(None) == ""
    assert safe.text(float("nan")) == ""
    assert safe.text("a\x00b\x1b") == "a\u2400b\u241b"


@pytest.mark.parametrize(("value", "cell"), [
    ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("  =1", "'  =1"), ("+223 76", "'+223 76"),
    ("-7.9", "-7.9"), ("-7,9", "-7,9"), ("+12", "+12"), ("Kola", "Kola"), ("", ""), ("-", "'-"),
])
def test_formula_cells_are_disarmed_and_numbers_left_alone(value: str, cell: str) -> None:
    """Text that a spreadsheet would run gets an apostrophe; a plain number does not."""
    assert safe.cell(value) == cell


@given(anything, anything)
@settings(deadline=None, derandomize=True, max_examples=300)
def test_slug_is_a_safe_name_and_tells_ids_apart(one: str, two: str) -> None:
    """A slug holds a-z, 0-9 and dashes only, and two ids never share one."""
    assert safe.slug(one)
    assert set(safe.slug(one)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(safe.slug(one)) <= 60
    assert (safe.slug(one) == safe.slug(two)) == (safe.text(one) == safe.text(two))


def test_slug_avoids_reserved_names() -> None:
    """A name that Windows reserves and a path that climbs become harmless."""
    assert safe.slug("con") != "con"
    assert "/" not in safe.slug("../../etc/passwd")
    assert safe.slug("route-3") == "route-3"


@pytest.mark.parametrize("page", [
    '<img src="https://x.org/a.png">', '<script src="a.js"></script>', '<link href="//cdn/x.css">',
    "<style>@import 'x.css'</style>", "<style>a{background:url(x.png)}</style>", '<p onclick="f()">',
    '<a href=" java\tscript:f()">x</a>', '<iframe srcdoc="x"></iframe>', '<form action="https://x.org"></form>',
    '<p style="background:url(//x)">',
])
def test_a_page_that_reaches_outside_is_refused(page: str) -> None:
    """A page that would load, send or run from an attribute is refused with the place."""
    with pytest.raises(Refused, match="page-not-offline"):
        safe.require_offline(page, "report.html")


def test_an_inline_page_passes_unchanged() -> None:
    """Pictures as data, anchors and text that only speaks of an address are no reason to refuse."""
    page = ('<a href="#x">x</a><img src="data:image/png;base64,AA=="><p>https://x.org url(x)</p>'
            '<style>a{color:red}</style>')
    assert safe.require_offline(page, "report.html") == page
