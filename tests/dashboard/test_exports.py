"""Files of chosen lines: what is chosen is in them, every program opens them alike, and none holds a formula."""

import io
import subprocess
import time
from datetime import date, datetime

import duckdb
import frictionless
import hxl
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

import release
from dashboard import atlas, choosing, current, exports, mine, portfolio
from dashboard.exports import Wanted
from tests.dashboard import sample

TABLES = release.latest().tables()
WILD = '=HYPERLINK("https://example.org","open")'
MARKUP = '<b onclick=alert(1)>Alandia</b> & Sons, "quoted"\nin two lines'
HASHTAGS = """
access activity adm1 adm2 adm3 adm4 adm5 affected beneficiary capacity cause channel contact country crisis currency
date delivery description event frequency geo group impact indicator inneed item loc meta modality need operations org
output population reached region respondee sector service severity status subsector targeted value
"""  # of the HXL 1.1 dictionary


@pytest.fixture
def newest():
    """The release in the repository."""
    found = release.latest()
    current.use(current.Edition(found, (found.folder / "datapackage.json").stat().st_mtime_ns), "en")
    yield found
    current.use(None, "en")


@pytest.fixture
def risky(tmp_path, monkeypatch):
    """A release whose texts begin like formulas, hold markup, or both commas and line breaks."""
    tables = sample.tables()
    names = dict(zip(sample.NAMES, [MARKUP, WILD, "-1+2", "@SUM(1)", "\tx"], strict=True))
    tables["countries"]["name"] = tables["countries"]["iso3"].map(names)
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path))
    made = release.write(tables, "2024-01", as_of=date(2024, 1, 31), folder=tmp_path)
    current.forget()
    yield made
    current.forget()


def narrow(table: str) -> Wanted:
    """A few States since 2020, where the table has States and years."""
    return Wanted(table, states=("MMR", "COL", "XKX"), first="2020")


def read_csv(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), keep_default_na=False, na_values=[""])


def workbook(found: release.Release, wanted: Wanted, **options) -> openpyxl.Workbook:
    content = exports.as_xlsx(found, wanted, citation="Cite.", filters="All.", **options)
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        # QMC until 2021, QMD from 2022: four States a year, four years
        (Wanted("scores"), 16),
        (Wanted("scores", states=("QMA", "QMD")), 6),
        (Wanted("scores", first="2022"), 8),
        (Wanted("scores", last="2020"), 4),
        (Wanted("scores", states=("QMA",), first="2021", last="2022"), 2),
        (Wanted("scores", outcomes=("armed_conflict",)), 16),  # the table has no outcomes: nothing is left out by them
        (Wanted("forecasts"), 80),  # five outcomes, two designs, two windows, four States
        (Wanted("forecasts", outcomes=("armed_conflict", "mass_killing"), windows=("1",), designs=("aligned",)), 8),
        (Wanted("forecasts", models=("climatology",)), 0),
        (Wanted("forecasts", first="2024"), 0),  # by the year in which they were made
        (Wanted("countries", first="2022"), 5),  # no year in the table
    ],
)
def test_the_chosen_lines_are_in_the_file_and_no_others(invented, wanted, expected):
    assert exports.count(invented, wanted) == expected
    assert len(read_csv(exports.as_csv(invented, wanted))) == expected
    assert len(pd.read_parquet(io.BytesIO(exports.as_parquet(invented, wanted)))) == expected
    assert workbook(invented, wanted)[wanted.table].max_row == 1 + expected


def test_chosen_lines_are_those_that_pandas_chooses(invented):
    wanted = Wanted("backtest", states=("QMA",), first="2022", outcomes=("mass_killing",), models=("published",))
    found = pd.read_parquet(io.BytesIO(exports.as_parquet(invented, wanted)))
    rows = invented.backtest.query(
        "iso3 == 'QMA' and origin >= 2022 and outcome == 'mass_killing' and model == 'published'"
    )
    pd.testing.assert_frame_equal(found, rows.reset_index(drop=True))
    assert len(rows) == 4  # two designs, two windows


def test_the_whole_table_as_parquet_is_the_file_of_the_release(newest):
    assert exports.as_parquet(newest, Wanted("scores")) == (newest.folder / "scores.parquet").read_bytes()


def test_months_are_chosen_by_their_year(newest):
    wanted = Wanted("watch", states=("MMR",), first="2024", last="2024")
    months = read_csv(exports.as_csv(newest, wanted))["month"]
    assert months.tolist() == [f"2024-{number:02d}" for number in range(1, 13)]


@pytest.mark.parametrize("name", TABLES)
def test_each_csv_of_the_release_has_in_duckdb_the_lines_of_its_parquet(name, newest):
    [csv] = newest.folder.glob(f"{name}.csv*")
    quoted = f"SELECT count(*) FROM read_csv('{csv}', header = true, all_varchar = true)"
    parquet = f"SELECT count(*) FROM read_parquet('{newest.folder / name}.parquet')"
    assert duckdb.sql(quoted).fetchall() == duckdb.sql(parquet).fetchall()


@pytest.mark.parametrize("name", TABLES)
def test_each_table_opens_alike_in_pandas_and_duckdb_and_is_valid_by_its_schema(name, newest, tmp_path):
    file = tmp_path / f"{name}.csv"
    file.write_bytes(exports.as_csv(newest, narrow(name)))
    ours = pd.read_csv(file, keep_default_na=False, na_values=[""])
    theirs = duckdb.sql(f"SELECT * FROM read_csv('{file}', header = true, all_varchar = true)").df()
    assert list(ours) == list(theirs) == exports.schema_of(newest, name).names
    assert len(ours) == len(theirs) == exports.count(newest, narrow(name))
    schema = next(each["schema"] for each in newest.package["resources"] if each["name"] == name)
    described = frictionless.Schema.from_descriptor(schema)
    resource = frictionless.Resource(path=file.name, basepath=str(tmp_path), schema=described)
    report = resource.validate()
    assert [error.message for task in report.tasks for error in task.errors] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_a_hashtag_of_its_own_that_hxl_accepts(name, newest):
    names = exports.schema_of(newest, name).names
    tags = exports.tags(name, names)
    parsed = [hxl.model.Column.parse(tag, use_exception=True) for tag in tags]
    assert {column.tag.removeprefix("#") for column in parsed} <= set(HASHTAGS.split())
    assert len({column.display_tag for column in parsed}) == len(tags)
    table = read_csv(exports.as_csv(newest, narrow(name), hxl=True)).head(200)
    assert table.iloc[0].tolist() == tags
    wrong = []
    schema = hxl.schema(None, callback=wrong.append)
    rows = [["" if pd.isna(cell) else str(cell) for cell in row] for row in table.itertuples(index=False)]
    schema.validate(hxl.data([names, *rows]))
    assert [(str(each.message), str(each.value)) for each in wrong if each.rule.severity == "error"] == []


def test_the_mapping_names_no_column_that_no_table_has():
    book = release.read_codebook()
    stated = exports.tomllib.loads(exports.COLUMNS.read_text("utf-8"))
    every = {name for entry in book.values() for name in entry["columns"]}
    for section, columns in stated.items():
        known = every if section == "every" else set(book[section]["columns"])
        assert {name.replace("NN", "01") for name in columns} <= known, section


def test_no_text_of_csv_or_xlsx_begins_a_formula_and_numbers_stay_numbers(risky):
    wanted = Wanted("countries")
    names = read_csv(exports.as_csv(risky, wanted)).set_index("iso3")["name"].to_dict()
    assert names == {"QMA": MARKUP, "QMB": f"'{WILD}", "QMC": "'-1+2", "QMD": "'@SUM(1)", "QME": "'\tx"}
    sheet = workbook(risky, wanted, hxl=True)["countries"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}  # no "f"
    assert {row[0].value: row[2].value for row in sheet.iter_rows(min_row=3)} == names
    assert pd.read_parquet(io.BytesIO(exports.as_parquet(risky, wanted)))["name"][1] == WILD  # no spreadsheet opens it


def test_a_number_below_zero_has_no_apostrophe(invented):
    found = read_csv(exports.as_csv(invented, Wanted("sensitivity_alternatives")))
    assert found["largest_change"].tolist() == [0, -1, -2, -3, -4, -5, -6]
    sheet = workbook(invented, Wanted("sensitivity_alternatives"))["sensitivity_alternatives"]
    column = [cell.value for cell in sheet[1]].index("largest_change") + 1
    assert [sheet.cell(row, column).value for row in range(2, 9)] == [0, -1, -2, -3, -4, -5, -6]


def test_missing_is_an_empty_cell_and_not_zero(invented):
    wanted = Wanted("scores", states=("QMB",), first="2023")
    text = exports.as_csv(invented, wanted).decode().splitlines()[1]
    assert ",," in text
    [index] = [cell for cell in workbook(invented, wanted)["scores"][1] if cell.value == "risk_index"]
    assert workbook(invented, wanted)["scores"].cell(2, index.column).value is None


def test_a_workbook_says_what_its_lines_are(invented):
    about = dict(workbook(invented, Wanted("scores", states=("QMA",)))["About"].iter_rows(values_only=True))
    assert about["Release"] == "2024-01"
    assert about["As known on"] == "31 January 2024"
    assert about["Lines"] == "4 lines"
    assert about["Chosen"] == "All."
    assert about["How to cite"] == "Cite."
    assert about["Licence"].startswith("Creative Commons Attribution-ShareAlike 4.0 International (https://")
    assert [cell.value for cell in workbook(invented, Wanted("scores"))["Columns"][1]] == [
        *("column", "type", "unit", "description", "hxl")
    ]


def test_a_workbook_of_other_systems_figures_says_their_terms_and_not_ours(invented):
    terms = [
        text
        for name, text in workbook(invented, Wanted("peers"))["About"].iter_rows(values_only=True)
        if name == "Licence"
    ]
    assert terms == [
        exports.OWN_TERMS,
        "Onset Watch 7: none stated (https://example.org/terms)",
        "Index Watch 7: CC BY 4.0 (https://example.org/terms)",
    ]
    content = exports.as_parquet(invented, Wanted("peers", states=("QMA",)))
    facts = pq.read_schema(io.BytesIO(content)).metadata
    assert facts[b"upstream_filters"] == b"states=QMA"
    assert b"Creative Commons" not in facts[b"upstream_licence"]


def test_a_workbook_of_too_many_lines_is_refused_in_words(invented, monkeypatch):
    monkeypatch.setattr(exports, "SHEET", 15)
    with pytest.raises(ValueError, match="16 lines are too many for a workbook of at most 15: choose fewer"):
        workbook(invented, Wanted("scores"))
    kinds = [maker[0] for maker in choosing.makers(invented, Wanted("scores"), "", 16, sample.NAMES)]
    assert kinds == ["CSV", "Parquet"]


def test_a_table_that_is_not_there_or_damaged_is_named(invented):
    with pytest.raises(release.ReleaseError, match="release 2024-01 has no table 'nothing'; it has backtest"):
        exports.count(invented, Wanted("nothing"))
    (invented.folder / "events.parquet").write_bytes(b"PAR1")
    with pytest.raises(release.ReleaseError, match=r"release 2024-01: events.parquet is damaged"):
        exports.count(invented, Wanted("events"))


def test_what_is_chosen_is_told_in_words(invented):
    every = ["states", "first", "last", "outcomes", "windows", "designs", "models"]
    wanted = Wanted("backtest", ("QMA", "QMB"), "2021", "", ("armed_conflict",), ("2",), ("aligned",), ("index",))
    assert choosing.filters_text(wanted, sample.NAMES, every) == (
        "States: Alandia, Bretagna; Years from 2021; Outcomes: Onset of armed conflict; Windows: 2 years; "
        "Designs: aligned; Models: index"
    )
    assert choosing.filters_text(wanted, sample.NAMES, []) == "The whole table."
    assert choosing.file_name("upstream-2024-01", wanted, "csv") == "upstream-2024-01-backtest-chosen.csv"
    assert choosing.file_name("upstream-2024-01", Wanted("scores"), "csv") == "upstream-2024-01-scores.csv"


def opened_with(office: str, folder, files: dict[str, bytes | str], *options: str) -> dict[str, openpyxl.Workbook]:
    """The files as LibreOffice reads them, by name; with a profile of its own, so that another one may run."""
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", *options]
    command += ["--convert-to", "xlsx", "--outdir", folder / "opened", *(folder / name for name in files)]
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    return {name: openpyxl.load_workbook((folder / "opened" / name).with_suffix(".xlsx")) for name in files}


def cells_of(sheet) -> list[list]:
    """What is in each cell, a number rounded; no cell may hold a formula, but for the two that LibreOffice writes."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.value for cell in cells if cell.data_type == "f"} <= {*TRUTH}
    return [[_rounded(TRUTH.get(value, value)) for value in row] for row in sheet.iter_rows(values_only=True)]


TRUTH = {"=TRUE()": True, "=FALSE()": False}


def _rounded(value):
    return round(float(value), 6) if isinstance(value, int | float) else value


def guarded(table: pd.DataFrame) -> list[list]:
    """The table as a spreadsheet should have it."""
    rows = [list(table.columns), *table.astype(object).where(table.notna(), None).to_numpy().tolist()]
    texts = [[exports.guard_text(value) if isinstance(value, str) else value for value in row] for row in rows]
    return [[_rounded(value) if value != "" else None for value in row] for row in texts]


UTF8 = "--infilter=CSV:44,34,76,1"


@pytest.mark.office
def test_tables_of_pages_open_in_libreoffice_in_each_language(office, risky, tmp_path):
    """With names that look like formulas, in each language's letters: the same texts and numbers."""
    shown = {}
    for code in ("en", "fr", "es", "ar"):
        current.use(current.find_newest()[0], code)
        shown[f"numbers-{code}.csv"] = mine.numbers(tuple(sample.NAMES), "2021", "mass_killing", 2)
        shown[f"portfolio-{code}.csv"] = portfolio.table(tuple(sample.NAMES), "2021", "mass_killing", 2, "")
        shown[f"map-{code}.csv"] = atlas.shown_table(atlas.INDEX, 2023, 0, "All", 0, None)
    current.use(None, "en")
    files = {name: exports.table_csv(table) for name, table in shown.items()}
    for name, book in opened_with(office, tmp_path, files, UTF8).items():
        assert cells_of(book.active) == guarded(shown[name]), name


@pytest.mark.office
def test_every_table_opens_in_libreoffice_the_same_as_csv_and_as_a_workbook(office, risky, tmp_path):
    tables = risky.tables()
    csv = {f"{table}.csv": exports.as_csv(risky, Wanted(table)) for table in tables}
    (tmp_path / "csv").mkdir()
    said = {"citation": "Cite.", "filters": "All."}
    xlsx = {f"{table}.xlsx": exports.as_xlsx(risky, Wanted(table), **said) for table in tables}
    (tmp_path / "xlsx").mkdir()
    from_csv = opened_with(office, tmp_path / "csv", csv, UTF8)
    from_xlsx = opened_with(office, tmp_path / "xlsx", xlsx)
    for table in tables:
        book = from_xlsx[f"{table}.xlsx"]
        plain, workbook_cells = cells_of(from_csv[f"{table}.csv"].active), cells_of(book[book.sheetnames[1]])
        assert len(plain) > 1, table
        assert [[_alike(value) for value in row] for row in plain] == [
            [_alike(value) for value in row] for row in workbook_cells
        ], table


def _alike(value):
    """As text: LibreOffice makes a date of a day in a CSV, and a number of a text of digits: "1.0" becomes 1."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    try:
        return f"{float(value):.10g}"
    except (TypeError, ValueError):
        return value or ""


@pytest.mark.office
def test_each_file_opens_in_libreoffice(office, risky, tmp_path):
    """Opened and written again as CSV: the same texts and numbers, and nothing that was computed."""
    for ending, content in {
        "csv": exports.as_csv(risky, Wanted("countries")),
        "xlsx": exports.as_xlsx(risky, Wanted("countries"), citation="Cite.", filters="All."),
    }.items():
        file = tmp_path / f"countries-{ending}.{ending}"
        file.write_bytes(content)
        sheet = 2 if ending == "xlsx" else 1
        form = f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{sheet}"
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", form, "--outdir", tmp_path / ending, file]
        subprocess.run(command, check=True, timeout=300)
        [made] = (tmp_path / ending).glob("*.csv")
        assert read_csv(made.read_bytes())["name"].tolist()[:3] == [MARKUP, f"'{WILD}", "'-1+2"]


def test_chosen_lines_of_the_largest_tables_are_made_within_three_tenths_of_a_second(newest):
    """Time of the processor, so that a busy machine is not slow."""
    for wanted in (Wanted("indicators", states=("MMR",)), Wanted("backtest", states=("MMR",))):
        for make in (exports.as_csv, exports.as_parquet):
            made = []
            for _ in range(3):
                start = time.process_time()
                make(newest, wanted)
                made.append(time.process_time() - start)
            assert min(made) < 0.3, (wanted.table, make.__name__)
