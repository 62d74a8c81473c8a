"""Names that partners' files can hold, and a small plan with every result table, for the tests of the map room."""

from __future__ import annotations

import pytest

HOSTILE = (
    "{{7*7}}",
    "{{ cycler.__init__.__globals__.os.getcwd() }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{# hidden #}",
    "${1+1}",
    "`${document.title=7}`",
    "<img src=x onerror=document.title='owned'>",
    "<script>document.title='owned'</script>",
    "</script><script>document.title='owned'</script>",
    "--><svg onload=document.title='owned'>",
    "\"><b onmouseover=document.title='owned'>x</b>",
    "' onfocus='document.title=1' autofocus x='",
    "javascript:document.title='owned'",
    "&lt;b&gt; &amp; &#123;",
    "]]><!--",
    "\\u003cscript\\u003e \\x3c \\",
    "=1+1",
    "=cmd|'/c calc'!A0",
    "@SUM(1+1)*cmd",
    "-2+3+cmd",
    "+HYPERLINK(\"http://example.org\")",
    "\u202egnp.exe\u202c",
    "\u200b\u200fKola\u2066",
    "very long " + "Ouélessébougou " * 30,
    "💧🦟👩🏾‍⚕️ Kola",
    "ߒߞߏ ߞߊ߲",
    "Ŋɔnɔ ɛ ɲ — l'eau d’été; DROP TABLE villages;--",
)


@pytest.fixture(params=range(len(HOSTILE)), ids=lambda index: f"hostile{index:02d}")
def hostile(request: pytest.FixtureRequest) -> str:
    """One hostile name: script, template, formula, direction marks, very long, emoji, N'Ko."""
    return HOSTILE[request.param]


@pytest.fixture(scope="session")
def hostile_names() -> tuple[str, ...]:
    """All 27 hostile names."""
    return HOSTILE
