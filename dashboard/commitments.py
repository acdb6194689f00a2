"""What binds a State on a day, counted by UN group and over time, and the road to a further convention."""

import calendar
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

CONVENTION = Path(__file__).parents[1] / "data" / "convention.toml"
NO_TABLE = "This release has no table of legal commitments: it was made before there was one."
TREATIES = {
    "rome_statute": "Rome Statute of the International Criminal Court",
    "genocide_convention": "Genocide Convention",
    "cat": "Convention against Torture",
    "opcat": "Optional Protocol to the Convention against Torture",
    "cped": "Convention for the Protection of All Persons from Enforced Disappearance",
    "iccpr": "Covenant on Civil and Political Rights",
    "icescr": "Covenant on Economic, Social and Cultural Rights",
    "icerd": "Convention on the Elimination of Racial Discrimination",
    "cedaw": "Convention on the Elimination of Discrimination against Women",
    "crc": "Convention on the Rights of the Child",
    "op_crc_ac": "Optional Protocol on children in armed conflict",
    "icmw": "Convention on the Rights of Migrant Workers",
}
GROUPS = [
    "African",
    "Asia-Pacific",
    "Eastern European",
    "Latin American and Caribbean",
    "Western European and Others",
]
STATUS = {
    "party": "bound",
    "signed": "signed only",
    "left": "left",
    "none": "not bound",
    "unknown": "not bound; whether it had signed is not recorded",
}
FIRST_YEAR = 1948
LISTED = 30  # States with the highest index that are looked at
ABOUT = (
    "A State counts from the day on which it deposits its instrument, as the depositary counts; the treaty binds it "
    "some weeks later, and the list has that day where it can be worked out. Where only the year is on file it counts "
    "from the year's end, or from the last day confirmed. What a State bound itself to under another name or as part "
    "of another State is not here; nor are reservations, individual complaints and inquiries, which are not on file."
)
CAUTION = (
    "Two facts side by side, not one number, and no cause: States at high risk join treaties, and States at low risk "
    "stay out of them. A treaty that is not joined says what a State has not promised; it says nothing about what it "
    "does, and customary law binds it all the same."
)


def last_day(year: int, month: int) -> str:
    """The last day of a month: "2023-04-30"."""
    return f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}"


def day_text(day: str) -> str:
    """ "2023-04-30" -> "30 April 2023"; a year alone stays."""
    if len(day) < 10:
        return day
    year, month, number = day.split("-")
    return f"{int(number)} {calendar.month_name[int(month)]} {year}"


def counted_from(rows: pd.DataFrame) -> pd.Series:
    """The first day on which it is sure that the State has joined; "" if it has not."""
    year_end = rows["party_from"] + "-12-31"
    sure = year_end.where(year_end <= rows["as_of"], rows["as_of"])
    return rows["party_from"].where(rows["party_from"].str.len() != 4, sure)


def on_day(rows: pd.DataFrame, day: str) -> pd.DataFrame:
    """Rows of the table `commitments` with `then`, a key of `STATUS`: how it stood at the end of that day.

    A signature without a day is known for the day in `as_of` and after it; before, it is not known.
    """
    joined = counted_from(rows)
    has_left = (rows["party_until"] != "") & (rows["party_until"] <= day)
    undated = (rows["status"] == "signed") & (rows["signed"] == "")
    signed = (rows["signed"] != "") & (rows["signed"] <= day) | undated & (rows["as_of"] <= day)
    then = pd.Series("none", rows.index).where(~signed, "signed").where(~undated | signed, "unknown")
    then = then.where((joined == "") | (joined > day), "party").where(~has_left, "left")
    return rows.assign(then=then)


def standing(rows: pd.DataFrame, countries: pd.DataFrame, day: str) -> pd.DataFrame:
    """The rows (`on_day`) of States that there were on the day, or that were parties all the same."""
    began = rows["iso3"].map(dict(zip(countries["iso3"], countries["start"], strict=True))).fillna("")
    return rows[(began <= day) | (rows["then"] == "party")]


def of_treaty(rows: pd.DataFrame, countries: pd.DataFrame, treaty: str, day: str) -> pd.DataFrame:
    """How each State stood under one treaty at the end of a day."""
    return standing(on_day(rows[rows["treaty"] == treaty], day), countries, day)


def count_by_group(then: pd.DataFrame) -> pd.DataFrame:
    """States by UN group and status, with a line for all; `then` from `of_treaty`."""
    told = then["then"].map(STATUS)
    counts = pd.crosstab(then["un_group"].replace("", "no group"), told).rename_axis(None, axis="columns")
    groups = [*GROUPS, *counts.index.difference(GROUPS)]
    wanted = [text for text in STATUS.values() if text in {"bound", "signed only", "not bound", *told}]
    table = counts.reindex(index=groups, columns=wanted, fill_value=0).rename_axis("UN regional group")
    return pd.concat([table, table.sum().to_frame("All").T]).rename_axis("UN regional group")


def headline(counts: pd.DataFrame, treaty: str, day: str) -> str:
    """How many States were bound, and of which groups, in a sentence; `counts` from `count_by_group`."""
    groups = ", ".join(f"{counts.at[name, 'bound']} {name}" for name in counts.index if name != "All")
    number = counts.at["All", "bound"]
    states = "1 State** was" if number == 1 else f"{number} States** were"
    return f"**{states} party to the {TREATIES[treaty]} on {day_text(day)}: {groups}."


def confirmed_text(rows: pd.DataFrame, treaty: str, day: str) -> str:
    """A warning where the day is after the last for which the treaty's status is confirmed; else ""."""
    known = rows.loc[rows["treaty"] == treaty, "as_of"].min()
    return "" if day <= known else f"Not confirmed since {day_text(known)}: a later change is not in it."


def _days_so_far(then: pd.DataFrame, day: str) -> dict[str, pd.Series]:
    """Days of signing, joining, entry into force and leaving, "" for what had not happened on the day (`on_day`)."""
    joined, left = then["then"].isin(["party", "left"]), then["then"] == "left"
    return {
        "signed": then["signed"].where(then["signed"] <= day, ""),
        "party_from": then["party_from"].where(joined, ""),
        "in_force_from": then["in_force_from"].where(joined, ""),
        "party_until": then["party_until"].where(left, ""),
    }


def describe_list(then: pd.DataFrame, day: str) -> pd.DataFrame:
    """Each State's status as a reader sees and downloads it."""
    names = {
        "name": "State",
        "iso3": "Row",
        "un_group": "UN regional group",
        "status_then": "Status",
        "signed": "Signed",
        "party_from": "Joined (deposit)",
        "in_force_from": "Bound from",
        "party_until": "Left",
        "as_of": "Confirmed to",
        "note": "Note",
        "source": "Source",
    }
    told = then.assign(**_days_so_far(then, day), status_then=then["then"].map(STATUS)).sort_values(
        ["status_then", "name"]
    )
    return told.rename(columns=names)[list(names.values())]


def withdrawals(rows: pd.DataFrame) -> pd.DataFrame:
    """Withdrawals that took effect, and what is announced and not confirmed, oldest first."""
    noted = rows[(rows["party_until"] != "") | (rows["note"] != "")]
    found = noted.assign(when=noted["party_until"].replace("", "later")).sort_values(["when", "name"])
    dated = found["party_until"].map(day_text)
    return pd.DataFrame(
        {
            "State": found["name"],
            "Treaty": found["treaty"].map(TREATIES),
            "Joined": found["party_from"].map(day_text),
            "Withdrawal in effect": dated.where(dated != "", "not confirmed"),
            "Note": found["note"],
        }
    ).set_index("State")


def over_time(rows: pd.DataFrame, treaty: str) -> pd.DataFrame:
    """Parties by UN group at each year's end, the last on the day in `as_of`: one line per year, one column a group."""
    own = rows[rows["treaty"] == treaty]
    last = own["as_of"].min()
    years = range(FIRST_YEAR, int(last[:4]) + 1)
    counts = [
        then[then["then"] == "party"]["un_group"].value_counts()
        for then in (on_day(own, min(f"{year}-12-31", last)) for year in years)
    ]
    table = pd.DataFrame(counts, index=pd.Index(years, name="Year")).reindex(columns=GROUPS).fillna(0).astype(int)
    begun = table.sum(axis="columns") > 0
    return table[begun.cummax()]


def of_state(rows: pd.DataFrame, iso3: str, day: str) -> pd.DataFrame:
    """How one State stood under each treaty, as text; a treaty without a row of the State is not recorded."""
    then = on_day(rows[rows["iso3"] == iso3], day)
    own = then.assign(**_days_so_far(then, day)).set_index("treaty").reindex(list(TREATIES))
    days = own[["signed", "party_from", "party_until", "as_of"]].fillna("").map(day_text)
    return pd.DataFrame(
        {
            "Treaty": list(TREATIES.values()),
            "Status": own["then"].map(STATUS).fillna("not recorded").to_list(),
            "Signed": days["signed"].to_list(),
            "Joined": days["party_from"].to_list(),
            "Left": days["party_until"].to_list(),
            "Confirmed to": days["as_of"].to_list(),
            "Note": own["note"].fillna("").to_list(),
        }
    ).set_index("Treaty")


def beside_risk(rows: pd.DataFrame, scores: pd.DataFrame, likely: pd.DataFrame, day: str) -> pd.DataFrame:
    """The States with the highest index of a year, those bound by least first, those not on file in full last.

    `scores`: rows of one year (iso3, country, risk_index); `likely`: iso3 and `told`, the forecast in words, or empty.
    """
    high = scores[scores["risk_index"].notna()].nlargest(LISTED, "risk_index")
    then = on_day(rows[rows["iso3"].isin(high["iso3"])], day)
    bound = then.assign(party=then["then"] == "party").groupby("iso3")["party"].agg(["sum", "size"])
    own = then.pivot(index="iso3", columns="treaty", values="then").replace(STATUS)
    table = high.set_index("iso3").join(bound).assign(part=lambda t: ~(t["size"] == bound["size"].max()))
    table = table.sort_values(["part", "sum", "risk_index"], ascending=[True, True, False])
    first = own.reindex(index=table.index, columns=list(TREATIES)[:2]).astype(object).fillna("not recorded")
    shown = pd.DataFrame(
        {
            "State": table["country"],
            "Treaties that bind it": [_of(*pair) for pair in zip(table["sum"], table["size"], strict=True)],
            **{TREATIES[name]: first[name] for name in first},
            "Risk index (0-100)": table["risk_index"].round(1),
        }
    )
    if not likely.empty:
        told = likely.set_index("iso3")["told"]
        shown["Likelihood"] = told.reindex(shown.index).fillna("no forecast")
    return shown.set_index("State")


def _of(number: float, among: float) -> str:
    return "not recorded" if pd.isna(among) else f"{number:.0f} of {among:.0f} on file"


def read_convention() -> dict[str, Any]:
    """The draft articles, steps and positions of data/convention.toml."""
    return tomllib.loads(CONVENTION.read_text("utf-8"))


def describe_subjects(convention: dict[str, Any]) -> pd.DataFrame:
    """The draft articles by subject."""
    titles = convention["articles"]
    return pd.DataFrame(
        [
            {
                "Subject": part["subject"],
                "What it asks": part["what"],
                "Articles": "; ".join(f"{number} {titles[str(number)]}" for number in part["articles"]),
            }
            for part in convention["subjects"]
        ]
    ).set_index("Subject")


def describe_steps(convention: dict[str, Any]) -> pd.DataFrame:
    """The steps with their dates and sources."""
    return pd.DataFrame(convention["steps"]).set_axis(["When", "What", "Source"], axis="columns").set_index("When")


def describe_positions(convention: dict[str, Any], names: dict[str, str]) -> pd.DataFrame:
    """Declared positions with their sources."""
    table = pd.DataFrame(convention["positions"])
    told = table.assign(State=[names.get(code, code) for code in table["iso3"]]).drop(columns="iso3")
    return told.rename(columns={"position": "Position", "source": "Source"}).set_index("State")


def position_text(convention: dict[str, Any], iso3: str) -> str:
    """A State's declared position on the draft convention, in a sentence."""
    found = [f"{entry['position']} ({entry['source']})" for entry in convention["positions"] if entry["iso3"] == iso3]
    return f"Convention on crimes against humanity: {'; '.join(found) or 'position not recorded'}."
