"""Risk factor 6: absence of mitigating factors."""

import pandas as pd

from indicators.series import Tables, column, wdi
from indicators.treaty_status import parties, share_bound


def core_civil_society(tables: Tables) -> pd.Series:
    """Robustness of civil society, index, 0 to 1."""
    return column(tables, "vdem", "v2xcs_ccsi")


def alternative_information(tables: Tables) -> pd.Series:
    """Media that are unbiased, critical and many-voiced, index, 0 to 1."""
    return column(tables, "vdem", "v2xme_altinf")


def opposition_autonomy(tables: Tables) -> pd.Series:
    """Independence of opposition parties from the ruling regime, V-Dem scale."""
    return column(tables, "vdem", "v2psoppaut")


def academic_exchange(tables: Tables) -> pd.Series:
    """Freedom of academics to exchange and publish, also abroad, V-Dem scale."""
    return column(tables, "vdem", "v2cafexch")


def trade_openness_pct_gdp(tables: Tables) -> pd.Series:
    """Exports and imports of goods and services, in per cent of gross domestic product."""
    return wdi(tables, "NE.EXP.GNFS.ZS") + wdi(tables, "NE.IMP.GNFS.ZS")


def atrocity_law_commitments_pct(tables: Tables) -> pd.Series:
    """Of the Genocide Convention, the Rome Statute, CAT and ICCPR, the share of those open that bind the State."""
    return share_bound(
        parties(tables, "genocide_convention"),
        parties(tables, "rome_statute"),
        parties(tables, "human_rights_treaties", only=("cat", "iccpr")),
    )
