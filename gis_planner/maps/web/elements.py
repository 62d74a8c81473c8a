"""HTML by elements: children and attributes are encoded unless they are `Html` already."""

from __future__ import annotations

from collections.abc import Iterable

from gis_planner.maps.safe import Html, html, script_json

_VOID = frozenset({"br", "hr", "img", "input", "meta", "link"})


def _flat(children: Iterable[object]) -> Iterable[str]:
    for child in children:
        if child is None or child is False:
            continue
        if isinstance(child, (list, tuple)):
            yield from _flat(child)
        else:
            yield html(child)


def join(*children: object) -> Html:
    """Children one after the other; strings are encoded, None is nothing, lists are flattened."""
    return Html("".join(_flat(children)))


def el(tag: str, /, *children: object, **attributes: object) -> Html:
    """One element. `class_="a"` is class, `data_id=1` is data-id; True is a bare attribute, None and False are none."""
    parts = [tag]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.rstrip("_").replace("_", "-")
        parts.append(label if value is True else f'{label}="{html(value)}"')
    head = Html(f"<{' '.join(parts)}>")
    return head if tag in _VOID else Html(f"{head}{join(*children)}</{tag}>")


def data_script(element_id: str, value: object) -> Html:
    """`value` as JSON that the page's scripts read by id; a browser never runs it."""
    return Html(f'<script type="application/json" id="{html(element_id)}">{script_json(value)}</script>')
