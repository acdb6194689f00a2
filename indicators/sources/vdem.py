"""Varieties of Democracy: expert-coded institutions by country-year, and episodes of regime transformation (ERT).

Indices run from 0 to 1; single variables are on the scale of the measurement model (about -4 to 4, higher is freer).
"""

from pathlib import Path

import pandas as pd

from indicators.files import read_any
from indicators.sources.contract import ANY, FLAG, SHARE, contract, renamed

INDICES = [
    "v2x_rule", "v2x_jucon", "v2x_corr", "v2xcs_ccsi", "v2xme_altinf", "v2xpe_exlsocgr", "v2xpe_exlgender",
    "v2xpe_exlpol", "v2x_ex_military", "v2xlg_leginter",
]  # fmt: skip
VARIABLES = [
    "v2clrspct", "v2lgotovst", "v2exl_legitideol", "v2exl_legitlead", "v2cacamps", "v2castate", "v2psoppaut",
    "v2psparban", "v2mecenefm", "v2csreprss", "v2meharjrn", "v2caassemb", "v2clsocgrp", "v2csrlgrep", "v2cldmovem",
    "v2cltort", "v2clkill", "v2juaccnt", "v2caviol", "v2cafexch", "v2clslavem",
]  # fmt: skip
POLYARCHY = {"iso3": "code", "year": "year", "democracy_score": "electoral_democracy"}
ERT = {
    "country_text_id": "code",
    "year": "year",
    "v2x_regime": "regime",
    "reg_start_year": "regime_start_year",
    "aut_ep": "autocratisation",
}
CONTRACTS = {
    "vdem": contract(["code", "year"], **dict.fromkeys(INDICES, SHARE), **dict.fromkeys(VARIABLES, ANY)),
    "vdem_polyarchy": contract(["code", "year"], electoral_democracy=SHARE),
    "ert": contract(["code", "year"], regime=(0, 3), regime_start_year=(1789, None), autocratisation=FLAG),
}


def read_vdem(path: Path) -> pd.DataFrame:
    """One row per country and year: the indices and variables used here, under V-Dem's own names."""
    names = ["country_text_id", "year", *INDICES, *VARIABLES]
    return renamed(read_any(path), {n: n for n in names} | {"country_text_id": "code"}, source="vdem")


def read_polyarchy(path: Path) -> pd.DataFrame:
    """One row per country and year: the electoral democracy index, in the newest edition."""
    return renamed(read_any(path), POLYARCHY, source="vdem_polyarchy")


def read_ert(path: Path) -> pd.DataFrame:
    """One row per country and year: regime type, the year it began, and whether autocratisation is under way."""
    return renamed(read_any(path), ERT, source="ert")
