"""Every setting of a scenario: the parts live beside the programmes that use them, here they are added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from gis_planner.programmes.larviciding.settings import LarvicidingSettings
from gis_planner.programmes.latrines.settings import LatrinesSettings
from gis_planner.programmes.nets.settings import NetsSettings
from gis_planner.programmes.people import PeopleSettings
from gis_planner.programmes.robust.settings import FirmSettings
from gis_planner.programmes.walking import Season, TravelSettings
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.standards.setting import Settings, setting

Programme = Literal["wells", "latrines", "nets", "larviciding"]
PROGRAMMES: tuple[Programme, ...] = get_args(Programme)


class ScenarioSettings(Settings):
    """A whole scenario."""

    region: str = setting(en="The region's catalog.toml, seen from the file that names it.",
                          fr="Le catalog.toml de la région, vu du fichier qui le nomme.")
    season: Season = setting(en="Season that the plan is for.", fr="Saison du plan.")
    run: tuple[Programme, ...] = setting(en="Programmes that are planned.", fr="Programmes planifiés.")
    norms_file: str | None = setting(
        None, en="A CSV of norms that replace or add to those that ship, seen from the file that names it.",
        fr="Un CSV de normes qui remplacent ou complètent celles fournies, vu du fichier qui le nomme.",
        effect="Without it the norms that ship are used.",
    )
    seed: int = setting(1, en="Seed of everything that draws at random.", fr="Graine de tout tirage aléatoire.", low=0,
                        high=2**31 - 1, effect="Another seed may give another plan of about the same worth.")
    effort: float = setting(1.0, en="How long the solvers try; 1 is what a planner waits for.",
                            fr="Combien de temps les solveurs cherchent ; 1 est ce qu'un planificateur attend.",
                            low=0.01, high=100, effect="More effort finds slightly cheaper routes.")
    people: PeopleSettings = setting(factory=PeopleSettings, en="Who is counted.", fr="Qui est compté.")
    travel: TravelSettings = setting(en="How people and crews get about.", fr="Comment on se déplace.")
    firm: FirmSettings = setting(factory=FirmSettings, en="How firm the choice of wells is.",
                                 fr="Solidité du choix des puits.")
    wells: WellsSettings | None = setting(None, en="Wells.", fr="Puits et forages.")
    latrines: LatrinesSettings | None = setting(None, en="Latrines.", fr="Latrines.")
    nets: NetsSettings | None = setting(None, en="Net distribution.", fr="Distribution de moustiquaires.")
    larviciding: LarvicidingSettings | None = setting(None, en="Larviciding.", fr="Traitement des gîtes larvaires.")


@dataclass(frozen=True, slots=True)
class Known:
    """One setting as declared: its key (`wells.budget_fcfa`), model, field and its extra facts."""

    key: str
    model: type[BaseModel]
    name: str
    field: FieldInfo

    @property
    def extra(self) -> dict[str, Any]:
        """unit, meaning_fr, low, high, effect."""
        extra = self.field.json_schema_extra
        return dict(extra) if isinstance(extra, dict) else {}

    @property
    def is_norm(self) -> bool:
        """Whether it takes the id of a norm."""
        return "a number, or the id of a norm" in _marks(self.field)

    @property
    def is_price(self) -> bool:
        """Whether it takes the id of a row of the costs layer."""
        return "FCFA, or the id of a row of the costs layer" in _marks(self.field)


def _marks(field: FieldInfo) -> list[str]:
    return [mark for mark in field.metadata if isinstance(mark, str)]


def model_of(annotation: Any) -> type[BaseModel] | None:
    """The settings model inside an annotation (`WellsSettings | None`), if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                return part
    return None


def known_settings(model: type[BaseModel] = ScenarioSettings, prefix: str = "") -> Iterator[Known]:
    """Every setting of a model and the models inside it, in the order of declaration."""
    for name, field in model.model_fields.items():
        inner = model_of(field.annotation)
        if inner is not None:
            yield from known_settings(inner, f"{prefix}{name}.")
        else:
            yield Known(f"{prefix}{name}", model, name, field)


def value_at(settings: BaseModel, key: str) -> Any:
    """The value of a key (`wells.budget_fcfa`); None when its section is absent."""
    value: Any = settings
    for name in key.split("."):
        value = getattr(value, name, None)
    return value


def span(low: float | None, high: float | None) -> str:
    """A range in words: `1 to 8`, `at least 0`, `at most 5`."""
    if low is None or high is None:
        return f"at least {low:,.12g}" if low is not None else f"at most {high:,.12g}"
    return f"{low:,.12g} to {high:,.12g}"
