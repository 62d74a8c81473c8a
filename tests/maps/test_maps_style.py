"""An organisation's own look: names, logo, colours and words as data, in every output; what is unsound is refused."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from maps_plan import small_plan
from PIL import Image, PngImagePlugin

from gis_planner.cli import main
from gis_planner.maps import compare, report
from gis_planner.maps.atlas.board import board_sheet, write_board
from gis_planner.maps.atlas.document import atlas_values, common_values, write_atlas
from gis_planner.maps.gallery import print_pictures
from gis_planner.maps.logo import BOX_PX, read_logo
from gis_planner.maps.style import Style, contrast, find_style, load_style, style_in_use, using
from gis_planner.maps.words import word
from gis_planner.maps.workbook import write_workbook
from gis_planner.problems import Refused

EXAMPLE = Path(__file__).parents[2] / "maps" / "styles" / "example" / "style.toml"


def _style(folder: Path, text: str) -> Path:
    path = folder / "style.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#1a5e3a").save(out, kind)
    return out.getvalue()


@pytest.fixture(scope="module")
def own() -> Style:
    """The example that ships: a made-up organisation."""
    return load_style(EXAMPLE)


def test_the_example_reaches_report_and_comparison(own: Style) -> None:
    """Name, contact, logo with its text, accent colour and own words stand in the report and in the comparison."""
    plan = small_plan()
    for page in (report.render(plan, style=own), compare.render([plan, plan], style=own)):
        assert own.organisation in page
        assert "plan@example.org" in page
        assert 'src="data:image/png;base64,' in page
        assert 'alt="Logo: a drop of water"' in page
        assert "#1a5e3a" in page
    assert "What we will do" in report.render(plan, style=own)
    assert "Ce que nous ferons" in report.render(plan, "fr", style=own)


def test_the_example_reaches_paper(own: Style, tmp_path: Path) -> None:
    """Atlas, board page and pictures carry the name, the contact, the logo, the colour and the lines for notes."""
    with using(own):
        values = common_values(small_plan(), "en")
        write_atlas(small_plan(), tmp_path / "atlas.pdf")
        assert values["organisation"] == own.organisation
        assert bytes(values["logo"][:8]) == b"\x89PNG\r\n\x1a\n"
        assert values["accent"] == "#1a5e3a"
        assert values["notes_lines"] == 4
        assert values["words"]["signature"] == "Village chief and crew leader, date, signatures"
        assert board_sheet(small_plan(), "en")["title"] == small_plan().name
        latrine = [item["colour"] for sheet in atlas_values(small_plan())["sheets"] if sheet["kind"] == "village"
                   for item in sheet["items"] if "latrine" in item["what"].casefold()]
        assert set(latrine) == {"#c77700"}
    assert (tmp_path / "atlas.pdf").stat().st_size > 20_000


def test_the_example_reaches_the_workbook(own: Style, tmp_path: Path) -> None:
    """The first sheet of the workbook names the organisation and holds the logo as a picture."""
    with using(own):
        write_workbook(small_plan(), tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx").worksheets[0]
    assert own.organisation in [row[0].value for row in sheet.iter_rows(max_col=1)]
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as book:
        assert [name for name in book.namelist() if name.startswith("xl/media/")] == ["xl/media/image1.png"]


def test_a_style_is_in_use_only_inside(own: Style) -> None:
    """Words and style of an organisation end with the block that uses them."""
    assert word("decision", "en") == "The decision"
    with using(own):
        assert word("decision", "en") == "What we will do"
        assert style_in_use() is own
    assert word("decision", "en") == "The decision"
    assert style_in_use().organisation == ""


def test_the_style_beside_the_scenarios_is_found(tmp_path: Path) -> None:
    """maps/styles/style.toml beside the scenarios' folder is taken when no file is named; a named file comes first."""
    (tmp_path / "maps" / "styles").mkdir(parents=True)
    kept = _style(tmp_path / "maps" / "styles", '[organisation]\nname = "Kafo"\n')
    scenario = tmp_path / "scenarios" / "a.toml"
    assert find_style(None, scenario).organisation == "Kafo"
    assert find_style(EXAMPLE, scenario).organisation == "Ji Sanuman (example)"
    kept.unlink()
    assert find_style(None, scenario).organisation == ""


@pytest.mark.parametrize(("text", "said"), [
    ('[colour]\naccent = "red"\n', "colour.accent"), ('[colour]\naccent = "#ffee00"\n', "contrast"),
    ('[colour]\nacent = "#000000"\n', "accent"), ('[colours]\nink = "#000000"\n', "colour"),
    ('[shape]\ncircle = "M0 0\\"/><script>"\n', "SVG path"), ('[layer.wells]\ndash = "url(x)"\n', "dash"),
    ('[layer.wells]\nsize = 4000\n', "size"), ('[layout]\nnotes_lines = -1\n', "notes_lines"),
    ('[words.ui]\ndecison = ["a", "b"]\n', "decision"), ('[words.ui]\ndecision = ["a"]\n', "French"),
    ('[words.ui]\nthen_more = ["all", "tout"]\n', "{n}"), ('[words.uis]\nx = ["a", "b"]\n', "words.uis"),
    ('organisation = "Kafo"\n', "organisation"), ("[organisation]\nname = 7\n", "organisation.name"),
    ('[organisation]\nlogo = "none.png"\n', "none.png"), ("[organisation\n", "UTF-8"),
])
def test_an_unsound_style_is_refused_by_name(text: str, said: str, tmp_path: Path) -> None:
    """A colour, shape, number, word or key that is none is refused, and the refusal names it or the nearest."""
    with pytest.raises(Refused) as caught:
        load_style(_style(tmp_path, text))
    assert said in str(caught.value)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(("raw", "said"), [
    (b"", "PNG or JPEG"), (b"not a picture", "PNG or JPEG"), (SVG, "SVG can carry scripts"),
    (b"\xef\xbb\xbf <?xml version='1.0'?>" + SVG, "SVG can carry scripts"), (_picture(64, 64)[:90], "whole PNG"),
    (_picture(64, 64, "GIF"), "PNG or JPEG"), (_picture(4100, 4000), "pixels"),
    (b"\x89PNG" + b"0" * 4_000_001, "bytes"),
])
def test_a_bad_logo_is_refused(raw: bytes, said: str, tmp_path: Path) -> None:
    """Empty, no picture, SVG, damaged, another format, too many pixels, too many bytes: each is refused in words."""
    path = tmp_path / "logo.png"
    path.write_bytes(raw)
    with pytest.raises(Refused) as caught:
        read_logo(path, "Logo")
    assert said in str(caught.value)


def test_a_logo_is_made_small_and_loses_what_it_carried(tmp_path: Path) -> None:
    """Only pixels of a logo go out, in a box of 480 by 160: no comment, position or trailing bytes of its file."""
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "secret place")
    Image.new("RGB", (1600, 400), "#1a5e3a").save(tmp_path / "logo.png", pnginfo=note)
    with (tmp_path / "logo.png").open("ab") as file:
        file.write(b"<script>trailing</script>")
    logo = read_logo(tmp_path / "logo.png", "Logo")
    # 1600 x 400 in a box of 480 x 160: the width binds, 480 x 120
    assert (logo.width, logo.height) == (BOX_PX[0], 120)
    assert b"secret" not in logo.png
    assert b"trailing" not in logo.png
    assert logo == read_logo(tmp_path / "logo.png", "Logo")


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21 to 1, white on white 1 to 1, and #777777 the well-known 4.48."""
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#ffffff") == pytest.approx(1)
    assert contrast("#777777") == pytest.approx(4.48, abs=0.005)


def test_the_command_refuses_a_bad_style_before_any_work(tmp_path: Path) -> None:
    """`run --style` with a logo that is an SVG ends with status 2, in French when asked, and writes nothing."""
    (tmp_path / "logo.svg").write_bytes(SVG)
    style = _style(tmp_path, '[organisation]\nlogo = "logo.svg"\n')
    command = ["run", "scenarios/none.toml", "--style", str(style), "--out", str(tmp_path / "out"), "--lang", "fr"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2
    assert "une image PNG ou JPEG : un SVG peut porter des scripts" in done.output
    assert not (tmp_path / "out").exists()


def test_a_style_that_is_not_there_is_a_path_to_check(tmp_path: Path) -> None:
    """A missing style file is said to be missing, with the nearest name there is."""
    _style(tmp_path, "")
    with pytest.raises(Refused, match=r"no such file.*Did you mean style\.toml\? Check the path"):
        load_style(tmp_path / "stile.toml")


def test_pictures_of_printed_pages(tmp_path: Path) -> None:
    """The gallery takes one light picture of the board's page, the atlas's first sheets and the first crew-day."""
    if shutil.which("pdftoppm") is None or shutil.which("pdftotext") is None:
        pytest.skip("pdftoppm and pdftotext (poppler-utils) are not installed")
    write_board([small_plan()], tmp_path / "board.pdf")
    write_atlas(small_plan(), tmp_path / "atlas.pdf")
    made = print_pictures(tmp_path, tmp_path / "gallery")
    assert [path.name for path in made] == ["board.png", "atlas.png", "village.png", "crew-day.png"]
    assert all(path.stat().st_size < 150_000 for path in made)
