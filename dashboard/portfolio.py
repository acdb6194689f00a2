"""The reader's list as donors compare it: level, trend, how sure, what drives each State. Needs no Streamlit."""

import pandas as pd

from dashboard import mine, reading, store
from dashboard.brief import common, crisis, prevention
from dashboard.current import kept
from dashboard.language import N_, _, number

ORDERS = {
    "": prevention.TITLE,
    "index": N_("Highest risk index"),
    "rise": N_("Largest rise of the risk index"),
    "coverage": N_("Lowest coverage of the risk index"),
    "likelihood": N_("Highest likelihood"),
}  # by what stands in a link
PARTS_OF_IT = ("structural", "dynamic")  # of the index
PER = 1_000  # States, in which the width of an interval is told


@kept(50)
def table(codes: tuple[str, ...], since: str, outcome: str, window: int, order: str) -> pd.DataFrame:
    """One row per State, as read and downloaded; a number that is not known is missing, and the note says why.

    `order` is one of `ORDERS`; a State without what it goes by stands last. Without the columns of the forecast where
    the release has none.
    """
    rows, change = prevention.order(codes), _change(codes, since)
    forecasts = _forecasts(rows.index, outcome, window) if reading.has_forecasts() else pd.DataFrame(index=rows.index)
    titles = store.measures()
    columns = {
        _("State"): rows["country"],
        _("Row"): rows.index.to_series(),
        _("In crisis, and why"): pd.Series(crisis.reasons(list(rows.index))),
        **{
            _("{measure} (0-100)").format(measure=titles[part].title): rows[part] for part in (*PARTS_OF_IT, mine.INDEX)
        },
        _("Place by the index"): pd.Series({code: common.place(code) for code in rows.index}),
        _("Change since {year}").format(year=mine.shown_year(since)): change.round(1),
        **{name: forecasts[name] for name in forecasts if name != "probability"},
        _("Coverage (0-1)"): rows["coverage"],
        _("Mean data age (years)"): rows["data_age"],
        _("Its two highest structural factors (score)"): _highest(rows, "structural"),
        _("Its two highest dynamic factors (score)"): _highest(rows, "dynamic"),
        _("Note"): pd.Series({code: mine.note(code, score) for code, score in rows[mine.INDEX].items()}),
    }
    found = pd.DataFrame({name: column.reindex(rows.index) for name, column in columns.items()})
    return found.loc[_in_order(rows.assign(change=change), forecasts, order)].reset_index(drop=True)


def _change(codes: tuple[str, ...], since: str) -> pd.Series:
    """The change of the index since a year, by State; missing where one of the two years has none."""
    before, now = (mine.on_the_list(codes, year)[mine.INDEX] for year in (mine.shown_year(since), mine.newest_year()))
    return now - before.reindex(now.index)


def _highest(rows: pd.DataFrame, part: str) -> pd.Series:
    """The factors of a part that weigh most in each State."""
    factors = prevention.factors_of(part)
    return pd.Series({code: prevention.highest(row, factors) for code, row in rows.iterrows()})


def _forecasts(codes: pd.Index, outcome: str, window: int) -> pd.DataFrame:
    """The columns of the forecast with the width of its interval, and the probability, which is not shown."""
    rows = store.rows_of_year(outcome, reading.newest_origin(), window).set_index("iso3").reindex(codes)
    told = {name: column.set_axis(codes) for name, column in mine.forecast_columns(codes, outcome, window).items()}
    width = _("Width of the interval (in {count} States)").format(count=number(PER))
    return pd.DataFrame(told | {width: ((rows["upper"] - rows["lower"]) * PER).round(1)}).assign(
        probability=rows["probability"]
    )


def _in_order(rows: pd.DataFrame, forecasts: pd.DataFrame, order: str) -> pd.Index:
    """The codes in the order asked for; those alike stay as `prevention.order` has them."""
    keys = {"index": -rows[mine.INDEX], "rise": -rows["change"], "coverage": rows["coverage"]}
    if "probability" in forecasts:
        keys["likelihood"] = -forecasts["probability"]
    return keys[order].sort_values(kind="stable", na_position="last").index if order in keys else rows.index
