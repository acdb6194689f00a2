"""The whole flow, from the producers' files to a release with forecasts, and on to those who follow it."""

import hashlib
from collections import defaultdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from joblib import Memory, Parallel, delayed
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress
from rich.table import Table

import release
import storage
import whole
from dashboard.brief.model import BriefError
from indicators import commitments, countries, monthly, outputs, peers, sensitivity, sources, watch
from indicators.catalogue import read_catalogue, read_factors
from indicators.panel import build_panel
from indicators.scores import score_factors, score_panel
from indicators.sources.cards import load_cards
from indicators.sources.fetch import FetchError
from indicators.sources.fetch import fetch as fetch_files
from models import backtest as rolling
from models import drivers, explain, forecast, ledger, model_card, skill
from models.design import DESIGNS
from models.outcomes import OUTCOMES

TRIALS = Path(__file__).parent / "build" / "backtest"
WINDOWS = [1, 2]  # years
LEDGER = Path(__file__).parent / "data" / "ledger.csv"
SENT = Path(__file__).parent / "build" / "mail"  # what was sent, and to whom
ADDRESS = "UPSTREAM_ADDRESS"  # environment variable with the dashboard's address
RAW = Path(__file__).parent / "data" / "raw"
BRIEFS = Path(__file__).parent / "build" / "briefs"
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
console = Console()


def build_tables(raw: Path, as_of: date) -> dict[str, pd.DataFrame]:
    """Every table of a release, from verified files to scores, as known on a date."""
    cards, catalogue, factors = load_cards(), read_catalogue(), read_factors()
    spells = countries.read_spells()
    history = countries.spine(countries.HISTORY_FROM, as_of.year, spells=spells)  # every State, each year it existed
    loaded = sources.load(cards, raw, spine=history, spells=spells)  # verified files → tidy tables
    others = peers.load(cards, raw, spells=spells, as_of=as_of, outcomes=OUTCOMES)  # beside ours, never in it
    listed = loaded.listed_with(others)
    show_rows(listed)
    spine = history[history["year"] >= countries.FIRST_YEAR]
    values = {name: entry.compute(loaded.tables) for name, entry in catalogue.items()}
    panel = build_panel(values, spine, catalogue=catalogue, cards=cards, as_of=as_of)  # what was known on that date
    scored = score_panel(panel, catalogue)  # 0–100 per indicator
    events, months = outputs.events(loaded.tables), monthly.table(loaded.tables)
    tables = {
        "scores": score_factors(scored, spine, catalogue=catalogue, factors=factors),  # factors, parts, index, coverage
        "indicators": outputs.indicators(scored, catalogue=catalogue, cards=cards),
        "events": events,
        "monthly": months,
        **watch.build(loaded.tables, months, events),  # early signs of every month since 2011, and their false alarms
        "countries": outputs.countries(spells, spine),
        "holders": countries.holders(spine, spells=spells),
        "commitments": commitments.commitments(
            commitments.acts(cards, raw), commitments.read_changes(), spells, as_of=as_of
        ),
        "peers": others.tables["peers"],
        "catalogue": outputs.catalogue(catalogue),
        "factors": outputs.factors(factors),
        "sources": outputs.sources(cards, listed),
        "left_out": listed.left_out,
    }
    return tables | sensitivity.sensitivity(**{name: tables[name] for name in sensitivity.FROM}, year=as_of.year)


def show_rows(loaded: sources.Loaded) -> None:
    """Print, per source, rows read, matched and left out, and each reason."""
    table = Table("source", "rows read", "matched", "left out", "why", title="Rows of the sources")
    for row in loaded.rows.itertuples():
        reasons = loaded.left_out[loaded.left_out["source"] == row.source]
        why = "\n".join(f"{reason.rows:,}: {reason.reason}" for reason in reasons.itertuples())
        table.add_row(str(row.source), f"{row.read:,}", f"{row.matched:,}", f"{row.left_out:,}", why)
    console.print(table)


@app.command()
def fetch(
    raw: Annotated[Path, typer.Option(help="Where the files go.")] = RAW,
    mirror: Annotated[
        Path | None, typer.Option(help="Take the files from this folder, not from the producers.")
    ] = None,
) -> None:
    """Bring the producers' files, checked by hash; what is there already is not fetched again."""
    paths = fetch_files(load_cards().values(), raw, mirror)
    console.print(f"{len(paths)} files are in {raw}, each with the hash of its card.")


@app.command()
def build(
    as_of: Annotated[str, typer.Option(help="Nothing that came out after this day is used: YYYY-MM-DD.")],
    id: Annotated[str | None, typer.Option("--release", help="Its id; the month without it.")] = None,
    raw: Annotated[Path, typer.Option(help="Folder of the source files.")] = RAW,
    out: Annotated[Path | None, typer.Option(help="Folder of the releases.")] = None,
) -> None:
    """Make a release from the source files; a second one in a month needs an id of its own."""
    day = date.fromisoformat(as_of)
    made = release.write(build_tables(raw, day), id or f"{day:%Y-%m}", as_of=day, folder=out)
    console.print(
        f"Release {made.id}: {len(made.scores):,} rows of scores, {len(made.indicators):,} values, in {made.folder}"
    )


def make_tasks(
    found: release.Release, outcomes: list[str], designs: list[str], windows: list[int]
) -> list[rolling.Task]:
    """What is to be forecast, in the order given.

    Raises:
        ValueError: no such outcome.
    """
    unknown = sorted({*outcomes} - {*OUTCOMES})
    if unknown:
        raise ValueError(f"{unknown} are no outcomes; there are {', '.join(OUTCOMES)}.")
    return [
        rolling.make_task(found, OUTCOMES[name], known[design], window=window)
        for name in outcomes
        for known in [rolling.designs(found, OUTCOMES[name])]
        for design in designs
        for window in windows
    ]


@app.command()
def backtest(
    outcome: Annotated[list[str] | None, typer.Option(help="Outcome; again for more; all without it.")] = None,
    design: Annotated[list[str] | None, typer.Option(help="aligned or operational; both without it.")] = None,
    window: Annotated[list[int] | None, typer.Option(help="Years of the outcome's window; 1 and 2 without it.")] = None,
    id: Annotated[str | None, typer.Option("--release", help="Release; the newest without it.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes of this machine.")] = 2,
    scheduler: Annotated[str | None, typer.Option(help="A Dask scheduler instead: tcp://…")] = None,
    out: Annotated[Path, typer.Option(help="Where the tables go; what is done is not done again.")] = TRIALS,
) -> None:
    """Forecast the past as it would have been forecast then, and score all models: backtest.parquet and skill.csv."""
    found = release.load(id) if id else release.latest()
    with rolling.workers(jobs, scheduler=scheduler):
        tasks = make_tasks(found, outcome or list(OUTCOMES), design or list(DESIGNS), window or WINDOWS)
        parts = [rolling.backtest(task, memory=memory_in(out), progress=True) for task in tasks]
        table = pd.concat(parts, ignore_index=True)
        scored = skill.skill(table, jobs=jobs)
    save(out / "backtest.parquet", table.to_parquet(index=False))
    save(out / "skill.csv", scored.to_csv(index=False).encode())
    chosen = scored[scored["published"] & (scored["baseline"] == "") & (scored["period"] == "all")]
    console.print(chosen.drop(columns=["period", "model", "published", "baseline"]).to_string(index=False))


def save(path: Path, content: bytes) -> None:
    """Write a file whole, or leave it as it was."""
    with whole.alone(path), whole.written(path) as aside:
        aside.write_bytes(content)


def memory_in(folder: Path) -> Memory:
    """A cache of what is done, of this code alone: joblib does not see a change of a function that another calls."""
    code = sorted((Path(__file__).parent / "models").glob("*.py"))
    version = hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:12]
    return Memory(folder / "cache" / version, verbose=0)


def forecast_tables(found: release.Release, *, replicates: int, memory: Memory, jobs: int) -> dict[str, pd.DataFrame]:
    """Every table that `publish` adds to a release, from that release alone."""
    parts: dict[str, list[pd.DataFrame]] = defaultdict(list)
    for task in make_tasks(found, list(OUTCOMES), list(DESIGNS), WINDOWS):
        raw = rolling.raw_forecasts(task, memory=memory, progress=True)  # every origin, by what was known at it
        parts["backtest"].append(rolling.published_backtest(raw, task))
        fitted = forecast.fit(task, raw, forecast.losses_of(task, raw), task.last_origin)
        resample = partial(forecast.replicates, task, raw, memory=memory, progress=True)
        drawn = None
        if task.design.name == "operational":  # what is issued; the aligned forecast stands beside it for comparison
            drawn = resample(task.last_origin, number=replicates)
            parts["replicates"].append(forecast.long_replicates(task, drawn))
            parts["explanations"].append(explain.explanations(task, fitted, found))
            parts["cases"].append(explain.cases(task))
            lean = drivers.without_months(task, found.catalogue)
            plain = rolling.raw_forecasts(lean, memory=memory, progress=True)
            parts["nowcast"].append(drivers.nowcast(task, raw, plain, lean))
            if task.window == max(WINDOWS):
                parts["interval_checks"] += forecast.interval_checks(task, raw, resample)
        parts["forecasts"].append(forecast.forecasts(task, fitted, drawn, release=found.id))
    tables = {name: pd.concat(each, ignore_index=True) for name, each in parts.items()}
    tables |= shared_tables(found, memory=memory, jobs=jobs)
    scores = {"skill": skill.skill(tables["backtest"], jobs=jobs), "reliability": skill.reliability(tables["backtest"])}
    return release.in_order(tables | scores)


def shared_tables(found: release.Release, *, memory: Memory, jobs: int) -> dict[str, pd.DataFrame]:
    """What the outcomes share: the tables `drivers` and `transfer`."""
    tasks = {task.outcome.name: task for task in make_tasks(found, list(OUTCOMES), ["operational"], [max(WINDOWS)])}
    groups = drivers.groups_of(found.catalogue)
    make = partial(drivers.forecasts, memory=memory, progress=True)
    made = {name: make(task, groups) for name, task in tasks.items()}
    random = {
        name: [make(drivers.shuffled(task, number), {}, every=drivers.DEALT_EVERY) for number in range(drivers.DEALT)]
        for name, task in tasks.items()
    }
    told = Parallel(n_jobs=jobs)(delayed(drivers.drivers)(task, made[name], groups) for name, task in tasks.items())
    return {"drivers": pd.concat(told), "transfer": drivers.transfer(tasks, made, random, jobs=jobs)}


@app.command()
def publish(
    id: Annotated[str | None, typer.Option("--release", help="Release; the newest without it.")] = None,
    replicates: Annotated[
        int, typer.Option(help="Resamples of the countries, for the intervals.")
    ] = forecast.REPLICATES,
    jobs: Annotated[int, typer.Option(help="Processes of this machine.")] = 2,
    scheduler: Annotated[str | None, typer.Option(help="A Dask scheduler instead: tcp://…")] = None,
    out: Annotated[Path, typer.Option(help="Where what is done is kept, and not done again.")] = TRIALS,
    ledger_file: Annotated[Path, typer.Option("--ledger", help="The ledger.")] = LEDGER,
) -> None:
    """Add forecasts, their reasons and their record to a release, and write the forecasts into the ledger."""
    folder = release.workplace()
    found = release.load(id, folder=folder) if id else release.latest(folder=folder)
    found.check(release.built_tables())  # and its datapackage.json is read, to be compared at the end
    with rolling.workers(jobs, scheduler=scheduler):
        made = forecast_tables(found, replicates=replicates, memory=memory_in(out), jobs=jobs)
    issued = made["forecasts"][
        (made["forecasts"]["design"] == "operational") & made["forecasts"]["probability"].notna()
    ]
    with whole.alone(folder / found.id):
        tables = unchanged(found, folder) | made
        # the ledger first: a line without a release can be published again, a release without its lines could be denied
        added = ledger.append(ledger_file, issued, release=found.id, issued=found.as_of)
        head = ledger.verify(ledger_file)
        card = model_card.render(tables, release=found.id, as_of=found.as_of)
        release.write(tables, found.id, as_of=found.as_of, folder=folder, model_card=card, ledger_head=head)
    console.print(f"Release {found.id} has {len(made['forecasts']):,} forecasts; {added:,} new lines in {ledger_file}.")


def unchanged(found: release.Release, folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of `build` of a release that was opened a while ago.

    Raises:
        ReleaseError: another build has taken its place since then; forecasts made from the old one are not for it.
    """
    now, names = release.load(found.id, folder=folder), release.built_tables()
    old, new = (
        {file["path"]: file["hash"] for file in each.package["resources"] if file["path"].split(".")[0] in names}
        for each in (found, now)
    )
    if old != new:
        raise release.ReleaseError(
            f"release {found.id} was built anew while its forecasts were made; nothing was published. Publish it again."
        )
    return {name: now.table(name) for name in names}


@app.command()
def upload(
    to: Annotated[str, typer.Option(help="Address that fsspec knows: s3://bucket/releases.")],
    id: Annotated[str | None, typer.Option("--release", help="Release; the newest without it.")] = None,
) -> None:
    """Put a release into object storage, for servers whose UPSTREAM_RELEASES is that address."""
    found = release.load(id) if id else release.latest()
    storage.upload(found, to)
    console.print(f"Release {found.id} is at {to}: {len(found.package['resources'])} files.", soft_wrap=True)


@app.command("try")
def try_indicator(
    file: Annotated[Path, typer.Argument(help="A CSV with the columns iso3, year, value.")],
    lower_is_riskier: Annotated[bool, typer.Option("--lower-is-riskier", help="Else higher is.")] = False,
    outcome: Annotated[list[str] | None, typer.Option(help="Outcome; again for more; all without it.")] = None,
    id: Annotated[str | None, typer.Option("--release", help="Release; the newest without it.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes of this machine.")] = 2,
) -> None:
    """Say what an indicator that is not in the release would tell of the outcomes: alone, and beside the others."""
    found = release.load(id) if id else release.latest()
    table = pd.read_csv(file)
    lacking = [name for name in ("iso3", "year", "value") if name not in table]
    if lacking:
        raise ValueError(f"{file} has no column {', '.join(lacking)}; it has {list(table)[:5]}. Rename them.")
    values = table.set_index(["iso3", "year"])["value"].dropna() * (-1 if lower_is_riskier else 1)
    age = found.as_of.year - int(values.index.get_level_values("year").max())
    with rolling.workers(jobs):
        tasks = make_tasks(found, outcome or list(OUTCOMES), ["operational"], [max(WINDOWS)])
        told = pd.concat([drivers.trial(task, values, age=age) for task in tasks])
    columns = ["outcome", "measure", "estimate", "lower", "upper", "n", "events"]
    console.print(f"Newest value {age} years old at an origin; AUC of the order alone, and what it adds to a model's:")
    console.print(told[columns].round(3).to_string(index=False))


@app.command()
def brief(
    subject: Annotated[
        str | None, typer.Argument(help="A row (MMR), a region (Asia-Pacific) or a list (MMR,SDN,AFG).")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All States, each its own briefing, as a zip.")] = False,
    lang: Annotated[str, typer.Option(help="en, fr, es or ar.")] = "en",
    format: Annotated[str, typer.Option("--format", help="pdf or html.")] = "pdf",
    out: Annotated[Path, typer.Option(help="Where the file goes; what is there and whole is not made again.")] = BRIEFS,
    id: Annotated[str | None, typer.Option("--release", help="Release; the newest without it.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes of this machine.")] = 2,
) -> None:
    """Make briefings to print and mail: two pages on a State, four on a region or a list."""
    # here, since the other commands need none of the dashboard
    from dashboard import briefing, current, language
    from dashboard.brief import batch

    if (subject is None) != every:
        raise ValueError("Name a row, a region or a list, or ask for --all; not both, and not neither.")
    for name, asked, known in (("--lang", lang, language.LANGUAGES), ("--format", format, briefing.MEDIA)):
        if asked not in known:
            raise ValueError(f"{name} {asked!r}: there is {', '.join(known)}.")
    current.use(current.open_edition(id) if id else current.edition(), lang)
    if subject is not None:
        console.print(f"{batch.one(briefing.read_subject(subject), format, out)}", soft_wrap=True)
        return
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=console) as shown:
        task = shown.add_task("Briefings", total=None)
        with rolling.workers(jobs):
            path, made = batch.every(
                format, out, jobs=jobs, told=lambda done, of: shown.update(task, completed=done, total=of)
            )
    console.print(f"{path}: {made} briefings made now; what was there and whole was not made again.", soft_wrap=True)


@app.command()
def check(
    id: Annotated[str | None, typer.Argument(help="Release; the newest without it.")] = None,
    ledger_file: Annotated[Path, typer.Option("--ledger", help="The ledger.")] = LEDGER,
) -> None:
    """Check that every file of a release has the hash in its datapackage.json, and the ledger its chain."""
    found = release.load(id) if id else release.latest()
    damaged = found.damaged()
    if damaged:
        raise release.ReleaseError(f"release {found.id}: altered or missing: {', '.join(damaged[:5])}. Take it again.")
    console.print(f"Release {found.id} is whole: {len(found.package['resources'])} files.")
    if head := found.package.get("ledger_head"):
        ledger.verify(ledger_file, head=head)
        console.print(f"The ledger is whole: {len(ledger.read(ledger_file)):,} forecasts.")


@app.command("feeds")
def write_feeds(
    out: Annotated[Path, typer.Option(help="Folder that the feeds go to, one folder in it for each language.")],
    lang: Annotated[list[str] | None, typer.Option(help="en, fr, es or ar; again for more; all without it.")] = None,
    address: Annotated[str, typer.Option(help="The dashboard's address, for links: https://…", envvar=ADDRESS)] = "",
) -> None:
    """Write what is new in the newest release as Atom and JSON feeds."""
    from dashboard import feeds, language  # not for the other commands: they need neither charts nor words

    codes = lang or list(language.LANGUAGES)
    check_languages(codes, list(language.LANGUAGES))
    written = feeds.write(out, codes, feeds.checked_address(address))
    console.print(f"{len(written)} feeds are in {out}.")


def check_languages(codes: list[str], known: list[str]) -> None:
    """Raises:
    ValueError: one is not among the known.
    """
    if unknown := sorted({*codes} - {*known}):
        raise ValueError(f"{', '.join(unknown)[:80]}: no such language; there are {', '.join(known)}.")


@app.command("mail")
def send_mail(
    to: Annotated[list[str], typer.Option(help="Address; again for more, each gets a message of its own.")],
    sender: Annotated[str, typer.Option("--from", help="Address that the message comes from.")],
    smtp: Annotated[str, typer.Option(help="Server that takes the message: HOST:PORT.")],
    list_file: Annotated[
        Path | None, typer.Option("--list", help="File with codes of States; only alerts of these.")
    ] = None,
    region: Annotated[str, typer.Option(help="Only alerts of States of this region.")] = "",
    lang: Annotated[str, typer.Option(help="en, fr, es or ar.")] = "en",
    tls: Annotated[str, typer.Option(help="starttls, tls, or none for a server on this machine.")] = "starttls",
    address: Annotated[str, typer.Option(help="The dashboard's address, for links: https://…", envvar=ADDRESS)] = "",
    states: Annotated[Path, typer.Option(help="Folder in which it is kept what was sent.")] = SENT,
) -> None:
    """Send by e-mail what is new in the newest release, if it was not sent before: for cron.

    A login is taken from the environment: UPSTREAM_SMTP_USER and UPSTREAM_SMTP_PASSWORD.
    """
    from dashboard import current, feeds, language, mail  # as above

    check_languages([lang], list(language.LANGUAGES))
    current.use(None, lang)
    choice, server = mail.choose(list_file, region), mail.Server.read(smtp, tls)
    recipients = [mail.checked_recipient(each) for each in to]  # all of them before the first message
    for each in recipients:
        base = feeds.checked_address(address)
        count = mail.send_new(choice, each, sender=sender, server=server, states=states, address=base)
        console.print(f"{each}: {count} new entries sent." if count else f"{each}: nothing new, nothing sent.")


def main() -> None:
    """Run a command; what goes wrong is one message, without a traceback."""
    try:
        app()
    except (ValueError, OSError, FetchError, ledger.LedgerError, release.ReleaseError, whole.Busy, BriefError) as error:
        if isinstance(error, OSError) and error.errno and not isinstance(error, FileNotFoundError):
            error = OSError(f"{error}. Make room or give permission, and run the same again: what is done is kept.")
        Console(stderr=True).print(f"[bold red]Stopped.[/] {error}", highlight=False, soft_wrap=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
