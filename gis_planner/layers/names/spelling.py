"""One place name, read as it sounds: accents, apostrophes, hyphens, numerals, French and Bambara spellings of Mali.

The rules of sound follow the spellings met side by side in Malian gazetteers (French: `Ouélessébougou`; Bambara, DNAFLA
orthography: `Welesebugu`). They are a key for joining, not a transliteration.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_APOSTROPHES = re.compile(r"['’‘ʼʹ´`^′‛ꞌ]")
_LETTERS = str.maketrans(
    {
        "ɛ": "e",
        "ɔ": "o",
        "ŋ": "n",
        "ɲ": "ny",
        "ɓ": "b",
        "ɗ": "d",
        "ƴ": "y",
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "ı": "i",
        "ø": "o",
        "ð": "d",
    }
)
_NKO = dict(
    zip(
        (chr(code) for code in range(0x07C0, 0x07EB)),
        [
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "9",
            "a",
            "e",
            "i",
            "e",
            "u",
            "o",
            "o",
            "n",
            "n",
            "b",
            "p",
            "t",
            "j",
            "c",
            "d",
            "r",
            "r",
            "s",
            "gb",
            "f",
            "k",
            "l",
            "n",
            "m",
            "ny",
            "n",
            "h",
            "w",
            "y",
            "ny",
            "j",
            "c",
            "r",
        ],
        strict=True,
    )
) | {"\u07f2": "n", "\u07f4": "", "\u07f5": ""}
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"ph", "f"),
        (r"tch|tj|ch", "c1"),
        (r"dj|dg(?=[ei])", "j"),
        (r"gn|ñ", "n1"),
        (r"gu(?=[eiy])", "g"),
        (r"qu(?=[eiy])|q", "k"),
        (r"c(?=[ei])", "s"),
        (r"c(?!1)", "k"),
        (r"x", "k"),
        (r"ou|w", "u"),
        (r"y", "i"),
        (r"h", ""),
        (r"di(?=[aeou])", "j"),
        (r"ti(?=[aeou])", "c1"),
        (r"ni(?=[aeou])", "n1"),
        (r"v", "b"),
        (r"m(?=[bcdfgjklmnpqrstz])", "n"),
        (r"j(?:i(?=[aeou]))", "j"),
        (r"c1(?:i(?=[aeou]))", "c1"),
        (r"n1(?:i(?=[aeou]))", "n1"),
        (r"c1", "č"),
        (r"n1", "ñ"),
        (r"(.)\1+", r"\1"),
    )
)
_COARSE = str.maketrans(
    {"e": "i", "o": "u", "g": "k", "z": "s", "l": "r", "d": "r", "ñ": "n", "č": "k", "j": "i", "p": "b"}
)
_DOUBLED = re.compile(r"(.)\1+")
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_ORDINAL = re.compile(r"^0*(\d+)(?:er|ere|e|eme|ieme|nd|st|th)?$")
_TAIL_DIGITS = re.compile(r"^([^\W\d]{3,})0*(\d{1,2})$")
_INNER = re.compile(r"[(\[{]([^)\]}]*)[)\]}]?")
_OR = re.compile(r"\bou\b|[/\\;|]|\bdit\b|\balias\b")
_ENDINGS = ("bugula", "bugu", "dugu", "koro", "kura", "kuru", "tumu")
WHOLE, OTHER_NAME, WITHOUT_PARENT, ONE_WORD = 1.0, 0.98, 0.97, 0.8


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say a name.

    key: its sound, words joined. ordered: the same with the words sorted. numbers: the numerals it carries.
    marks: (group, which) of the words that tell namesakes apart. ceiling: how sure this form stands for the place.
    exact: it counts only where the other sounds the same.
    """

    key: str
    ordered: str
    numbers: frozenset[int]
    marks: frozenset[tuple[str, int]]
    ceiling: float = WHOLE
    exact: bool = False


def cut_ending(key: str) -> tuple[str, str]:
    """(root, generic ending): `moribugu` is (`mori`, `bugu`); the ending is empty where there is none."""
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) >= len(ending) + 2:
            return key[: -len(ending)], ending
    return key, ""


def fold(text: str) -> str:
    """Lower case, without accents or apostrophes, N'Ko letters in Latin ones; hyphens and brackets stay."""
    latin = "".join(_NKO.get(char, char) for char in text)
    flat = unicodedata.normalize("NFKD", latin.casefold().translate(_LETTERS))
    return _APOSTROPHES.sub("", "".join(char for char in flat if not unicodedata.combining(char)))


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a folded word sounds: `dyalakoro`, `dialakoro` and `djalakoro` are one; `ou` and `w` are `u`."""
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word


@lru_cache(maxsize=65536)
def coarse(key: str) -> str:
    """The key without the differences that ears and pens confuse most: e/i, o/u, g/k, l/r/d, z/s."""
    return _DOUBLED.sub(r"\1", key.translate(_COARSE))


@cache
def _book() -> tuple[frozenset[str], frozenset[str], dict[str, tuple[str, int]]]:
    raw = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
    marks = {
        sound(fold(word).replace("-", "")): (group, which)
        for group, sets in raw["opposites"].items()
        for which, words in enumerate(sets)
        for word in words
    }
    return frozenset(raw["idle"]), frozenset(raw["facility"]), marks


def words(text: str) -> list[str]:
    """The folded words of a text, numerals split from their word (`plateau3`: `plateau`, `3`)."""
    out: list[str] = []
    for word in re.findall(r"[^\W_]+", text):
        tail = _TAIL_DIGITS.match(word)
        out.extend(tail.groups() if tail else (word,))
    return out


def _number(word: str, first: bool) -> int | None:
    digits = _ORDINAL.match(word)
    if digits:
        return int(digits.group(1)[:9])
    return None if first else _ROMAN.get(word)


def _spoken(text: str, facility: bool) -> tuple[list[str], set[int]]:
    """(sounds of the words that carry something, numerals)."""
    idle, facilities, _ = _book()
    plain, numbers, said = [], set(), words(text)
    for place, word in enumerate(said):
        number = _number(word, place == 0 and len(said) > 1)
        if number is not None and not (facility and word in facilities):
            numbers.add(number)
        else:
            plain.append(word)
    drop = idle | facilities if facility else idle
    kept = [word for word in plain if word not in drop] or plain
    return [heard for word in kept if (heard := sound(word))], numbers


def _form(heard: list[str], numbers: set[int], ceiling: float, exact: bool = False) -> Form:
    marks = _book()[2]
    key = "".join(heard)
    return Form(
        key,
        "".join(sorted(heard)),
        frozenset(numbers),
        frozenset(marks[word] for word in heard if word in marks),
        ceiling,
        exact,
    )


@lru_cache(maxsize=65536)
def forms(name: str, parent: str = "", *, facility: bool = False) -> tuple[Form, ...]:
    """Every way to say `name`, the surest first; empty when it holds no letter or digit.

    `A OU B`, `A/B` and `A (B)` give both names; words of the parent area may be there or not (`MASSALA-DJITOUMOU` in
    Sanankoro Djitoumou is `MASSALA`); the first or last word alone is a weak form. `facility`: words such as `École`,
    `CSCOM`, `[2ème C]` are dropped.
    """
    flat = fold(name)
    inner = [part for part in _INNER.findall(flat) if part.strip()]
    bare = _INNER.sub(" ", flat)
    texts = [(flat if not bare.strip() else bare, WHOLE if not inner else OTHER_NAME)]
    if inner and bare.strip():
        texts.insert(0, (flat, WHOLE))
        texts += [(part, OTHER_NAME) for part in inner if sum(char.isalpha() for char in part) >= 3]
    for part in _OR.split(bare):
        if part.strip() and part.strip() != bare.strip() and sum(char.isalpha() for char in part) >= 3:
            texts.append((part, OTHER_NAME))
    area = [heard for heard in _spoken(fold(parent), facility=False)[0] if len(heard) >= 3]
    found: dict[tuple[str, frozenset[int]], Form] = {}
    for text, ceiling in texts:
        heard, numbers = _spoken(text, facility)
        for form in _variants(heard, numbers, ceiling, area):
            old = found.get((form.ordered, form.numbers))
            if old is None or (form.ceiling, old.exact) > (old.ceiling, form.exact):
                found[form.ordered, form.numbers] = form
    return tuple(sorted(found.values(), key=lambda form: -form.ceiling))


def _variants(heard: list[str], numbers: set[int], ceiling: float, area: list[str]) -> list[Form]:
    if not heard:
        return [_form([str(number) for number in sorted(numbers)], set(), ceiling)] if numbers else []
    out = [_form(heard, numbers, ceiling)]
    rest = [word for word in heard if word not in area]
    if rest and len(rest) < len(heard):
        out.append(_form(rest, numbers, min(ceiling, WITHOUT_PARENT)))
    near = min(ceiling, WITHOUT_PARENT)
    out += [_form([*heard, word], numbers, near, exact=True) for word in dict.fromkeys(area) if word not in heard]
    if len(heard) > 1:
        out += [_form([word], numbers, ONE_WORD, exact=True) for word in (heard[0], heard[-1]) if len(word) >= 4]
    return out
