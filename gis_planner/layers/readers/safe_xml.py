"""XML to a small tree by expat: every DOCTYPE is refused before an entity can be declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from gis_planner.layers.report import Report

_MAX_DEPTH = 64
_MAX_NODES = 3_000_000


@dataclass(slots=True)
class Node:
    """One element: its name without namespace, attributes, text before its first child, children, line."""

    tag: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def find(self, tag: str) -> Node | None:
        """The first child of that name."""
        return next((child for child in self.children if child.tag == tag), None)

    def all(self, tag: str) -> Iterator[Node]:
        """Every descendant of that name, in document order."""
        stack = list(reversed(self.children))
        while stack:
            node = stack.pop()
            if node.tag == tag:
                yield node
            stack.extend(reversed(node.children))

    def text_of(self, tag: str) -> str:
        """Text of the first child of that name, "" when there is none."""
        child = self.find(tag)
        return child.text.strip() if child else ""


class _Unsafe(Exception):
    """Something that is not read."""


def parse(data: bytes, report: Report) -> Node:
    """The root of an XML document; raises `Refused` for a DOCTYPE, damage, or a tree that is too deep."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    root = Node("", {}, 0)
    stack = [root]
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(stack) > _MAX_DEPTH or count > _MAX_NODES:
            raise _Unsafe("elements nested too deeply or too many")
        node = Node(tag.rsplit(" ", 1)[-1], {k.rsplit(" ", 1)[-1]: v for k, v in attributes.items()},
                    parser.CurrentLineNumber)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        stack.pop()

    def text(chunk: str) -> None:
        stack[-1].text += chunk

    def doctype(*_: object) -> None:
        raise _Unsafe("a DOCTYPE (DTD)")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except _Unsafe as error:
        raise report.stop("xml-unsafe", found=str(error), row=f"line {parser.CurrentLineNumber}", field="xml") from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise report.stop("xml-broken", found=f"XML that cannot be parsed: {error}", field="xml",
                          row=f"line {parser.CurrentLineNumber}") from None
    return root.children[0]
