"""Risk factor 7: enabling circumstances or preparatory action."""

import numpy as np
import pandas as pd

from indicators.rf02_record import political_terror_scale
from indicators.series import Tables, column, fall, rise, wdi


def autocratisation(tables: Tables) -> pd.Series:
    """Whether an episode of autocratisation is under way, 0 or 1."""
    return column(tables, "ert", "autocratisation")


def electoral_democracy_fall_3_years(tables: Tables) -> pd.Series:
    """Fall of the electoral democracy index (0 to 1) in three years; 0 where it did not fall."""
    return fall(column(tables, "vdem_polyarchy", "electoral_democracy"), 3)


def party_freedom(tables: Tables) -> pd.Series:
    """Absence of bans on parties, V-Dem scale."""
    return column(tables, "vdem", "v2psparban")


def media_freedom_fall_3_years(tables: Tables) -> pd.Series:
    """Fall of freedom from government censorship of the media in three years, V-Dem scale; 0 where none."""
    return fall(column(tables, "vdem", "v2mecenefm"), 3)


def civil_society_freedom(tables: Tables) -> pd.Series:
    """Freedom of civil-society organisations from repression, V-Dem scale."""
    return column(tables, "vdem", "v2csreprss")


def civil_society_freedom_fall_3_years(tables: Tables) -> pd.Series:
    """Fall of freedom of civil-society organisations from repression in three years, V-Dem scale; 0 where none."""
    return fall(column(tables, "vdem", "v2csreprss"), 3)


def journalists_freedom_from_harassment(tables: Tables) -> pd.Series:
    """Freedom of journalists from harassment, V-Dem scale."""
    return column(tables, "vdem", "v2meharjrn")


def freedom_of_assembly(tables: Tables) -> pd.Series:
    """Freedom of peaceful assembly, V-Dem scale."""
    return column(tables, "vdem", "v2caassemb")


def legislature_closed(tables: Tables) -> pd.Series:
    """Whether the legislature was closed down or aborted, 0 or 1."""
    return column(tables, "vdem", "v2xlg_leginter")


def terror_scale_rise_3_years(tables: Tables) -> pd.Series:
    """Rise of the Political Terror Scale (1 to 5) in three years; 0 where none."""
    return rise(political_terror_scale(tables), 3)


def military_spending_surge_3_years(tables: Tables) -> pd.Series:
    """Rise of military expenditure as a share of gross domestic product in three years, log ratio; 0 where none."""
    spending = wdi(tables, "MS.MIL.XPND.GD.ZS")
    return rise(np.log(spending.where(spending > 0)), 3)
