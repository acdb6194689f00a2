"""A tiny release of invented States, for tests of the dashboard only: `tables()`, and the map's places.

Alandia (QMA) has everything. Bretagna (QMB) has too little data for a score, and a note. The Old Union (QMC) ended on
1 July 2022 and Newland (QMD) succeeded it. Sources: `open` allows raw values, `closed` forbids them.
Scores follow a rule, so that a test can state them: see `score_of`; forecasts too: see `likelihood_of`.
"""

import pandas as pd

TODAY = "2024-03-01"  # the day for tests: soon after the releases that are made of this
YEARS = range(2020, 2024)
MEASURED = [*range(1, 10), 11, 12, 13]
STRUCTURAL = {2, 3, 4, 5, 6, 9}
NAMES = {"QMA": "Alandia", "QMB": "Bretagna", "QMC": "Old Union", "QMD": "Newland", "QME": "Far Isles"}
REGIONS = {"QMA": "Africa", "QMB": "Asia-Pacific", "QMC": "Europe", "QMD": "Western Asia", "QME": "Asia-Pacific"}
OUTCOMES = ["mass_killing", "state_killing", "armed_group_killing", "armed_conflict", "mass_displacement"]
BASELINES = ["climatology", "infant_mortality_population", "last_state", "index"]
DESIGNS = ["operational", "aligned"]
METRICS = [
    *("auc", "average_precision", "recall_at_10", "recall_at_20", "recall_at_30"),
    *("log_score", "brier_score", "brier_skill", "forecast_to_event_ratio"),
]
ORIGIN = 2023  # of the forecasts; those of the backtest: 2021 and 2022
REPLICATES = 20
NOTE = "Deaths in Bretagna are counted in the row of Alandia."


def score_of(iso3: str, year: int, factor: int) -> float:
    """40 for QMA in 2023, ten more for each later letter, one more for each factor, five less for each year back."""
    return 40.0 + 10 * "ABCDE".index(iso3[-1]) + factor - 5 * (2023 - year)


def existed(iso3: str, year: int) -> bool:
    """QMC until 2021, QMD from 2022, the others always."""
    return {"QMC": year <= 2021, "QMD": year >= 2022}.get(iso3, True)


def holder_of(iso3: str, year: int) -> str:
    """The row that holds a present-day State's land: before 2022 Newland's is the Old Union's."""
    return "QMC" if iso3 == "QMD" and year <= 2021 else iso3


def gw_code(iso3: str) -> int:
    return 9000 + ord(iso3[-1])


def tables() -> dict[str, pd.DataFrame]:
    """Every table of the release by name."""
    keys = [(iso3, year) for iso3 in NAMES for year in YEARS if existed(iso3, year)]
    return {
        "scores": pd.DataFrame([_score_row(*key) for key in keys]).astype({"gw_code": "Int64"}),
        "indicators": pd.DataFrame([row for key in keys if key[0] != "QMB" for row in _indicator_rows(*key)]),
        "events": pd.DataFrame([row for key in keys for row in _event_rows(*key)], columns=EVENT_COLUMNS),
        "countries": pd.DataFrame([_country_row(iso3) for iso3 in NAMES]),
        "holders": pd.DataFrame(
            [(iso3, year, holder_of(iso3, year)) for iso3 in NAMES if iso3 != "QMC" for year in YEARS],
            columns=["place", "year", "iso3"],
        ),
        "monthly": pd.DataFrame([row for iso3 in WATCHED for row in _monthly_rows(iso3)]),
        "watch": pd.DataFrame([_watch_row(iso3, month) for iso3 in WATCHED for month in WATCH_MONTHS]).astype(KNOWN),
        "watch_rules": pd.DataFrame([_rule_row(*about) for about in RULES]),
        "commitments": pd.DataFrame(COMMITMENTS, columns=COMMITMENT_COLUMNS),
        "peers": pd.DataFrame([_peer_row(*row) for row in PEERS]).astype(
            {"ours_window_years": "Int64", "rank": "Int64"}
        ),
        **sensitivity_tables(),
        "catalogue": pd.DataFrame([_catalogue_row(kind, factor) for factor in MEASURED for kind in ("open", "closed")]),
        "factors": pd.DataFrame([_factor_row(factor) for factor in range(1, 15)]),
        "sources": pd.DataFrame([_source_row("open", values=True), _source_row("closed", values=False)]),
        "left_out": pd.DataFrame([("open", "not a State", 3, "QZZ", 2020, 2022)], columns=LEFT_OUT_COLUMNS),
    }


def sensitivity_tables() -> dict[str, pd.DataFrame]:
    """Places in 2023: QME, QMD, QMA; each interval is from one place better to one worse, within 1 to 3."""
    places = {"QMA": 3, "QMD": 2, "QME": 1}
    plain = ["equal_indicator_weights", "data_driven_indicator_weights", "data_driven_factor_weights"]
    plain += ["structural_third", "structural_two_thirds", "geometric", "geometric_of_distance"]
    plain += ["standard_scores", "percentile_ranks", *(f"without_rf{factor:02d}" for factor in MEASURED)]
    states = [
        {"iso3": iso3, "gw_code": gw_code(iso3), "risk_index": score_of(iso3, 2023, 5), "year": 2023, "rank": place}
        | {"ranked": 3, "rank_lower": max(place - 1, 1), "rank_median": place, "rank_upper": min(place + 1, 3)}
        | {f"rank_{name}": place for name in plain}
        for iso3, place in places.items()
    ]
    choices = ["indicator_weights", "factor_weights", "balance", "aggregation", "normalisation"]
    choices += ["dropped_indicator", "dropped_factor"]
    named = ["random", "random", "structural_third", "geometric", "percentile_ranks", "open_1", "rf02"]
    others = [
        {"year": 2023, "choice": choice, "alternative": name, "settings": 1, "mean_change": at / 10}
        | {"largest_change": -at, "largest_iso3": "QMD", "spearman": 1 - at / 100}
        for at, (choice, name) in enumerate(zip(choices, named, strict=True))
    ]
    shares = [
        {"year": 2023, "choice": choice, "first_order": at / 100, "total": at / 50}
        | {"first_order_lower": at / 100 - 0.005, "first_order_upper": at / 100 + 0.005}
        | {"total_lower": at / 50 - 0.005, "total_upper": at / 50 + 0.005}
        for at, choice in enumerate(choices, start=1)
    ]
    return {
        "sensitivity": pd.DataFrame(states),
        "sensitivity_alternatives": pd.DataFrame(others),
        "sensitivity_shares": pd.DataFrame(shares),
    }


def likelihood_of(iso3: str, window: int) -> float | None:
    """In two years 0.04 for QMA, 0.2 for QMC, 0.012 for QMD, 0.0004 for QME; half in one; none for QMB."""
    share = {"QMA": 0.04, "QMC": 0.2, "QMD": 0.012, "QME": 0.0004}.get(iso3)
    return None if share is None else share * window / 2


def event_of(iso3: str, year: int) -> int:
    """1 for QMA in 2022, the year of the only event of every kind."""
    return int((iso3, year) == ("QMA", 2022))


def forecast_tables() -> dict[str, pd.DataFrame]:
    """The tables that `publish` adds, by name: the same numbers for every outcome."""
    tasks = [(outcome, window) for outcome in OUTCOMES for window in (1, 2)]
    designed = [(outcome, design, window) for outcome, window in tasks for design in DESIGNS]
    now = [iso3 for iso3 in NAMES if existed(iso3, ORIGIN)]
    known = [iso3 for iso3 in now if likelihood_of(iso3, 1)]
    return {
        "forecasts": pd.DataFrame([_forecast_row(*task, iso3) for task in designed for iso3 in now]).astype(PLACES),
        "explanations": pd.DataFrame(
            [row for task in tasks for iso3 in known for row in _explanation_rows(*task, iso3)]
        ).astype({"factor": "Int64", "data_year": "Int64"}),
        "cases": pd.DataFrame([row for task in tasks for iso3 in known for row in _case_rows(*task, iso3)]),
        "replicates": pd.DataFrame([row for task in tasks for iso3 in known for row in _replicate_rows(*task, iso3)]),
        "backtest": pd.DataFrame([row for task in designed for row in _backtest_rows(*task)]),
        "skill": pd.DataFrame([row for task in designed for row in _skill_rows(*task)]),
        "reliability": pd.DataFrame([row for task in designed for row in _reliability_rows(*task)]),
        "interval_checks": pd.DataFrame([row for task in tasks for row in _check_rows(*task)]),
        "drivers": pd.DataFrame([row for outcome in OUTCOMES for row in _driver_rows(outcome)]),
        "transfer": pd.DataFrame([row for outcome in OUTCOMES for row in _transfer_rows(outcome)]),
        "nowcast": pd.DataFrame([row for task in tasks for row in _nowcast_rows(*task)]),
    }


PLACES = dict.fromkeys(["rank", "rank_lower", "rank_upper"], "Int64")
COMMITMENT_COLUMNS = [
    *("iso3", "name", "un_group", "treaty", "status", "signed", "party_from", "in_force_from", "party_until"),
    *("as_of", "note", "source"),
]
LAST = ("2024-01-31", "", "The depositary")
# Alandia left the first treaty and is bound by cat; Bretagna signed the first; of the Far Isles nothing is on file
ALANDIA = ("QMA", "Alandia", "African")
COMMITMENTS = [
    (*ALANDIA, "rome_statute", "left", "2020-03-01", "2020-05-10", "2020-08-01", "2023-06-02", *LAST),
    ("QMB", "Bretagna", "Asia-Pacific", "rome_statute", "signed", "2021-02-03", "", "", "", *LAST),
    ("QMD", "Newland", "Asia-Pacific", "rome_statute", "party", "", "2022-09-01", "2022-12-01", "", *LAST),
    (*ALANDIA, "cat", "party", "", "2021", "", "", "2022-08-31", "", "The depositary"),
    ("QMD", "Newland", "Asia-Pacific", "cat", "none", "", "", "", "", "2022-08-31", "", "The depositary"),
]
# the final file ends with 2022; QMB is not watched; Alandia has a flag in December 2022 and in November 2023
WATCHED = ["QMA", "QMD", "QME"]
WATCH_MONTHS = ["2022-11", "2022-12", *(f"2023-{month:02d}" for month in range(1, 12))]
KNOWN = dict.fromkeys(["election_12", "election_24", "coup_12", "coup_24", "neighbours"], "Int64") | {
    "momentum_12": float
}
RULES = [
    ("rise", "flag", "ucdp_monthly", 0.61),
    ("rise", "flag", "ucdp_candidate_monthly", 0.63),
    ("coup", "sign", "ucdp_monthly", 0.79),
    ("coup", "sign", "ucdp_candidate_monthly", 0.79),
]
EVENT_COLUMNS = ["iso3", "gw_code", "year", "event", "count", "source"]
LEFT_OUT_COLUMNS = ["source", "reason", "rows", "codes", "first_year", "last_year"]


def _score_row(iso3: str, year: int) -> dict:
    known = iso3 != "QMB"
    row: dict = {"iso3": iso3, "gw_code": gw_code(iso3), "country": NAMES[iso3], "year": year}
    for factor in MEASURED:
        row[f"rf{factor:02d}"] = score_of(iso3, year, factor) if known else None
        row[f"rf{factor:02d}_coverage"] = 0.9 if known else 0.1
        row[f"rf{factor:02d}_data_age"] = 1.5
    for part in ("structural", "dynamic"):
        row[part] = score_of(iso3, year, 0) if known else None
        row[f"{part}_coverage"] = 0.8 if known else 0.1
    row["risk_index"] = score_of(iso3, year, 5) if known else None
    ages = {"data_age": 1.25, "oldest_data_year": year - 3, "newest_data_year": year - 1}
    return row | {"coverage": 0.85 if known else 0.1} | ages


def _event_rows(iso3: str, year: int) -> list[tuple]:
    """What the outcomes are made of, all known from 2020 to 2023."""
    event = event_of(iso3, year)
    counts = {
        "regime_change": 0.0,
        "mass_killing_onset": event,
        "one_sided_deaths_by_governments": 25 * event,
        "one_sided_deaths_by_groups": 25 * event,
        "battle_deaths": 25 * event,
        "newly_displaced_abroad": 10 * event,
        "population": 1000,
    }
    return [(iso3, gw_code(iso3), year, kind, float(count), "open") for kind, count in counts.items()]


def _monthly_rows(iso3: str) -> list[dict]:
    """Two deaths in each month of 2022 and three in each known of 2023, in Alandia a hundred times as many."""
    times = 100 if iso3 == "QMA" else 1
    months = [(2022, month, "ucdp_monthly", 2.0) for month in range(1, 13)]
    months += [(2023, month, "ucdp_candidate_monthly", 3.0) for month in range(1, 12)]
    return [
        {"iso3": iso3, "gw_code": gw_code(iso3), "year": year, "month": month, "source": source}
        | {"deaths": deaths * times, "preliminary": year == 2023}
        for year, month, source, deaths in months
    ]


def _watch_row(iso3: str, month: str) -> dict:
    """Momentum is the logarithm of 2 in Alandia, 0 elsewhere; of twelve months it is not known."""
    flag, preliminary = iso3 == "QMA" and month in ("2022-12", "2023-11"), month >= "2023"
    deaths = {name: number * (100 if iso3 == "QMA" else 1) for name, number in DEATHS.items()}
    doubled = 0.69 if iso3 == "QMA" else 0.0
    return {
        **{"iso3": iso3, "gw_code": gw_code(iso3), "month": month, "preliminary": preliminary},
        **{"source": "ucdp_candidate_monthly" if preliminary else "ucdp_monthly"},
        **deaths,
        **{"momentum_3": doubled, "momentum_6": doubled, "momentum_12": None, "outbreak": 0},
        **{"neighbours": 1, "election_12": 1, "election_24": None, "coup_12": 0, "coup_24": None},
        **{"flags": "rise" if flag else "", "signs": "coup" if iso3 == "QMD" else ""},
    }


DEATHS = {"deaths": 2, "deaths_3": 6, "deaths_6": 12, "deaths_12": 24}


def _rule_row(rule: str, kind: str, source: str, share: float) -> dict:
    """A hundred flags; the interval is 0.05 to either side."""
    shares = {"false_alarm": share, "caught": 0.25, "killing": 0.74}
    return {
        **{"rule": rule, "kind": kind, "text": f"An invented {rule}.", "followed_by": "An invented escalation."},
        **{"source": source, "serves": "measurement", "first_month": "2011-03", "last_month": "2020-12"},
        **{"flags": 100, "flagged_states": 3, "flags_per_month": 1.2, "followed": round(100 * (1 - share))},
        **{f"{name}_share": middle for name, middle in shares.items()},
        **{f"{name}_lower": middle - 0.05 for name, middle in shares.items()},
        **{f"{name}_upper": middle + 0.05 for name, middle in shares.items()},
        **{"escalations": 150, "base_rate": 0.05, "killing_base_rate": 0.14},
    }


def _task(outcome: str, design: str, window: int, origin: int) -> dict:
    window_years = {"window_years": window, "window_start": origin + 1, "window_end": origin + window}
    return {"outcome": outcome, "design": design, "origin": origin} | window_years


def _forecast_row(outcome: str, design: str, window: int, iso3: str) -> dict:
    """The interval is from half to twice the probability; the place, one less and one more; none if not operational."""
    share, place = likelihood_of(iso3, window), {"QMA": 1, "QMD": 2, "QME": 3}.get(iso3)
    sure = share is not None and place is not None and design == "operational"
    return {
        "release": "2024-01",
        **_task(outcome, design, window, ORIGIN),
        **{"iso3": iso3, "gw_code": gw_code(iso3), "model": "published"},
        **{"candidate": "boosting", "calibrator": "sigmoid", "base_rate": 0.01 * window / 2, "ranked": 3},
        **{"probability": share, "lower": share / 2 if sure else None, "upper": share * 2 if sure else None},
        **{"rank": place, "rank_lower": max(place - 1, 1) if sure else None},
        **{"rank_upper": min(place + 1, 3) if sure else None},
        **{"probability_before": share / 2 if share else None},
        **{"coverage": 0.1 if share is None else 0.8, "data_age": 1.75},
    }


def _explanation_rows(outcome: str, window: int, iso3: str) -> list[dict]:
    """`level` -0.5; the open indicator of factor n adds n / 10 and that of the closed takes n / 20; half is new."""
    task = {"outcome": outcome, "window_years": window, "iso3": iso3}
    parts = [("level", None, -0.5, None)]
    parts += [(f"open_{factor}", factor, factor / 10, 2022) for factor in MEASURED]
    parts += [(f"closed_{factor}", factor, -factor / 20, None) for factor in MEASURED]
    return [
        task
        | {"indicator": name, "factor": factor, "contribution": adds, "data_year": year}
        | {"change": adds / 2 if factor else 0.0}
        for name, factor, adds, year in parts
    ]


def _case_rows(outcome: str, window: int, iso3: str) -> list[dict]:
    """Two past cases of 2021; an event followed in Alandia, not in the other."""
    task = {"outcome": outcome, "window_years": window, "iso3": iso3}
    others = [other for other in ("QMA", "QMC", "QME") if other != iso3][:2]
    return [
        task
        | {"place": place, "case_iso3": other, "case_origin": 2021, "distance": 2.5 * place}
        | {"event": float(other == "QMA")}
        for place, other in enumerate(others, start=1)
    ]


def _replicate_rows(outcome: str, window: int, iso3: str) -> list[dict]:
    """The forecast itself; in every fourth replicate QMD has a twentieth more than QMA."""
    return [
        {
            "outcome": outcome,
            "window_years": window,
            "replicate": replicate,
            "iso3": iso3,
            "probability": 0.05 if iso3 == "QMD" and replicate % 4 == 0 else likelihood_of(iso3, window),
        }
        for replicate in range(1, REPLICATES + 1)
    ]


def _backtest_rows(outcome: str, design: str, window: int) -> list[dict]:
    """Of QMA, QMC, QMD and QME as they existed; a window that reaches beyond 2023 is not known."""
    return [
        _task(outcome, design, window, origin)
        | {"iso3": iso3, "gw_code": gw_code(iso3), "model": model}
        | {"probability": likelihood_of(iso3, window) if model == "published" else 0.01 * window}
        | {"event": float(origin == 2021 and iso3 == "QMA") if origin + window <= 2023 else None}
        for origin in (2021, 2022)
        for iso3 in NAMES
        if iso3 != "QMB" and existed(iso3, origin)
        for model in ("published", *BASELINES)
    ]


def _skill_rows(outcome: str, design: str, window: int) -> list[dict]:
    """A score of 0.8 (0.7 to 0.9) for all but the ratio, 1.1; ahead of climatology by 0.2, of others by 0.01."""
    task = {"outcome": outcome, "design": design, "window_years": window}
    rows = []
    for period in ("all", "2021-2022"):
        for model, baseline in [("published", ""), ("climatology", ""), *(("published", name) for name in BASELINES)]:
            for metric in METRICS:
                middle = 1.1 if metric == "forecast_to_event_ratio" else 0.8
                middle = {"": middle, "climatology": 0.2}.get(baseline, 0.01)
                about = {"period": period, "model": model, "published": model == "published", "baseline": baseline}
                score = {"metric": metric, "estimate": middle, "lower": middle - 0.1, "upper": middle + 0.1}
                rows.append(task | about | score | {"n": 50, "events": 10})
    return rows


def _reliability_rows(outcome: str, design: str, window: int) -> list[dict]:
    """Two bins of 25: no event at 0.002, and 10 at 0.3."""
    task = {"outcome": outcome, "design": design, "window_years": window, "model": "published"}
    low = {"bin": 1, "n": 25, "events": 0, "mean_probability": 0.002, "event_rate": 0.0, "lower": 0.0, "upper": 0.13}
    high = {"bin": 2, "n": 25, "events": 10, "mean_probability": 0.3, "event_rate": 0.4, "lower": 0.23, "upper": 0.59}
    return [task | low, task | high]


def _check_rows(outcome: str, window: int) -> list[dict]:
    """Three parts of one origin's list, two of them inside."""
    task = {"outcome": outcome, "design": "operational", "window_years": window, "origin": 2021}
    return [
        task | {"places": places, "expected": 1.5, "lower": 0.0, "upper": 3.0, "events": events, "inside": events <= 3}
        for places, events in (("1-10", 5), ("11-30", 0), ("31 and below", 1))
    ]


def _driver_rows(outcome: str) -> list[dict]:
    """Factor 1 tells of all outcomes, 2 of the first two, 3 the other way of the last; 2 adds to armed conflict.

    Of the indicators, the open of factor n is n hundredths above what tells nothing, the closed as much below.
    """
    alone = {1: 0.7, 2: 0.7 if outcome in OUTCOMES[:2] else 0.52, 3: 0.4 if outcome == OUTCOMES[-1] else 0.52}
    adds = {2: 0.02 if outcome == "armed_conflict" else 0.0}
    found = [("factor", f"rf{n:02d}", "alone", alone.get(n, 0.52), 0.08) for n in MEASURED]
    found += [("factor", f"rf{n:02d}", "adds", adds.get(n, 0.0), 0.01) for n in MEASURED]
    for kind, sign in (("open", 1), ("closed", -1)):
        found += [("indicator", f"{kind}_{n}", "alone", 0.5 + sign * n / 100, 0.1) for n in MEASURED]
        found += [("indicator", f"{kind}_{n}", "adds", sign * n / 1000, 0.01) for n in MEASURED]
    task = {"outcome": outcome, "design": "operational", "window_years": 2}
    return [
        task
        | {"level": level, "driver": driver, "measure": measure}
        | {"estimate": middle, "lower": middle - half, "upper": middle + half, "n": 50, "events": 10}
        for level, driver, measure, middle, half in found
    ]


# what the own model is ahead of every other's by, with its interval; its AUC is 0.8, and chance gives 0.5
AHEAD = dict.fromkeys(OUTCOMES[:3], (0.05, -0.01, 0.11)) | {
    "armed_conflict": (0.08, 0.02, 0.18),
    "mass_displacement": (0.2, 0.1, 0.3),
}


def _transfer_rows(outcome: str) -> list[dict]:
    """See AHEAD; intervals are 0.05 to either side; the number of events is ten for each letter of the outcome."""
    rows = []
    for trained_on in OUTCOMES:
        less, lower, upper = AHEAD[outcome] if trained_on != outcome else (0.0, 0.0, 0.0)
        for metric in ("auc", "average_precision", "recall_at_30"):
            chance = (0.5, 0.45, 0.56) if metric == "auc" else (None, None, None)
            rows.append(
                {"outcome": outcome, "design": "operational", "window_years": 2, "trained_on": trained_on}
                | {"metric": metric, "estimate": 0.8 - less, "lower": 0.75 - less, "upper": 0.85 - less}
                | {"own_less": less, "own_less_lower": lower, "own_less_upper": upper}
                | dict(zip(("chance", "chance_lower", "chance_upper"), chance, strict=True))
                | {"n": 500, "events": 10 * len(outcome)}
            )
    return rows


def _nowcast_rows(outcome: str, window: int) -> list[dict]:
    """With the months 0.8 and without 0.7 by every score; only the difference of the AUC leaves zero out."""
    task = {"outcome": outcome, "design": "operational", "window_years": window}
    return [
        task
        | {"layer": layer, "metric": metric, "estimate": middle}
        | {"lower": middle - half, "upper": middle + half, "n": 50, "events": 10}
        for metric in METRICS
        for layer, middle in (("with", 0.8), ("without", 0.7), ("difference", 0.1))
        for half in [0.05 if metric == "auc" else 0.2]
    ]


def _indicator_rows(iso3: str, year: int) -> list[dict]:
    """For each factor one indicator of either source; the value of the open one is a quarter of the factor's number."""
    same = {"iso3": iso3, "gw_code": gw_code(iso3), "year": year}
    return [
        same
        | {
            "indicator": f"{kind}_{factor}",
            "value": factor / 4 if kind == "open" else None,
            "score": score_of(iso3, year, factor),
            "data_year": year - 1,
            "source": kind,
        }
        for factor in MEASURED
        for kind in ("open", "closed")
    ]


def _country_row(iso3: str) -> dict:
    return {
        "iso3": iso3,
        "gw_code": gw_code(iso3),
        "name": NAMES[iso3],
        "start": "2022-07-02" if iso3 == "QMD" else "1950-01-01",
        "end": "2022-07-01" if iso3 == "QMC" else None,
        "kind": "other",
        "region": REGIONS[iso3],
        "un_group": "",
        "predecessor": "QMC" if iso3 == "QMD" else "",
        "note": NOTE if iso3 == "QMB" else "",
    }


# Onset Watch has Bretagna, of which we have no forecast, and not the Far Isles; Index Watch has a licence
PEERS = [("Onset Watch", "QMA", 0.3, 3), ("Onset Watch", "QMB", 0.4, 2), ("Onset Watch", "QMD", 0.5, 1)]
PEERS += [("Index Watch", "QMA", 9.0, 1), ("Index Watch", "QMD", 5.0, 2), ("Index Watch", "QME", 1.0, 3)]


def _peer_row(system: str, iso3: str, value: float, rank: int) -> dict:
    of_index = system == "Index Watch"
    return {
        **{"iso3": iso3, "gw_code": gw_code(iso3), "system": system, "measure": "risk", "what": "An invented risk."},
        **{"window": "2023 and 2024", "edition": "7", "published": "" if of_index else "2023-05", "value": value},
        **{"unit": "invented points", "rank": rank, "ranked": 3, "ours": "risk_index" if of_index else "mass_killing"},
        **{"ours_window_years": None if of_index else 2, "source": "open"},
        **{"licence": "CC BY 4.0" if of_index else "none stated", "terms": "https://example.org/terms"},
    }


def _catalogue_row(kind: str, factor: int) -> dict:
    return {
        "indicator": f"{kind}_{factor}",
        "title": f"{kind.capitalize()} indicator {factor}",
        "factor": factor,
        "also_bears_on": "",
        "source": kind,
        "unit": "events per year",
        "direction": "higher_is_riskier",
        "transform": "log1p",
        "goalpost_low": 0.0,
        "goalpost_high": 50.0,
        "goalposts_why": "An invented reason.",
        "weight": 1.0,
        "max_age_years": 5,
        "why": "An invented reason.",
        "reference": "Nobody (2020)",
        "caveats": "Invented.",
    }


def _factor_row(factor: int) -> dict:
    measured = factor in MEASURED
    return {
        "factor": factor,
        "name": f"Invented factor {factor}",
        "group": "common",
        "part": "structural" if factor in STRUCTURAL else "dynamic",
        "measured": measured,
        "note": "" if measured else f"Records of kind {factor} would measure it.",
    }


def _source_row(source: str, *, values: bool) -> dict:
    return {
        "source": source,
        "title": f"{source.capitalize()} data",
        "producer": "Nobody",
        "edition": "1.0",
        "url": f"https://example.org/{source}",
        "licence": "CC BY 4.0" if values else "cite only",
        "values_in_release": values,
        "citation": "Nobody (2024). Invented Data.",
        "lag_months": 6,
        "first_year": 2020,
        "last_year": 2022,
        "absent_means": "unknown",
        "accessed": "2024-01-01",
        "rows_read": 10,
        "rows_matched": 7,
        "rows_left_out": 3,
        "sha256": "0" * 64,
    }


def places() -> pd.DataFrame:
    """The map's places: one for each present-day State, a held place (QMX) and a territory without a row (QMT)."""
    rows = [(iso3, "", iso3, 10.0, 5.0, iso3 == "QME") for iso3 in NAMES if iso3 != "QMC"]
    rows += [("QMX", "Held Land", "QMA", 20.0, 5.0, False), ("QMT", "Loose Island (Nobody)", "", 30.0, 5.0, True)]
    return pd.DataFrame(rows, columns=["place", "name", "holder", "lon", "lat", "tiny"])


def world() -> dict:
    """The map's shapes: squares of 800 units in a row from the west, 1,000 apart, and a dot for the Far Isles."""
    order = ["QMA", "QMB", "QMD", "QMX", "QMT"]
    squares = {place: f"M{1000 * at} 0l800 0 0 800-800 0z" for at, place in enumerate(order)}
    centres = {place: [1000 * at + 400, 400] for at, place in enumerate(order)} | {"QME": [400, 1600]}
    windows = {"All": [-500, -500, 5300, 2000], "Africa": [-100, -100, 900, 900]}
    return {"paths": squares, "centres": centres, "disputed": [], "lines": "", "windows": windows}
