"""Risk factor 9: intergroup tensions or patterns of discrimination against protected groups."""

import pandas as pd

from indicators.rf04_motives import OUT_OF_POWER, group_share
from indicators.series import Tables, column


def excluded_population_pct(tables: Tables) -> pd.Series:
    """People whose ethnic group is kept out of executive power, in per cent of the population."""
    return group_share(tables, [*OUT_OF_POWER, "SELF-EXCLUSION"])


def discriminated_population_pct(tables: Tables) -> pd.Series:
    """People whose ethnic group is actively and on purpose discriminated against, in per cent of the population."""
    return group_share(tables, ["DISCRIMINATED"])


def exclusion_by_social_group(tables: Tables) -> pd.Series:
    """Exclusion from services, jobs and rights by social group, index, 0 to 1."""
    return column(tables, "vdem", "v2xpe_exlsocgr")


def exclusion_by_gender(tables: Tables) -> pd.Series:
    """Exclusion from services, jobs and rights by gender, index, 0 to 1."""
    return column(tables, "vdem", "v2xpe_exlgender")


def exclusion_by_political_group(tables: Tables) -> pd.Series:
    """Exclusion from services, jobs and rights by political group, index, 0 to 1."""
    return column(tables, "vdem", "v2xpe_exlpol")


def equal_liberties_of_social_groups(tables: Tables) -> pd.Series:
    """Equality of civil liberties between social groups, V-Dem scale."""
    return column(tables, "vdem", "v2clsocgrp")


def freedom_of_religious_organisations(tables: Tables) -> pd.Series:
    """Freedom of religious organisations from repression, V-Dem scale."""
    return column(tables, "vdem", "v2csrlgrep")


def ethnic_fractionalisation(tables: Tables) -> pd.Series:
    """Chance that two people drawn at random belong to different ethnic groups, 0 to 1."""
    return column(tables, "hief", "fractionalisation")
