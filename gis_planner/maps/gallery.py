"""Pictures of the pages for a newcomer: `python -m gis_planner.maps.gallery PAGE.html... --out maps/gallery`.

Needs Chromium and the playwright package (dev extra); refuses with the remedy when either is absent.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gis_planner.problems import Finding, Machine, Severity

VIEWS = (("phone", 360, 780), ("desk", 1280, 860))
SWITCHES = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND")
PARTS = {"decision": "decision", "map": "map", "service": "service", "in-words": "compare", "who-gains": "gains",
         "maps-linked": "maps"}
"""Sections that get a picture: their id and the name of the picture."""


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
            page.wait_for_timeout(150)
            target = out / f"{name}-{view}.png"
            page.screenshot(path=str(target))
            written.append(target)
    return written


def main() -> None:
    """Take the pictures of the pages named on the command line."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("pages", nargs="+", type=Path)
    reader.add_argument("--out", type=Path, default=Path("maps/gallery"))
    asked = reader.parse_args()
    for path in take_pictures(asked.pages, asked.out):
        print(path)


if __name__ == "__main__":
    main()
