"""`kitaran scenario`: write, check, run, compare and export scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.claims import print_claims, renew_page
from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table, say, shown_progress
from kitaran.foundation.errors import InputError

if TYPE_CHECKING:
    from kitaran.api.runs import Request

app = typer.Typer(help="Write, check, run, compare and export scenarios.", no_args_is_help=True)

ScenarioArgument = Annotated[
    str, typer.Argument(metavar="NAME-or-FILE", help="A packaged name or a YAML file.")
]
RunArgument = Annotated[
    str, typer.Argument(metavar="RUN", help="Folder of a run, or its id in the workspace.")
]

REGION = "ASIA_PACIFIC"
YEARS_SHOWN = (2025, 2030, 2035, 2040, 2050)


@app.command("list", epilog="Example: kitaran scenario list")
def list_scenarios(as_json: AsJson = False) -> None:
    """Show the packaged scenarios."""
    from kitaran.planning import scenario

    found = [scenario.load(name) for name in scenario.names()]
    if as_json:
        print_json(
            {"scenarios": [{"name": one.name, "title": one.title, "about": one.about} for one in found]}
        )
    else:
        print_table("Packaged scenarios", ["name", "title"], [[one.name, one.title] for one in found])


@app.command(epilog="Example: kitaran scenario new my-country --like asia-pacific")
def new(
    name: Annotated[str, typer.Argument(help="Name of your scenario: a-z, 0-9 and hyphens.")],
    like: Annotated[str, typer.Option(help="Packaged scenario to begin from.")] = "asia-pacific",
    out: Annotated[Path | None, typer.Option(help="File to write. (default NAME.yaml)")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a commented scenario file to change. A file that exists is never overwritten."""
    from kitaran.cli.scenario_file import write_new
    from kitaran.planning import scenario

    file = out or Path(f"{name}.yaml")
    write_new(file, name, scenario.load(like), scenario.schema())
    if as_json:
        print_json({"file": str(file)})
    else:
        print(f"Wrote {file}. Change it, then: kitaran scenario check {file}")


@app.command(epilog="Example: kitaran scenario check my-country.yaml")
def check(scenario_file: ScenarioArgument, as_json: AsJson = False) -> None:
    """Say whether a scenario can be run; if not, exit 2 with each fault and its line."""
    from kitaran.planning import scenario

    definition = scenario.load(scenario_file)
    if as_json:
        print_json({"ok": True, "name": definition.name, "title": definition.title})
    else:
        print(f"{scenario_file} can be run: {definition.title}")


@app.command(epilog="Example: kitaran scenario run asia-pacific --out ./result --samples 200 --seed 1 --json")
def run(
    scenario_file: ScenarioArgument,
    out: Annotated[Path | None, typer.Option(help="Folder for the result. (default: the workspace)")] = None,
    samples: Annotated[int, typer.Option(help="Samples, 10 to 10000.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed: the same seed gives the same bytes.")] = 1,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Run a scenario. With --out alone the packaged facts hold; with --workspace also its overrides."""
    from kitaran.api.runs import MANIFEST, Request
    from kitaran.planning import scenario

    folder = _run(Request(scenario_file, samples, seed), out, workspace)
    made = scenario.read_run(folder)
    headline, claims = made.headline(), made.claims()
    if as_json:
        beside = {"claims": claims} if claims else {}
        print_json({"manifest": str(folder / MANIFEST), "headline": headline, **beside})
        return
    shown = [row for row in headline if row["economy"] == REGION and row["year"] in YEARS_SHOWN]
    heads = ["quantity", "year", "p10", "p50", "p90", "unit", "grade"]
    print_table(
        "Asia and the Pacific: end of first life",
        heads,
        [[_figure(row[head]) for head in heads] for row in shown],
    )
    if claims:
        print_claims(claims)
    say(f"Every economy and year: {folder}")


def _run(request: Request, out: Path | None, workspace: Path | None) -> Path:
    """The folder of the finished run."""
    from kitaran.api.runs import StoredRuns, run_into
    from kitaran.foundation.workspace import DEFAULT, Workspace

    with shown_progress() as progress:
        if out is None:
            return StoredRuns(Workspace.make(workspace or DEFAULT)).make(request, progress).folder
        run_into(out, request, progress, Workspace.open(workspace).overrides if workspace else None)
    if workspace is None and any(Workspace(DEFAULT.absolute()).overrides.glob("*.csv")):
        say(f"The own figures of ./{DEFAULT} were not used; for a run with them add --workspace {DEFAULT}.")
    return out


@app.command(epilog="Example: kitaran scenario compare ./result-a ./result-b")
def compare(
    first: RunArgument, second: RunArgument, workspace: WorkspaceOption = None, as_json: AsJson = False
) -> None:
    """Show what two runs stand on differently, and how their medians differ."""
    from kitaran.planning import scenario

    left, right = _folder_of(first, workspace), _folder_of(second, workspace)
    inputs = differing_inputs(scenario.read_run(left).manifest, scenario.read_run(right).manifest)
    figures = scenario.compare(left, right)
    if as_json:
        print_json({"left": str(left), "right": str(right), "inputs": inputs, "figures": figures})
        return
    print(
        "Inputs that differ: "
        + ("; ".join(f"{name} ({a} / {b})" for name, (a, b) in inputs.items()) or "none")
    )
    shown = [row for row in figures if row["economy"] == REGION and row["year"] in YEARS_SHOWN]
    rows = [
        [row["quantity"], row["year"], *map(_figure, (row["left"], row["right"])), _share(row)]
        for row in shown
    ]
    print_table("Asia and the Pacific: medians", ["quantity", "year", "left", "right", "change"], rows)


def differing_inputs(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, list[str]]:
    """What two manifests name differently: scenario, samples, seed, overrides, versions, each table."""

    def named(manifest: Mapping[str, Any]) -> dict[str, str]:
        said = {name: str(manifest[name]) for name in ("samples", "seed", "overrides")}
        said["scenario"] = f"{manifest['scenario']['name']} {manifest['scenario']['sha256'][:12]}"
        said |= {f"version of {name}": number for name, number in manifest["versions"].items()}
        return said | {f"table {name}": digest[:12] for name, digest in manifest["inputs"].items()}

    one, other = named(left), named(right)
    return {
        name: [one.get(name, "none"), other.get(name, "none")]
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    }


def _figure(value: Any) -> Any:
    return f"{value:,.4g}" if isinstance(value, float) else value


def _share(row: Mapping[str, Any]) -> str:
    return "" if row["change_share"] is None else f"{row['change_share']:+.1%}"


@app.command(epilog="Example: kitaran scenario claims ./result --page docs/published-claims.md")
def claims(
    result: RunArgument,
    page: Annotated[Path | None, typer.Option(help="Markdown file to renew between its marks.")] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Show published claims beside a run of a scenario that asks for them, such as world-2030."""
    from kitaran.planning import scenario

    folder = _folder_of(result, workspace)
    found = scenario.read_run(folder).claims()
    if not found:
        raise InputError(
            "This run holds no claims.", result, "Run world-2030, or a scenario with `claims: published`."
        )
    if page is not None:
        renew_page(page, found)
    if as_json:
        print_json({"claims": found, **({"page": str(page)} if page else {})})
    elif page is None:
        print_claims(found)
    else:
        print(f"Renewed {page}.")


@app.command(epilog="Example: kitaran scenario export ./result --format csv --out ./tables")
def export(
    result: RunArgument,
    file_format: Annotated[str, typer.Option("--format", help="csv, json or parquet.")] = "csv",
    out: Annotated[Path | None, typer.Option(help="Folder to write. (default: beside the run)")] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Write every table of a run for a spreadsheet or another program."""
    from kitaran.api.runs import duckdb_on_a_full_disk
    from kitaran.planning import scenario

    folder = _folder_of(result, workspace)
    with duckdb_on_a_full_disk(out or folder):
        files = scenario.export(folder, file_format, out)
    if as_json:
        print_json({"files": [str(file) for file in files]})
    else:
        print("\n".join(str(file) for file in files))


@app.command(epilog="Example: kitaran scenario schema > scenario.schema.json")
def schema(as_json: AsJson = False) -> None:
    """Print the JSON Schema of scenario files, for editors. It is JSON with and without --json."""
    from kitaran.planning import scenario

    print_json(scenario.schema())


def _folder_of(run: str, workspace: Path | None) -> Path:
    """A run by its folder, or by its id in the workspace. Raises InputError if it is neither."""
    from kitaran.api.runs import MANIFEST, StoredRuns
    from kitaran.foundation.workspace import DEFAULT, Workspace

    if (Path(run) / MANIFEST).is_file():
        return Path(run)
    place = Workspace((workspace or DEFAULT).absolute())
    for stored in StoredRuns(place).finished():
        if stored.id == run:
            return stored.folder
    raise InputError("There is no finished run here.", run, "Name a folder that `kitaran scenario run` made.")
