"""Risk factor 7: enabling circumstances or preparatory action."""

import numpy as np
import pandas as pd

from indicators.rf02_record import political_terror_scale
from indicators.series import Tables, change, column, wdi


def autocratisation(tables: Tables) -> pd.Series:
    """Whether an episode of autocratisation is under way, 0 or 1."""
    return column(tables, "ert", "autocratisation")


def electoral_democracy_change_3_years(tables: Tables) -> pd.Series:
    """Change of the electoral democracy index (0 to 1) in three years."""
    return change(column(tables, "vdem_polyarchy", "electoral_democracy"), 3)


def party_freedom(tables: Tables) -> pd.Series:
    """Absence of bans on parties, V-Dem scale."""
    return column(tables, "vdem", "v2psparban")


def media_freedom_change_3_years(tables: Tables) -> pd.Series:
    """Change of freedom from government censorship of the media in three years, V-Dem scale."""
    return change(column(tables, "vdem", "v2mecenefm"), 3)


def civil_society_freedom(tables: Tables) -> pd.Series:
    """Freedom of civil-society organisations from repression, V-Dem scale."""
    return column(tables, "vdem", "v2csreprss")


def civil_society_freedom_change_3_years(tables: Tables) -> pd.Series:
    """Change of freedom of civil-society organisations from repression in three years, V-Dem scale."""
    return change(column(tables, "vdem", "v2csreprss"), 3)


def journalists_freedom_from_harassment(tables: Tables) -> pd.Series:
    """Freedom of journalists from harassment, V-Dem scale."""
    return column(tables, "vdem", "v2meharjrn")


def freedom_of_assembly(tables: Tables) -> pd.Series:
    """Freedom of peaceful assembly, V-Dem scale."""
    return column(tables, "vdem", "v2caassemb")


def legislature_closed(tables: Tables) -> pd.Series:
    """Whether the legislature was closed down or aborted, 0 or 1."""
    return column(tables, "vdem", "v2xlg_leginter")


def terror_scale_change_3_years(tables: Tables) -> pd.Series:
    """Change of the Political Terror Scale (1 to 5) in three years."""
    return change(political_terror_scale(tables), 3)


def military_spending_surge_3_years(tables: Tables) -> pd.Series:
    """Growth of military expenditure as a share of gross domestic product in three years, log ratio."""
    spending = wdi(tables, "MS.MIL.XPND.GD.ZS")
    return change(np.log(spending.where(spending > 0)), 3)
