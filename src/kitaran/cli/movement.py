"""`kitaran movement`: may this battery cross this border, what is to be asked, what words mean where."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kitaran.cli.case_files import content_of, name_of
from kitaran.cli.movement_acts import acts
from kitaran.cli.movement_lists import lists_app
from kitaran.cli.movement_notices import notices
from kitaran.cli.movement_status import standing
from kitaran.cli.output import AsJson, print_json, print_table
from kitaran.cli.own_law import book_with
from kitaran.foundation.errors import InputError

if TYPE_CHECKING:
    from kitaran.law import Case, Decision
    from kitaran.law.target_profiles import TargetProfile

app = typer.Typer(
    no_args_is_help=True,
    help="May this battery cross this border? Not a determination by a competent authority.",
    epilog="Example: kitaran movement check case.yaml",
)
app.add_typer(notices)
app.add_typer(acts)
app.add_typer(standing)
app.add_typer(lists_app)

CaseFile = Annotated[
    Path, typer.Argument(help="A case in YAML or JSON, or a list under `cases`; - reads it from stdin.")
]
OwnFacts = Annotated[
    Path | None, typer.Option("--facts", help="A CSV of an authority's own dated, cited facts.")
]
OwnWorkspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        help="Use the own facts of this workspace too. No workspace is used unless it is named here.",
    ),
]
KnownOn = Annotated[
    str, typer.Option("--known-on", help="Decide by the law as known on this day (YYYY-MM-DD).")
]


@app.command(epilog="Example: kitaran movement check case.yaml --json")
def check(
    case: CaseFile,
    as_json: AsJson = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 unless every case may move as it stands.")
    ] = False,
    facts: OwnFacts = None,
    workspace: OwnWorkspace = None,
    known_on: KnownOn = "",
) -> None:
    """Decide a case: waste or product, hazardous or not, which control, which papers, how to carry it."""
    from kitaran.law import decide, read_cases

    content = content_of(case, aliases=True)
    book = book_with(workspace, facts)
    decisions = [decide(one, book, _day(known_on)) for one in read_cases(content, name_of(case))]
    many = isinstance(content, dict) and "cases" in content
    if as_json:
        shown = [{**decision.as_dict(), "own_tables": list(book.own)} for decision in decisions]
        print_json(shown if many else shown[0])
    else:
        for decision in decisions:
            _print_decision(decision, book.own)
    if exit_code and not all(decision.may_move for decision in decisions):
        raise typer.Exit(1)


@app.command(epilog="Example: kitaran movement papers case.yaml --out papers")
def papers(
    case: CaseFile,
    out: Annotated[Path, typer.Option("--out", help="Folder for the papers; it is made.")],
    paper: Annotated[
        list[str] | None,
        typer.Option("--paper", help="Only this paper; may be given again. Default: those that are needed."),
    ] = None,
    as_json: AsJson = False,
    facts: OwnFacts = None,
    workspace: OwnWorkspace = None,
    known_on: KnownOn = "",
) -> None:
    """Write the papers of a movement as PDF and JSON: what is known is filled in, what is not stays open."""
    from kitaran.law import decide, read_case
    from kitaran.law.case_file import one_case
    from kitaran.law.paper_files import papers_of, write_papers
    from kitaran.law.particulars import read_particulars

    content, place = content_of(case, aliases=True), name_of(case)
    one = read_case(one_case(content, place), place)
    particulars, book = read_particulars(content, one, place), book_with(workspace, facts)
    decision = decide(one, book, _day(known_on))
    written = write_papers(papers_of(decision, particulars, book, tuple(paper or ())), out)
    if as_json:
        print_json({"card": decision.card, "papers": [asdict(file) for file in written]})
        return
    print_table(
        f"{decision.card}: {len(written) or 'no'} papers",
        ["paper", "title", "still to fill", "PDF", "JSON"],
        [(file.id, file.title, file.to_fill, file.pdf, file.json) for file in written],
    )


@app.command(epilog="Example: kitaran movement questions case.yaml --json")
def questions(
    case: Annotated[Path | None, typer.Argument(help="A case, as far as it is known; none at first.")] = None,
    as_json: AsJson = False,
    facts: OwnFacts = None,
    workspace: OwnWorkspace = None,
) -> None:
    """What to ask next: at most five questions before a first answer, then those that can change it."""
    from kitaran.foundation.clock import now
    from kitaran.law.case import Case, read_case
    from kitaran.law.interview import next_questions

    given = (
        Case(now().date().isoformat())
        if case is None
        else read_case(content_of(case, aliases=True), name_of(case))
    )
    asked = next_questions(given, book_with(workspace, facts))
    if as_json:
        print_json([question.as_dict() for question in asked])
        return
    print_table(
        "Asked next" if asked else "Nothing more to ask: no further fact changes the answer.",
        ["question", "facts", "because"],
        [(question.text, ", ".join(question.facts), question.because) for question in asked],
    )


@app.command(epilog="Example: kitaran movement definitions waste --json")
def definitions(
    term: Annotated[str, typer.Argument(help="A term: waste, reuse, recycling ...; none lists them.")] = "",
    as_json: AsJson = False,
) -> None:
    """What a term means in each jurisdiction, side by side, and where the meanings clash."""
    from kitaran.law.definitions import side_by_side, terms

    if not term:
        known = list(terms())
        print_json(known) if as_json else print_table("Terms", ["term"], [(name,) for name in known])
        return
    found = side_by_side(term)
    if as_json:
        print_json(found.as_dict())
        return
    print_table(
        f"{found.term}: {found.working}",
        ["where", "meaning", "article", "clash", "sure"],
        [
            (row.jurisdiction_name, row.text, row.cite, row.clash, f"{row.confidence}, {row.seen}")
            for row in found.rows
        ],
    )
    print(found.note)


@app.command(epilog="Example: kitaran movement targets IN --json")
def targets(
    jurisdiction: Annotated[
        str, typer.Argument(help="Country code, or EU; none shows who has which, since when.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Dated targets side by side: collection, recycling, recovery, recycled content, each by its own law."""
    from kitaran.law.decision import NOT_A_DETERMINATION
    from kitaran.law.target_profiles import FAMILIES, profile, profiles

    found = [profile(jurisdiction)] if jurisdiction else list(profiles())
    if as_json:
        shown = [one.as_dict() for one in found]
        print_json(shown[0] if jurisdiction else {"jurisdictions": shown, "front_runner": profiles()[0].cc})
        return
    if jurisdiction:
        _print_targets(found[0])
    else:
        print_table(
            f"First day of each target in law that reaches traction batteries; front-runner {found[0].name}",
            ["where", *(family.replace("_", " ") for family in FAMILIES), "gaps"],
            [[one.name, *(one.has.get(family, "") for family in FAMILIES), len(one.gaps)] for one in found],
        )
    print(NOT_A_DETERMINATION)


def _print_targets(one: TargetProfile) -> None:
    """The targets of one jurisdiction, each with its arithmetic, article and confidence."""
    rows = []
    for row in one.rows:
        formula = row.formula()
        asked = row.told or row.note
        if formula and row.share is not None:
            asked = f"{row.share * 100:g} % of: {formula[0]}; counted: {formula[1]}"
        days = f"{row.valid_from or '-'} to {row.valid_to or '-'}"
        sure = f"{row.confidence}, {row.seen}"
        rows.append([row.metric, row.battery_class, asked, days, row.status, row.instrument, sure])
    heads = ["target", "batteries", "asked", "from, to", "status", "article", "sure"]
    print_table(f"Targets of {one.name}", heads, rows)
    if one.gaps:
        print("Gaps against the front-runner: " + ", ".join(gap.replace("_", " ") for gap in one.gaps))


def _day(text: str) -> str:
    from kitaran.law.case import day

    read = day(text) if text else ""
    if read is None:
        raise InputError(f"{text!r} is no day.", "--known-on", "Write YYYY-MM-DD.")
    return read


def _listed(names: list[str]) -> str:
    return "; ".join(names) or "none"


def _print_decision(decision: Decision, own_tables: tuple[str, ...]) -> None:
    found = decision.as_dict()
    case: Case = decision.case
    route = " > ".join(
        cc
        for cc in (
            case.facts.get("route.export"),
            *(case.facts.get("route.transit") or ()),
            case.facts.get("route.import"),
        )
        if cc
    )
    print(f"{found.get('id', '')} {found['card']}".strip())
    print(f"  {route}, leaving {case.as_of}: {found['status']}, {found['movement']}, {found['procedure']}")
    if found["basel_entry"]:
        print(f"  Basel entry: {', '.join(found['basel_entry'])}")
    if found["missing"]:
        print(f"  missing: {', '.join(found['missing'])}")
    if found["decision_period"]:
        print(f"  decision within {found['decision_period']}")
    goods = found["transport"]
    print(f"  transport: {goods['un']}, {goods['packing']} {' '.join(goods['violations'])}".rstrip())
    for question in found["questions"]:
        print(f"  ask {question}")
    for row in found["reasons"]:
        sure = f"{row['confidence']} confidence" + (f", {row['note']}" if row["note"] else "")
        print(f"  - {row['text']} [{row['cite']}; {row['rule']}; {sure}]")
    if own_tables:
        print(f"  own tables read: {', '.join(own_tables)}; own facts used: {_listed(found['own_facts'])}")
    print(f"  rules {found['rules_version']}, facts {found['facts_version']}")
    print(f"  {found['note']}\n")
