"""Risk factor 3: weakness of State structures."""

import pandas as pd

from indicators.series import Tables, column, wdi
from indicators.treaty_status import parties, share_bound


def rule_of_law(tables: Tables) -> pd.Series:
    """Rule of law index, 0 to 1."""
    return column(tables, "vdem", "v2x_rule")


def judicial_constraints(tables: Tables) -> pd.Series:
    """How far courts bind the executive, index, 0 to 1."""
    return column(tables, "vdem", "v2x_jucon")


def political_corruption(tables: Tables) -> pd.Series:
    """Political corruption index, 0 to 1 (higher is more corrupt)."""
    return column(tables, "vdem", "v2x_corr")


def impartial_administration(tables: Tables) -> pd.Series:
    """Rigorous and impartial public administration, V-Dem scale."""
    return column(tables, "vdem", "v2clrspct")


def executive_oversight(tables: Tables) -> pd.Series:
    """Likelihood that a body outside parliament would investigate the executive, V-Dem scale."""
    return column(tables, "vdem", "v2lgotovst")


def tax_revenue_pct_gdp(tables: Tables) -> pd.Series:
    """Tax revenue of the central government, in per cent of gross domestic product."""
    return wdi(tables, "GC.TAX.TOTL.GD.ZS")


def human_rights_treaties_pct(tables: Tables) -> pd.Series:
    """Of the ten UN human-rights treaties and protocols on file, the share of those open that bind the State."""
    return share_bound(parties(tables, "human_rights_treaties"))
