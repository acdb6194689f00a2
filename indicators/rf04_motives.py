"""Risk factor 4: motives or incentives."""

import pandas as pd

from indicators.series import KEY, Tables, column, on_grid, sum_of_last, wdi

ALONE = ["MONOPOLY", "DOMINANT"]
IN_POWER = [*ALONE, "SENIOR PARTNER", "JUNIOR PARTNER"]
OUT_OF_POWER = ["POWERLESS", "DISCRIMINATED"]


def resource_rents_pct_gdp(tables: Tables) -> pd.Series:
    """Rents from oil, gas, coal, minerals and forests, in per cent of gross domestic product."""
    return wdi(tables, "NY.GDP.TOTL.RT.ZS")


def stakes_fought_over(tables: Tables) -> pd.Series:
    """What armed conflicts in the country are fought over: 0 nothing, 1 territory or government, 2 both."""
    stakes = tables["ucdp_conflicts"].assign(
        territory=lambda t: t["incompatibility"] != 2, government=lambda t: t["incompatibility"] != 1
    )
    counts = stakes.groupby(KEY)[["territory", "government"]].any().sum(axis="columns")
    return on_grid(counts, tables, "ucdp_conflicts")


def ruled_by_another_group_pct(tables: Tables) -> pd.Series:
    """People outside the ethnic group that rules alone, in per cent of the population; 0 where power is shared."""
    ruling = group_share(tables, ALONE)
    return (100 - ruling).where(ruling > 0, 0.0)


def recent_loss_of_power_pct(tables: Tables) -> pd.Series:
    """People whose ethnic group was put out of executive power in the last five years, per cent of the population."""
    groups = tables["epr"].set_index(["group", *KEY])
    was_in = earlier_status(groups["status"]).isin(IN_POWER)
    lost = groups["size"].where(was_in & groups["status"].isin(OUT_OF_POWER), 0.0)
    return sum_of_last(lost.groupby(KEY).sum().clip(upper=1) * 100, 5).clip(upper=100)


def ideology_as_legitimation(tables: Tables) -> pd.Series:
    """How far the government justifies its rule by an ideology, V-Dem scale."""
    return column(tables, "vdem", "v2exl_legitideol")


def leader_as_legitimation(tables: Tables) -> pd.Series:
    """How far the government justifies its rule by the person of the leader, V-Dem scale."""
    return column(tables, "vdem", "v2exl_legitlead")


def political_polarisation(tables: Tables) -> pd.Series:
    """How far society is split into hostile political camps, V-Dem scale."""
    return column(tables, "vdem", "v2cacamps")


def group_share(tables: Tables, statuses: list[str]) -> pd.Series:
    """People whose ethnic group has one of these statuses, in per cent of the population."""
    groups = tables["epr"]
    size = groups["size"].where(groups["status"].isin(statuses), 0.0)
    return size.groupby([groups["iso3"], groups["year"]]).sum().clip(upper=1) * 100


def earlier_status(status: pd.Series) -> pd.Series:
    """Each group's status in the year before, on the index of the given series (group, iso3, year)."""
    before = status.reset_index().assign(year=lambda t: t["year"] + 1)
    return before.set_index(status.index.names)["status"].reindex(status.index)
