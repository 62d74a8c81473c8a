"""The commands, nothing else: `gis-planner run | check | compare | init | reference | doctor`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from gis_planner import __version__
from gis_planner.problems import (
    EXIT_DONE,
    EXIT_INTERRUPTED,
    EXIT_MACHINE,
    EXIT_REFUSED,
    Finding,
    Problems,
    Severity,
    Stop,
    shown,
)

LANG = click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="Language.")
STYLE = click.option("--style", type=click.Path(path_type=Path),
                     help="A file of your organisation's names, logo, colours and words.")
DEBUG = click.option("--debug", is_flag=True, help="Show the traceback of an error.")
_HEADS = {"en": {"refuse": "Refused", "repair": "Repaired or assumed", "note": "Note"},
          "fr": {"refuse": "Refusé", "repair": "Réparé ou supposé", "note": "À savoir"}}

_OPEN = {
    "en": ("Open", "the decision, the map and the tables", "one page for a board", "the workbook",
           "the routes for phones"),
    "fr": ("À ouvrir", "la décision, la carte et les tableaux", "une page pour un conseil", "le classeur",
           "les tournées pour téléphones"),
}


_TROUBLE = {
    "en": ("Interrupted: nothing was left half written.",
           "The machine: {}. Free memory or disk, or check permissions.",
           "An error of the program itself: {}. Run again with --debug and report what it prints."),
    "fr": ("Interrompu : rien n'est resté à moitié écrit.",
           "La machine : {}. Libérez de la mémoire ou du disque, ou vérifiez les droits.",
           "Une erreur du programme lui-même : {}. Relancez avec --debug et signalez ce qui s'affiche."),
}
_PARTS_FR = {"settings": "réglages", "layers": "couches", "people": "habitants", "wells": "points d'eau", "nets":
             "moustiquaires", "larviciding": "lutte antilarvaire", "surveys": "enquêtes", "campaigns": "campagnes"}
"""What a run works on, in French; names of files stay."""


def say(findings: list[Finding], lang: str) -> None:
    """Findings on the error stream, worst first, each on its lines."""
    for severity in Severity:
        for finding in findings:
            if finding.severity is severity:
                click.echo(f"{_HEADS[lang][str(severity)]}: {finding.sentence(lang)}", err=True)


def say_briefly(findings: list[Finding], lang: str, most: int = 2) -> None:
    """Findings by kind, the first ones of each in full; the report holds all."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((str(finding.severity), finding.code), []).append(finding)
    for alike in kinds.values():
        say(alike[:most], lang)
        if len(alike) > most:
            more = len(alike) - most
            words = {"en": f"and {more} more like it, in the report", "fr": f"et {more} autres, dans le rapport"}
            click.echo(f"  ... {words[lang]}", err=True)


def command(function: Callable[..., int]) -> Callable[..., None]:
    """Turn errors into messages and exit statuses; the function returns its own status."""

    @wraps(function)
    def wrapped(*args: Any, debug: bool = False, **options: Any) -> None:
        lang = str(options.get("lang") or "en")
        try:
            status = function(*args, **options)
        except Stop as stop:
            if debug:
                raise
            say(list(stop.findings), lang)
            status = stop.exit_status
        except KeyboardInterrupt:
            click.echo(_TROUBLE[lang][0], err=True)
            status = EXIT_INTERRUPTED
        except (MemoryError, OSError) as error:
            if debug:
                raise
            click.echo(_TROUBLE[lang][1].format(shown(error, 300)), err=True)
            status = EXIT_MACHINE
        except click.ClickException:
            raise
        except Exception as error:
            if debug:
                raise
            click.echo(_TROUBLE[lang][2].format(f"{type(error).__name__}: {shown(error, 300)}"), err=True)
            status = 1
        sys.exit(status)

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gis-planner")
def main() -> None:
    """Where wells, latrines, nets and mosquito control go, decided on a laptop without a network."""


def _progress(lang: str) -> Callable[[str], None]:
    def told(what: str) -> None:
        click.echo(f"  {_PARTS_FR.get(what, what) if lang == 'fr' else what} ...", err=True)

    return told


def _only(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip()) if text else ()


@main.command("run")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the outputs (default maps/<scenario>).")
@click.option("--only", help="Programmes to plan, with commas between.")
@STYLE
@LANG
@DEBUG
@command
def run_command(scenario: Path, out: Path | None, only: str | None, style: Path | None, lang: str) -> int:
    """Plan SCENARIO and write every output."""
    from gis_planner.maps.style import find_style
    from gis_planner.maps.web.numbers import number
    from gis_planner.maps.words import unit_word
    from gis_planner.maps.write import write_plan
    from gis_planner.scenarios.run import run

    look = find_style(style, scenario)
    plan = run(scenario, _only(only), _progress(lang))
    folder = out or Path("maps") / plan.name
    write_plan(plan, folder, lang=lang, progress=_progress(lang), style=look)
    say_briefly(list(plan.findings), lang)
    colon = " :" if lang == "fr" else ":"
    for figure in plan.figures:
        if figure.headline:
            value = number(figure.value, lang, 0)
            click.echo(f"{figure.label.in_lang(lang)}{colon} {value} {unit_word(figure.unit, lang)}")
    heads = _OPEN[lang]
    files = ("report.html", "board.pdf", "plan.xlsx", "routes")
    click.echo("\n".join([f"{heads[0]}{colon}", *(f"  {folder / name}  {what}" for name, what in
                                                  zip(files, heads[1:], strict=True)
                                                  if (folder / name).exists())]))
    return EXIT_DONE


@main.command("check")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--as", "kind", help="Check TARGET as one layer file of this kind.")
@click.option("--frame", help="W,S,E,N in degrees: where the layer must lie.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@LANG
@DEBUG
@command
def check_command(target: Path, kind: str | None, frame: str | None, as_json: bool, lang: str) -> int:
    """Every problem in a scenario and its layers, or in one layer file, at once; nothing is written."""
    problems, summary = _check_layer(target, kind, frame) if kind else _check_scenario(target)
    if as_json:
        answer = {"status": problems.status, "findings": [finding.as_dict() for finding in problems],
                  "summary": summary}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str))
    else:
        say(list(problems), lang)
        words = {"en": {"accept": "Accepted", "repair": "Accepted with repairs", "refuse": "Refused"},
                 "fr": {"accept": "Accepté", "repair": "Accepté avec réparations", "refuse": "Refusé"}}
        click.echo(words[lang][problems.status])
    return EXIT_REFUSED if problems.status == "refuse" else EXIT_DONE


def _check_layer(target: Path, kind: str, frame: str | None) -> tuple[Problems, dict[str, Any]]:
    from gis_planner.layers.check import check_file
    from gis_planner.layers.frames import DEFAULT_FRAME, parse_frame

    result = check_file(target, kind, frame=parse_frame(frame) if frame else DEFAULT_FRAME)
    return result.problems, dict(result.summary)


def _check_scenario(target: Path) -> tuple[Problems, dict[str, Any]]:
    from gis_planner.scenarios.run import prepare

    checked, region, problems = prepare(target)
    summary: dict[str, Any] = {"scenario": target.stem}
    if checked is not None:
        summary["run"] = list(checked.settings.run)
    if region is not None:
        summary["layers"] = {kind: layer.used.rows for kind, layer in sorted(region.layers.items())}
    return problems, summary


@main.command("compare")
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the outputs (default maps/compare).")
@STYLE
@LANG
@DEBUG
@command
def compare_command(scenarios: tuple[Path, ...], out: Path | None, style: Path | None, lang: str) -> int:
    """Plan two or more SCENARIOS and lay them side by side, each against the first."""
    from gis_planner.maps.style import find_style
    from gis_planner.maps.write import write_comparison
    from gis_planner.scenarios.run import run

    if len(scenarios) < 2:
        raise click.UsageError("compare needs two scenarios or more")
    look, plans = find_style(style, scenarios[0]), []
    for scenario in scenarios:
        click.echo(f"{scenario}", err=True)
        plans.append(run(scenario, (), _progress(lang)))
    folder = out or Path("maps") / "compare"
    write_comparison(plans, folder, lang=lang, style=look)
    word = "Open:" if lang == "en" else "À ouvrir :"
    click.echo(f"{word}\n  {folder / 'compare.html'}\n  {folder / 'board.pdf'}")
    return EXIT_DONE


@main.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--frame", help="W,S,E,N in degrees: the region.")
@click.option("--villages", type=click.Path(path_type=Path), help="A list of villages to start from.")
@LANG
@DEBUG
@command
def init_command(folder: Path, frame: str | None, villages: Path | None, lang: str) -> int:
    """Start a new region in FOLDER, with a first scenario, from a frame or a list of villages (one is required)."""
    from gis_planner.layers.frames import parse_frame
    from gis_planner.layers.init import slug, start_region
    from gis_planner.scenarios.start import first_scenario

    if frame is None and villages is None:
        raise click.UsageError("init needs --frame or --villages")
    also = first_scenario(slug(folder.name))
    for line in start_region(folder, frame=parse_frame(frame) if frame else None, villages=villages, also=also):
        click.echo(line)
    base, plan = also
    click.echo(f"{folder / base}: settings and example prices, to replace\nnext: gis-planner check {folder / plan}")
    return EXIT_DONE


@main.command("reference")
@click.option("--json-schema", is_flag=True, help="The JSON Schema of the settings.")
@LANG
@DEBUG
@command
def reference_command(json_schema: bool, lang: str) -> int:
    """Every setting: meaning, unit, range, default, source; then every norm."""
    from gis_planner.scenarios import reference
    from gis_planner.standards.book import load_book

    click.echo(reference.json_schema() if json_schema else reference.as_markdown(load_book(), lang))
    return EXIT_DONE


@main.command("doctor")
@LANG
@DEBUG
@command
def doctor_command(lang: str) -> int:
    """What is installed, what is missing, how to mend it."""
    from gis_planner.doctor import examine

    lines, sound = examine(lang)
    click.echo("\n".join(lines))
    return EXIT_DONE if sound else EXIT_MACHINE


if __name__ == "__main__":
    main()
