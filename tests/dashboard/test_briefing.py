"""Briefings: what they say is what the release has, on as many pages as they may have, in every language."""

import io
import re
import subprocess
import sys
from dataclasses import replace

import html5lib
import pandas as pd
import pypdf
import pypdfium2
import pytest

import release
from dashboard import briefing, current, likelihood, plain, reading, store, tables
from dashboard.brief import common, crisis, drawings, outlines, render
from dashboard.brief.country import UnknownSubject, country_brief, meaning
from dashboard.brief.model import Brief, runs
from dashboard.brief.states import list_brief, region_brief
from dashboard.language import number
from tests.dashboard import sample
from tests.dashboard.conftest import write

NUMBER = re.compile(r"\d[\d.,]*\d|\d")
# of the real release: with a flag, with a note, without a forecast, with many gaps, with a long name
LONG = ["MMR", "SDN", "AFG", "TLS", "LKA", "ISR", "PSE", "SRB", "XKX", "TUV", "PRK", "CAF"]


@pytest.fixture
def real():
    """The release in the repository, in English."""
    current.forget()
    yield
    current.use(None, "en")
    current.forget()


def text_of(pdf: bytes) -> str:
    """The text of a PDF in the order in which it is read, with single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def texts_of(brief: Brief) -> list[str]:
    """Every text of a briefing, but for the foot of its pages."""
    found = [brief.title, brief.subtitle, brief.headline]
    for section in brief.sections:
        found.append(section.title)
        for block in section.blocks:
            found += _texts_of_block(block)
    return ["".join(piece for piece, _bold in runs(text)) for text in found]


def _texts_of_block(block) -> list[str]:
    if block.kind == "paragraph":
        return [block.text]
    if block.kind == "items":
        return block.texts
    if block.kind == "table":
        return [block.caption, *block.head, *(cell for row in block.rows for cell in row)]
    if block.kind == "beside":
        return [text for part in block.parts for text in _texts_of_block(part)]
    return [block.title, *(label.text for label in block.labels)]


def pages(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def tags(pdf: bytes) -> list[tuple[str, dict]]:
    """Every element of the structure tree: its kind and its entries."""
    root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if "/S" in node:
            found.append((node["/S"], node))
        below = node.get("/K", [])
        below = below if isinstance(below, list) else [below]
        for child in below:
            resolved = child.get_object()
            if isinstance(resolved, dict):
                waiting.append(resolved)
    return found


@pytest.fixture
def spoken(invented, request):
    """The invented release, in the language of the test's parameter."""
    current.use(current.edition(), request.param)
    yield request.param
    current.use(None, "en")


ALL = pytest.mark.parametrize("spoken", ["en", "fr", "es", "ar"], indirect=True)


@ALL
@pytest.mark.parametrize("subject", ["QMA", "QMB", "QMD", "Asia-Pacific", "QMA,QMB,QME"])
def test_the_pdf_has_every_number_of_the_briefing_and_no_other(spoken, subject):
    brief = briefing.brief_of(briefing.read_subject(subject))
    pdf = render.to_pdf(brief)
    foot = [brief.foot, *(brief.page.format(number=n + 1, count=pages(pdf)) for n in range(pages(pdf)))]
    expected = NUMBER.findall(" | ".join([*texts_of(brief), *foot, *[brief.foot] * (pages(pdf) - 1)]))
    repeated = NUMBER.findall(" ".join(_heads(brief)))
    found = sorted(NUMBER.findall(text_of(pdf)))
    lacking = _less(expected, found)
    assert lacking == []
    assert set(_less(found, expected)) <= set(repeated), "only the heads of tables that go on are there twice"


def _heads(brief: Brief) -> list[str]:
    blocks = [block for section in brief.sections for block in section.blocks]
    return [cell for block in blocks if block.kind == "table" for cell in block.head]


def _less(one: list[str], other: list[str]) -> list[str]:
    rest = list(other)
    return [each for each in one if each not in rest or rest.remove(each)]


@pytest.mark.parametrize("iso3", ["MMR", "TLS"])
def test_the_numbers_are_those_of_the_release(real, iso3):
    opened = release.latest()
    said = text_of(briefing.make(briefing.Subject("country", (iso3,)), "pdf"))
    forecasts = opened.part("forecasts", iso3=iso3, window_years=2, design="operational")
    for row in forecasts.to_dict("records"):
        per = likelihood.count_among(row["probability"], row["base_rate"])
        for told in (
            likelihood.frequency_text(row["probability"], per),
            likelihood.between_text(row["lower"], row["upper"], per),
            likelihood.frequency_text(row["base_rate"], per),
            likelihood.place_text(row),
        ):
            assert told in said, row["outcome"]
    scores = opened.part("scores", iso3=iso3)
    newest = scores[scores["year"] == scores["year"].max()].iloc[0]
    for name in ("risk_index", "structural", "dynamic"):
        assert f"{newest[name]:.1f} of 100" in said
    assert f"coverage {newest['coverage']:.0%}" in said
    contributions = opened.part("explanations", iso3=iso3, outcome="mass_killing", window_years=2)
    sums = contributions[contributions["indicator"] != "level"].groupby("factor")["contribution"].sum()
    heaviest = sums.abs().nlargest(3)
    names = opened.table("factors").set_index("factor")["name"]
    for factor in heaviest[heaviest > 0].index:
        assert f"{factor}. {names[factor]}" in said
        assert tables.score_text(newest[f"rf{factor:02d}"]) in said


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("subject", ["Asia-Pacific", "MMR,SDN,AFG,TLS,PSE"])
def test_the_table_of_states_has_the_numbers_of_the_release(real, subject, language):
    current.use(None, language)
    asked = briefing.read_subject(subject)
    opened, scores = release.latest(), release.latest().table("scores")
    scores = scores[scores["year"] == common.newest_year()].set_index("iso3")
    region = opened.table("countries").set_index("iso3")["region"]
    codes = asked.codes if asked.kind == "list" else [code for code in scores.index if region[code] == asked.codes[0]]
    forecasts = opened.table("forecasts").query("window_years == 2 and design == 'operational'")
    given = forecasts[forecasts["outcome"] == "mass_killing"].set_index("iso3")
    section = briefing.brief_of(asked).sections[1]
    shown = {row[0]: row[1:] for row in next(block for block in section.blocks if block.kind == "table").rows}
    names = store.names()
    assert sorted(shown) == sorted(names[code] for code in codes)
    for code in codes:
        cells = shown[names[code]]
        expected = [scores.at[code, name] for name in ("risk_index", "structural", "dynamic")]
        assert cells[:3] == ["–" if pd.isna(score) else number(score, 1) for score in expected]
        if code not in given.index or pd.isna(given.at[code, "probability"]):
            assert cells[5] == "–"
            continue
        row = given.loc[code]
        per = likelihood.count_among(row["probability"], row["base_rate"])
        assert cells[4] == likelihood.frequency_text(row["probability"], per)
        assert cells[5] == likelihood.between_text(row["lower"], row["upper"], per)


@ALL
@pytest.mark.parametrize("subject", ["QMA", "Asia-Pacific", "QMA,QMB"])
def test_days_are_told_as_the_language_tells_them(spoken, subject):
    said = " ".join(texts_of(briefing.brief_of(briefing.read_subject(subject))))
    assert set(re.findall(r"\d{4}-\d\d-\d\d", said)) <= {reading.opened().id}


def test_in_french_a_space_that_no_line_breaks_stands_before_a_high_sign(real):
    current.use(None, "fr")
    english = [note for note in reading.table("countries")["note"].dropna().unique() if note]
    for subject in ("MMR", "PSE", "Asia-Pacific", "MMR,SDN"):
        brief = briefing.brief_of(briefing.read_subject(subject))
        for said in texts_of(replace(brief, sections=brief.sections[:-1])):
            for note in english:
                said = said.replace(note, "")
            assert re.findall(r".{0,20}[^\u00a0\u202f][:;!?»](?!\w)", said) == []


def letters(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float, str]]:
    """The box of each letter of a page in points, and the letter: left, bottom, right, top."""
    text = page.get_textpage()
    boxes = [(*text.get_charbox(at), text.get_text_range(at, 1)) for at in range(text.count_chars())]
    return [box for box in boxes if box[4].strip() and box[2] > box[0]]


def overlapping(page: pypdfium2.PdfPage) -> list[str]:
    """Pairs of letters that are printed over each other, more than kerning does; those of one sign share its box."""
    found, boxes = [], sorted(letters(page))
    for at, (left, bottom, right, top, letter) in enumerate(boxes):
        for other in boxes[at + 1 :]:
            if other[0] > right - 1.2:
                break
            if min(top, other[3]) - max(bottom, other[1]) > 1.2 and other[:4] != (left, bottom, right, top):
                found.append(letter + other[4])
    return found


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("subject", ["MMR", "TLS", "Asia-Pacific", "MMR,SDN"])
def test_no_text_runs_over_another_or_off_the_page(real, language, subject):
    current.use(None, language)
    for page in pypdfium2.PdfDocument(briefing.make(briefing.read_subject(subject), "pdf")):
        assert overlapping(page) == []
        assert max(box[2] for box in letters(page)) < page.get_width() - 15 / 25.4 * 72 + 1


def test_in_arabic_a_release_keeps_its_order_and_a_legend_is_read_from_the_right(real):
    current.use(None, "ar")
    brief, release_id = briefing.brief_of(briefing.Subject("country", ("SDN",))), reading.opened().id
    said = " ".join([*texts_of(brief), brief.foot])
    assert said.count(release_id) == said.count(f"\u2066{release_id}\u2069") > 3
    course = next(block for block in brief.sections[1].blocks if block.kind == "beside").parts[1]
    legend = course.labels[-3:]
    assert [label.anchor for label in legend] == ["end"] * 3
    assert legend[0].x > legend[1].x > legend[2].x


def test_the_map_of_a_region_has_no_colour_elsewhere(real):
    figure = region_brief("Asia-Pacific").sections[0].blocks[0]
    filled = dict(re.findall(r'<path d="([^"]*)" fill="([^"]*)"', figure.shapes))
    assert filled[outlines.outlines()["SDN"].path] == drawings.NO_ROW
    assert filled[outlines.outlines()["MMR"].path] not in {drawings.NO_ROW, drawings.NO_SCORE}
    assert "elsewhere" in [label.text for label in figure.labels]


def test_what_has_no_score_has_a_dashed_outline_so_that_a_grey_print_tells_it(real):
    window = outlines.window_of("All", 1)
    figure = drawings.draw_map({"MMR": 50.0, "NRU": float("nan")}, window, [], "title", "told")
    dashed = re.findall(r'<path d="([^"]*)"[^>]*stroke-dasharray', figure.shapes)
    assert dashed == [outlines.outlines()["NRU"].path]


def test_a_list_without_a_state_out_of_crisis_says_so(real):
    sections = {section.title: section.blocks for section in list_brief(("MMR", "SDN")).sections}
    blocks = sections["Where structural prevention has most to gain"]
    assert "None of these States counts as not in crisis" in blocks[0].text
    assert "table" not in [block.kind for block in blocks]


def test_every_state_without_a_forecast_is_named(real):
    brief = region_brief("Asia-Pacific")
    count, known = map(int, re.match(r"(\d+) States, (\d+) with a forecast", brief.headline).groups())
    said = next(text for text in texts_of(brief) if text.startswith("No forecast of an onset:"))
    assert said.count(";") + 1 == count - known > 0


def test_the_headline_has_frequency_interval_and_base_rate(invented):
    headline = country_brief("QMA").headline
    assert headline.startswith("**Onset of mass killing, in 2024 and 2025: about 40 in 1,000 States like this (95 %")
    assert "interval: 20 to 80 in 1,000).** Base rate, among all States: about 10 in 1,000." in headline


def test_without_a_forecast_it_says_so_and_names_no_likelihood(invented):
    brief = country_brief("QMB")
    assert brief.headline == "**Onset of mass killing, in 2024 and 2025.** No forecast: too little is known."
    said = " ".join(texts_of(brief))
    assert "no score" in said
    assert sample.NOTE in said


def test_a_release_without_forecasts_has_briefings(without_forecasts):
    brief = country_brief("QMA")
    assert brief.headline.startswith("This release has no forecasts")
    assert "Track record" not in [section.title for section in brief.sections]
    assert "The factors with the highest scores" in texts_of(brief)
    assert pages(render.to_pdf(brief)) <= 2
    assert pages(render.to_pdf(region_brief("Asia-Pacific"))) <= 4


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_a_state_has_two_pages_however_long_its_texts(real, language):
    current.use(None, language)
    numbers = {iso3: pages(briefing.make(briefing.Subject("country", (iso3,)), "pdf")) for iso3 in LONG}
    assert numbers == dict.fromkeys(LONG, 2)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("region", ["Asia-Pacific", "Africa", "All"])
def test_a_region_has_four_pages(real, language, region):
    current.use(None, language)
    assert pages(briefing.make(briefing.Subject("region", (region,)), "pdf")) == 4


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pdf_is_tagged_has_its_language_and_its_fonts(real, language):
    current.use(None, language)
    pdf = briefing.make(briefing.Subject("country", ("SDN",)), "pdf")
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    kinds = [kind for kind, _node in tags(pdf)]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Figure"} <= set(kinds)
    assert kinds.count("/H1") == 1
    figures = [node for kind, node in tags(pdf) if kind == "/Figure"]
    assert len(figures) == 2
    assert all(len(node["/Alt"]) > 20 for node in figures)
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in below["/FontDescriptor"] or "/FontFile3" in below["/FontDescriptor"]


def test_arabic_text_is_there_in_the_order_in_which_it_is_read(real):
    current.use(None, "ar")
    brief = briefing.brief_of(briefing.Subject("country", ("SDN",)))
    said = text_of(render.to_pdf(brief))
    assert brief.direction == "rtl"
    assert "السودان" in said
    assert "نوفمبر" in said


def test_the_same_release_gives_the_same_bytes(invented):
    first = briefing.make(briefing.Subject("country", ("QMA",)), "pdf")
    current.forget()
    assert briefing.make(briefing.Subject("country", ("QMA",)), "pdf") == first


MARKUP = '<b onclick="x">Alandia</b> #panic("x") $y$ *z* @q `r` \\ // <l>'


def test_a_name_that_looks_like_markup_is_shown_as_it_stands(invented):
    changed = sample.tables() | sample.forecast_tables()
    for name, column in (("countries", "name"), ("scores", "country")):
        rows = changed[name]
        changed[name] = rows.assign(**{column: rows[column].where(rows["iso3"] != "QMA", MARKUP)})
    write(changed, invented.folder.parent)
    brief = country_brief("QMA")
    assert MARKUP in text_of(render.to_pdf(brief))
    for html in (render.to_html(brief), render.to_fragment(brief)):
        assert "<b onclick" not in html
        assert "＜b onclick=" in html
    assert brief.title.startswith(plain.text(MARKUP))
    for html in (render.to_html(replace(brief, title=MARKUP)), render.to_fragment(replace(brief, title=MARKUP))):
        assert "<b onclick" not in html
        assert "&lt;b onclick=" in html


@pytest.mark.parametrize("subject", ["QMA", "QMB", "Asia-Pacific", "QMA,QMD"])
def test_the_html_is_well_formed_and_needs_nothing_else(invented, subject):
    html = briefing.make(briefing.read_subject(subject), "html").decode()
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(html)
    names = {node.tag.rsplit("}")[-1] for node in tree.iter() if isinstance(node.tag, str)}
    assert "script" not in names
    assert not {name.lower() for node in tree.iter() for name in node.attrib} & {"src", "href", "onclick", "style"}
    assert "url(" not in html
    assert "@import" not in html
    assert tree.get("lang") == "en"
    drawings = [node for node in tree.iter() if isinstance(node.tag, str) and node.tag.endswith("svg")]
    named = [node for node in drawings if node.get("role") == "img"]
    assert named
    assert all(len(list(node.iter("{http://www.w3.org/2000/svg}desc"))) == 1 for node in named)


def test_the_page_s_part_takes_pictures_that_hold_their_words(invented):
    part = render.to_fragment(country_brief("QMA"))
    assert "<svg" not in part
    assert part.count('src="data:image/svg+xml;base64,') == 2
    assert re.findall(r"<h\d", part)[0] == "<h2"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ZZZ", "neither a row nor a region “ZZZ”"),
        ("QMA,ZZZ", "no row of “ZZZ”"),
        (",", "The list has no State"),
        ("", "The list has no State"),
        ("QMC", "no row “QMC” in 2023"),  # it ended in 2022
    ],
)
def test_what_the_release_does_not_have_is_told(invented, text, problem):
    with pytest.raises(UnknownSubject, match=problem):
        briefing.brief_of(briefing.read_subject(text))


def test_a_region_that_is_not_there_is_told(invented):
    with pytest.raises(UnknownSubject, match="no region “Atlantis”"):
        region_brief("Atlantis")


def test_subjects_are_read_whatever_their_capitals_and_have_names_for_files(invented):
    assert briefing.read_subject("qma") == briefing.Subject("country", ("QMA",))
    assert briefing.read_subject("asia-pacific") == briefing.Subject("region", ("Asia-Pacific",))
    assert briefing.read_subject("qmd, QMA,qmd") == briefing.Subject("list", ("QMD", "QMA"))
    assert briefing.read_subject("western asia").name == "western-asia"
    one, other = briefing.read_subject("QMA,QMD").name, briefing.read_subject("QMA,QME").name
    assert one.startswith("list-2-")
    assert one != other


def test_a_missing_font_is_told_and_nothing_is_made(invented, monkeypatch):
    monkeypatch.setattr(render, "FAMILIES", {"Noto Sans": "fontpkg-not-there"})
    render.fonts.cache_clear()
    with pytest.raises(render.RenderError, match=r"font Noto Sans is not there.*Install fontpkg-not-there"):
        briefing.make(briefing.Subject("country", ("QMA",)), "pdf")
    render.fonts.cache_clear()


def test_a_sign_that_no_font_has_is_told(invented):
    rows = sample.tables()
    rows["countries"] = rows["countries"].assign(
        name=rows["countries"]["name"].replace("Alandia", "Alandia \U00012000")
    )
    write(rows | sample.forecast_tables(), invented.folder.parent)
    with pytest.raises(render.RenderError, match="cannot be set"):
        render.to_pdf(country_brief("QMA"))


@pytest.mark.parametrize(
    ("structural", "dynamic", "said"),
    [(50, 45, "structural part is higher"), (40, 45, "dynamic part is higher"), (50, 46, "about the same")],
)
def test_the_two_parts_are_told_apart_from_five_points_on(structural, dynamic, said):
    assert said in meaning(structural, dynamic)


def test_parts_that_are_not_known_are_not_compared():
    assert "Too little is known" in meaning(float("nan"), 40)


def test_a_state_is_in_crisis_by_any_sign_and_not_known_without_all(invented):
    changed = sample.tables() | sample.forecast_tables()
    events = changed["events"]
    newest = events["year"] == events["year"].max()
    is_battle = newest & (events["event"] == "battle_deaths")
    counts = events["count"].where(~(is_battle & (events["iso3"] == "QME")), 25.0)
    changed["events"] = events.assign(count=counts)[~(is_battle & (events["iso3"] == "QMD"))]
    changed["watch"] = changed["watch"].assign(flags="")
    watched = set(changed["watch"]["iso3"])
    write(changed, invented.folder.parent)
    signs = crisis.signs(["QMA", "QMB", "QMD", "QME"])
    assert signs["QME"] is True
    assert signs["QMD"] is None
    assert signs["QMA"] is (False if "QMA" in watched else None)


def test_a_flag_on_the_watch_is_a_crisis(invented):
    changed = sample.tables() | sample.forecast_tables()
    changed["watch"] = changed["watch"].assign(flags="rise")
    write(changed, invented.folder.parent)
    assert crisis.signs(["QMA"])["QMA"] is True
    assert "No flag on the watch" in crisis.definition()


def test_prevention_lists_those_not_in_crisis_by_their_structural_part(real):
    region, codes = region_brief("Asia-Pacific"), reading.scores()
    year = common.newest_year()
    rows = codes[(codes["year"] == year) & (codes["region"] == "Asia-Pacific")]
    there = crisis.signs(rows["iso3"].tolist())
    calm = rows[rows["iso3"].map(there).eq(False)].nlargest(10, "structural")
    section = next(part for part in region.sections if part.title == "Where structural prevention has most to gain")
    table = next(block for block in section.blocks if block.kind == "table")
    assert [row[0] for row in table.rows] == calm["country"].tolist()
    assert [row[1] for row in table.rows] == [f"{score:.1f}" for score in calm["structural"]]


def test_a_list_keeps_each_state_once_and_shows_their_numbers(invented):
    brief = list_brief(("QMD", "QMA", "QMD"))
    table = next(block for section in brief.sections for block in section.blocks if block.kind == "table")
    assert [row[0] for row in table.rows] == ["Newland", "Alandia"]  # by index
    assert [row[1] for row in table.rows] == [f"{sample.score_of(code, 2023, 5):.1f}" for code in ("QMD", "QMA")]
    assert brief.title == "A list of 2 States: risk of mass atrocities"


def test_gaps_are_the_treaties_that_do_not_bind(real):
    rows = reading.table("commitments")
    said = " ".join(texts_of(country_brief("MMR")))
    bound = rows[(rows["iso3"] == "MMR") & (rows["status"] == "party")]
    assert f"bound by {len(bound)} of the {(rows['iso3'] == 'MMR').sum()} treaties on file" in said
    assert "Draft article 4, Obligation of prevention" in said
    assert "Genocide Convention, article I (bound)" in said


def test_every_place_of_the_map_has_a_box_that_holds_its_land():
    found = outlines.outlines()
    assert len(found) > 200
    left, top, right, bottom = outlines.window_of("All", 1)
    for land in found.values():
        assert land.box[0] <= land.box[2]
        assert land.box[1] <= land.box[3]
    assert outlines.meets(found["FRA"].box, found["DEU"].box) or found["FRA"].box[2] <= found["DEU"].box[2]
    west, _top, east, _bottom = found["MMR"].box
    assert left < west < east < right
    assert top < bottom


def test_a_window_keeps_its_shape_and_holds_what_it_is_around():
    left, top, right, bottom = outlines.window_around(["MMR"], 2)
    box = outlines.outlines()["MMR"].box
    assert (right - left) / (bottom - top) == pytest.approx(2)
    assert left < box[0]
    assert right > box[2]
    assert top < box[1]
    assert bottom > box[3]


def test_bold_is_the_only_mark_of_a_text():
    assert runs("a **b** `c` 13\\. d") == [("a ", False), ("b", True), (" c 13. d", False)]
    assert runs("") == []


def test_a_score_that_is_missing_is_never_zero():
    assert common.score(float("nan")) == "–"
    assert common.score(pd.NA) == "–"
    assert common.score(0.0) == "0.0"


def test_a_briefing_needs_no_streamlit_and_none_of_the_build():
    code = (
        "import sys, dashboard.brief.batch as b; "
        "sys.exit(str({'streamlit', 'geopandas', 'shapely', 'sklearn', 'pandera'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.stderr.strip().endswith("set()"), done.stderr
