"""One HTML file that needs no network: styles and scripts inside, each allowed by its hash, nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from gis_planner.maps.safe import Html, require_offline
from gis_planner.maps.style import Style
from gis_planner.maps.web.elements import el, join

_LINKED_RULE = re.compile(r"[^{}]*\{[^{}]*url\([^{}]*\}")


@lru_cache(maxsize=32)
def asset(path: str) -> str:
    """A script or style of the map room, by its path under gis_planner/maps."""
    text = files("gis_planner.maps").joinpath(path).read_text(encoding="utf-8")
    if path.endswith("leaflet.css"):
        text = _LINKED_RULE.sub("", text)
    return re.sub(r"^//# sourceMappingURL.*$", "", text, flags=re.MULTILINE).strip() + "\n"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def logo_mark(style: Style) -> Html | None:
    """The organisation's logo, inside the page; None without one."""
    if style.logo is None:
        return None
    return el("img", src=style.logo.address, alt=style.logo.text, class_="logo", width=style.logo.width,
              height=style.logo.height)


def page(title: str, lang: str, body: Html, data: Sequence[Html], scripts: Sequence[str], look: Style) -> str:
    """The complete file: title (encoded here), body, data scripts, then Leaflet and `scripts` in order.

    Refused (`page-not-offline`): anything in it that would be loaded from, or sent, outside.
    """
    style = asset("web/vendor/leaflet.css") + asset("web/page.css").replace("#00507f", look.colours["accent"], 1)
    code = [asset("web/vendor/leaflet.js"), *scripts]
    policy = "; ".join((
        "default-src 'none'", f"script-src {' '.join(_hash(text) for text in code)}", f"style-src {_hash(style)}",
        "img-src data:", "base-uri 'none'", "form-action 'none'",
    ))
    head = join(
        el("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"), el("title", title), Html(f"<style>{style}</style>"),
    )
    tail = join(*data, *(Html(f"<script>{text}</script>") for text in code))
    whole = f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>{head}</head>\n<body>\n{body}\n{tail}\n</body>\n</html>\n'
    return require_offline(whole, title)
