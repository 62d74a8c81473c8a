"""Pictures for a newcomer of what a run writes: `python -m gis_planner.maps.gallery FOLDER... --out maps/gallery`.

`make gallery` plans the shipped scenarios first. Needs Chromium, the playwright package (dev extra) and poppler-utils;
refuses with the remedy when one is absent.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from gis_planner.problems import Finding, Machine, Severity

VIEWS = (("phone", 360, 780), ("desk", 1280, 860))
SWITCHES = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND")
PARTS = {"decision": "decision", "map": "map", "service": "service", "ladder": "ladder", "doubt": "doubt",
         "front": "front", "answers": "compare", "who-gains": "gains", "maps-linked": "maps"}
"""Sections that get a picture: their id and the name of the picture."""
SHEETS = {"board": ("board.pdf", 1), "atlas": ("atlas.pdf", 1), "village": ("atlas.pdf", 3)}
"""Printed pages that get a picture: name, file and page; the first crew-day's page is looked for."""
_DAY = ("Back at the depot", "Retour au dépôt")
_DOTS_PER_INCH = 80
_COLOURS = 128


def _missing(what: str, remedy: str, remedy_fr: str) -> Machine:
    return Machine([Finding("gallery-browser", Severity.REFUSE, f"no {what}", what, remedy, remedy_fr)])


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise _missing("chromium", "Install it: apt-get install chromium.", "Installez-le : apt-get install chromium.")
    return found


def take_pictures(pages: Sequence[Path], out: Path) -> list[Path]:
    """One PNG for each section of `PARTS` and width in `VIEWS` of each page, into `out`; the paths written."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        how = "pip install -e .[dev]"
        raise _missing("playwright", f"Install it: {how}", f"Installez-le : {how}") from None
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_chromium(), args=list(SWITCHES))
        for path in pages:
            for view, width, height in VIEWS:
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(path.resolve().as_uri())
                written += _sections(page, out, view)
                page.close()
        browser.close()
    return written


def _sections(page: Any, out: Path, view: str) -> list[Path]:
    written = []
    for part, name in PARTS.items():
        if page.locator(f"#{part}").count():
            page.locator(f"#{part}").evaluate("head => head.scrollIntoView({behavior: 'instant'})")
            page.wait_for_timeout(1000)
            target = out / f"{name}-{view}.png"
            page.screenshot(path=str(target))
            written.append(_light(target))
    return written


def _light(path: Path) -> Path:
    """The picture with few colours, at a third of its bytes."""
    with Image.open(path) as image:
        few = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(path, "PNG", optimize=True)
    return path


def print_pictures(folder: Path, out: Path) -> list[Path]:
    """One PNG for each printed page of `SHEETS` that the folder holds, and for the first crew-day; the paths."""
    tools = {name: shutil.which(name) for name in ("pdftoppm", "pdftotext")}
    for name, found in tools.items():
        if found is None:
            how = "apt-get install poppler-utils"
            raise _missing(name, f"Install it: {how}", f"Installez-le : {how}")
    pages, atlas = dict(SHEETS), folder / "atlas.pdf"
    if atlas.is_file():
        text = subprocess.run([str(tools["pdftotext"]), str(atlas), "-"], capture_output=True,  # noqa: S603 - no shell
                              check=True).stdout
        days = [at for at, page in enumerate(text.decode("utf-8").split("\f"), start=1)
                if any(word in page for word in _DAY)]
        pages |= {"crew-day": ("atlas.pdf", days[0])} if days else {}
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (file, page) in pages.items():
        if (folder / file).is_file():
            size = ["-r", str(_DOTS_PER_INCH), "-f", str(page), "-l", str(page), "-singlefile", "-png"]
            subprocess.run([str(tools["pdftoppm"]), *size, str(folder / file), str(out / name)],  # noqa: S603 - no shell
                           check=True, capture_output=True)
            written.append(_light(out / f"{name}.png"))
    return written


def main() -> None:
    """Take the pictures of the folders named on the command line; the first is a run, the others may be comparisons."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folders", nargs="+", type=Path)
    reader.add_argument("--out", type=Path, default=Path("maps/gallery"))
    asked = reader.parse_args()
    pages = [folder / name for folder in asked.folders for name in ("report.html", "compare.html")
             if (folder / name).is_file()]
    for path in [*take_pictures(pages, asked.out), *print_pictures(asked.folders[0], asked.out)]:
        print(path)


if __name__ == "__main__":
    main()
