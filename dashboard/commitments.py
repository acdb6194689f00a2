"""What binds a State on a day, counted by UN group and over time, and the road to a further convention."""

import calendar
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard import language
from dashboard.language import N_, _, ngettext, number
from dashboard.language import day as day_text

CONVENTION = Path(__file__).parents[1] / "data" / "convention.toml"
NO_TABLE = N_("This release has no table of legal commitments: it was made before there was one.")
TREATIES = {
    "rome_statute": N_("Rome Statute of the International Criminal Court"),
    "genocide_convention": N_("Genocide Convention"),
    "cat": N_("Convention against Torture"),
    "opcat": N_("Optional Protocol to the Convention against Torture"),
    "cped": N_("Convention for the Protection of All Persons from Enforced Disappearance"),
    "iccpr": N_("Covenant on Civil and Political Rights"),
    "icescr": N_("Covenant on Economic, Social and Cultural Rights"),
    "icerd": N_("Convention on the Elimination of Racial Discrimination"),
    "cedaw": N_("Convention on the Elimination of Discrimination against Women"),
    "crc": N_("Convention on the Rights of the Child"),
    "op_crc_ac": N_("Optional Protocol on children in armed conflict"),
    "icmw": N_("Convention on the Rights of Migrant Workers"),
}
GROUPS = [
    N_("African"),
    N_("Asia-Pacific"),
    N_("Eastern European"),
    N_("Latin American and Caribbean"),
    N_("Western European and Others"),
]
ALL, NO_GROUP = N_("All"), N_("no group")  # lines of a table of groups, beside those of GROUPS
# How a State stands, by code. These English texts, and those of groups, name lines and columns of tables of counts.
STATUS = {
    "party": N_("bound"),
    "signed": N_("signed only"),
    "left": N_("left"),
    "none": N_("not bound"),
    "unknown": N_("not bound; whether it had signed is not recorded"),
}
FIRST_YEAR = 1948
LISTED = 30  # States with the highest index that are looked at
ABOUT = N_(
    "A State counts from the day on which it deposits its instrument, as the depositary counts; the treaty binds it "
    "some weeks later, and the list has that day where it can be worked out. Where only the year is on file it counts "
    "from the year's end, or from the last day confirmed. What a State bound itself to under another name or as part "
    "of another State is not here; nor are reservations, individual complaints and inquiries, which are not on file."
)
CAUTION = N_(
    "Two facts side by side, not one number, and no cause: States at high risk join treaties, and States at low risk "
    "stay out of them. A treaty that is not joined says what a State has not promised; it says nothing about what it "
    "does, and customary law binds it all the same."
)


def last_day(year: int, month: int) -> str:
    """The last day of a month: "2023-04-30"."""
    return f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}"


def treaty_title(code: str) -> str:
    """The title of a treaty in the language in use."""
    return _(TREATIES[code])


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
    """States by UN group and status, with a line for all, both under English names; `then` from `of_treaty`."""
    told = then["then"].map(STATUS)
    counts = pd.crosstab(then["un_group"].replace("", NO_GROUP), told).rename_axis(None, axis="columns")
    groups = [*GROUPS, *counts.index.difference(GROUPS)]
    wanted = [text for text in STATUS.values() if text in {STATUS["party"], STATUS["signed"], STATUS["none"], *told}]
    table = counts.reindex(index=groups, columns=wanted, fill_value=0)
    return pd.concat([table, table.sum().to_frame(ALL).T])


def describe_groups(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts (`count_by_group`) as a reader sees them."""
    return counts.rename(index=_, columns=_).rename_axis(_("UN regional group"))


def headline(counts: pd.DataFrame, treaty: str, day: str) -> str:
    """How many States were bound, and of which groups, in a sentence; `counts` from `count_by_group`."""
    bound = counts[STATUS["party"]]
    groups = [_("{count} {group}").format(count=bound[name], group=_(name)) for name in counts.index.drop(ALL)]
    return ngettext(
        "**{bound} State** was party to the {treaty} on {day}: {groups}.",
        "**{bound} States** were party to the {treaty} on {day}: {groups}.",
        bound[ALL],
    ).format(bound=bound[ALL], treaty=treaty_title(treaty), day=day_text(day), groups=_(", ").join(groups))


def groups_text(counts: pd.DataFrame) -> str:
    """The chart of groups in words: how many are bound, and the groups with the largest and the smallest share.

    `counts` from `count_by_group`. Of equal shares the first is named; "" without any State.
    """
    bound, among = counts[STATUS["party"]], counts.sum(axis="columns")
    if not among[ALL]:
        return ""
    said = ngettext("Of {among} State {bound} was bound.", "Of {among} States {bound} were bound.", among[ALL]).format(
        among=among[ALL], bound=bound[ALL]
    )
    shares = (bound / among.where(among > 0)).drop(ALL).dropna()
    most, least = shares.idxmax(), shares.idxmin()
    alike = _("The share that was bound is the same in every group.")
    differing = _(
        "The share that was bound is largest in the group {most} ({most_bound} of {most_among}) and smallest in the "
        "group {least} ({least_bound} of {least_among})."
    )
    compared = (alike if shares[most] == shares[least] else differing).format(
        **{"most": _(most), "most_bound": bound[most], "most_among": among[most]},
        **{"least": _(least), "least_bound": bound[least], "least_among": among[least]},
    )
    return f"{said} {compared}"


def confirmed_text(rows: pd.DataFrame, treaty: str, day: str) -> str:
    """A warning where the day is after the last for which the treaty's status is confirmed; else ""."""
    known = rows.loc[rows["treaty"] == treaty, "as_of"].min()
    if day <= known:
        return ""
    return _("Not confirmed since {day}: a later change is not in it.").format(day=day_text(known))


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
    """Each State's status as a reader sees and downloads it, by status, then by name."""
    names = {
        "name": _("State"),
        "iso3": _("Row"),
        "un_group": _("UN regional group"),
        "status_then": _("Status"),
        "signed": _("Signed"),
        "party_from": _("Joined (deposit)"),
        "in_force_from": _("Bound from"),
        "party_until": _("Left"),
        "as_of": _("Confirmed to"),
        "note": _("Note"),
        "source": _("Source"),
    }
    told = then.assign(**_days_so_far(then, day), name=language.countries(then["iso3"], then["name"]))
    ordered = told.sort_values("name", key=_sorting).sort_values(
        "then", key=lambda codes: codes.map(STATUS), kind="stable"
    )
    shown = ordered.assign(
        status_then=ordered["then"].map(_status), un_group=ordered["un_group"].map(_), note=ordered["note"].map(_)
    )
    return shown.rename(columns=names)[list(names.values())]


def _sorting(names: pd.Series) -> pd.Series:
    return names.map(language.sorting)


def _status(code: object) -> str:
    """How a State stood, in the language in use; a code that is missing is not recorded."""
    return _(STATUS[code]) if isinstance(code, str) else _("not recorded")


def withdrawals(rows: pd.DataFrame) -> pd.DataFrame:
    """Withdrawals that took effect, and what is announced and not confirmed, oldest first."""
    noted = rows[(rows["party_until"] != "") | (rows["note"] != "")]
    named = noted.assign(name=language.countries(noted["iso3"], noted["name"]))
    later = named["party_until"] == ""
    found = named.sort_values("name", key=_sorting).assign(later=later)
    found = found.sort_values(["later", "party_until"], kind="stable")
    dated = found["party_until"].map(day_text)
    return pd.DataFrame(
        {
            _("State"): found["name"],
            _("Treaty"): found["treaty"].map(treaty_title),
            _("Joined"): found["party_from"].map(day_text),
            _("Withdrawal in effect"): dated.where(dated != "", _("not confirmed")),
            _("Note"): found["note"].map(_),
        }
    ).set_index(_("State"))


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


def parties_text(years: pd.DataFrame) -> str:
    """The chart of parties (`over_time`) in words: all groups at both ends and at their most; "" if there is none."""
    if years.empty:
        return ""
    every, newest = years.sum(axis="columns"), years.iloc[-1]
    return _(
        "Number of parties, all groups together: {begun} at the end of {first}, {now} in {newest}; the highest is "
        "{most}, in {peak}. In {newest} the group with most parties is {group}: {own}."
    ).format(
        **{"first": every.index[0], "begun": every.iloc[0], "newest": every.index[-1], "now": every.iloc[-1]},
        **{"peak": every.iloc[::-1].idxmax(), "most": every.max()},  # of equal years the last
        **{"group": _(newest.idxmax()), "own": newest.max()},
    )


def describe_parties(years: pd.DataFrame) -> pd.DataFrame:
    """The chart of parties (`over_time`) as a table, with all groups together, newest first."""
    table = years.rename(columns=_).assign(**{_(ALL): years.sum(axis="columns")})
    return table.sort_index(ascending=False).rename_axis(_("Year"))


def of_state(rows: pd.DataFrame, iso3: str, day: str) -> pd.DataFrame:
    """How one State stood under each treaty, as text; a treaty without a row of the State is not recorded."""
    then = on_day(rows[rows["iso3"] == iso3], day)
    own = then.assign(**_days_so_far(then, day)).set_index("treaty").reindex(list(TREATIES))
    days = own[["signed", "party_from", "party_until", "as_of"]].fillna("").map(day_text)
    return pd.DataFrame(
        {
            _("Treaty"): [treaty_title(code) for code in TREATIES],
            _("Status"): [_status(code) for code in own["then"]],
            _("Signed"): days["signed"].to_list(),
            _("Joined"): days["party_from"].to_list(),
            _("Left"): days["party_until"].to_list(),
            _("Confirmed to"): days["as_of"].to_list(),
            _("Note"): [_(note) for note in own["note"].fillna("")],
        }
    ).set_index(_("Treaty"))


def beside_risk(rows: pd.DataFrame, scores: pd.DataFrame, likely: pd.DataFrame, day: str) -> pd.DataFrame:
    """The States with the highest index of a year, those bound by least first, those not on file in full last.

    `scores`: rows of one year (iso3, country, risk_index); `likely`: iso3 and `told`, the forecast in words, or empty.
    """
    high = scores[scores["risk_index"].notna()].nlargest(LISTED, "risk_index")
    then = on_day(rows[rows["iso3"].isin(high["iso3"])], day)
    bound = then.assign(party=then["then"] == "party").groupby("iso3")["party"].agg(["sum", "size"])
    own = then.pivot(index="iso3", columns="treaty", values="then")
    table = high.set_index("iso3").join(bound).assign(part=lambda t: ~(t["size"] == bound["size"].max()))
    table = table.sort_values(["part", "sum", "risk_index"], ascending=[True, True, False])
    first = own.reindex(index=table.index, columns=list(TREATIES)[:2])
    shown = pd.DataFrame(
        {
            _("State"): table["country"],
            _("Treaties that bind it"): [_of(*pair) for pair in zip(table["sum"], table["size"], strict=True)],
            **{treaty_title(name): [_status(code) for code in first[name]] for name in first},
            _("Risk index (0-100)"): table["risk_index"].round(1),
        }
    )
    if not likely.empty:
        told = likely.set_index("iso3")["told"]
        shown[_("Likelihood")] = told.reindex(shown.index).fillna(_("no forecast"))
    return shown.set_index(_("State"))


def _of(bound: float, among: float) -> str:
    if pd.isna(among):
        return _("not recorded")
    return _("{bound} of {among} on file").format(bound=number(bound), among=number(among))


def read_convention() -> dict[str, Any]:
    """The draft articles, steps and positions of data/convention.toml."""
    return tomllib.loads(CONVENTION.read_text("utf-8"))


def describe_subjects(convention: dict[str, Any]) -> pd.DataFrame:
    """The draft articles by subject."""
    titles = {int(article): f"{article} {_(title)}" for article, title in convention["articles"].items()}
    table = pd.DataFrame(convention["subjects"])
    articles = [_("; ").join(titles[article] for article in own) for own in table["articles"]]
    told = {_("Subject"): table["subject"].map(_), _("What it asks"): table["what"].map(_), _("Articles"): articles}
    return pd.DataFrame(told).set_index(_("Subject"))


def describe_steps(convention: dict[str, Any]) -> pd.DataFrame:
    """The steps with their dates and sources; a document keeps its name."""
    table = pd.DataFrame(convention["steps"])
    told = {_("When"): table["when"].map(_), _("What"): table["what"].map(_), _("Source"): table["source"]}
    return pd.DataFrame(told).set_index(_("When"))


def describe_positions(convention: dict[str, Any], names: dict[str, str]) -> pd.DataFrame:
    """Declared positions with their sources; `names` are those of States by code."""
    table = pd.DataFrame(convention["positions"])
    states = [names.get(code, code) for code in table["iso3"]]
    told = {_("State"): states, _("Position"): table["position"].map(_), _("Source"): table["source"]}
    return pd.DataFrame(told).set_index(_("State"))


def position_text(convention: dict[str, Any], iso3: str) -> str:
    """A State's declared position on the draft convention, in a sentence."""
    own = [(entry["position"], entry["source"]) for entry in convention["positions"] if entry["iso3"] == iso3]
    if not own:
        return _("Convention on crimes against humanity: position not recorded.")
    found = [_("{position} ({source})").format(position=_(position), source=source) for position, source in own]
    return _("Convention on crimes against humanity: {positions}.").format(positions=_("; ").join(found))
