"""Indicators that are one column of one source, or one World Bank series: its numbers, unchanged."""

import pytest

from indicators.catalogue import read_catalogue
from tests.tables import known, table, wdi

CATALOGUE = read_catalogue()
COLUMNS = {
    # indicator: (table, column)
    "state_age_years": ("economy_state_age", "state_age"),
    "political_violence": ("vdem", "v2caviol"),
    "freedom_from_torture": ("vdem", "v2cltort"),
    "judicial_accountability": ("vdem", "v2juaccnt"),
    "rule_of_law": ("vdem", "v2x_rule"),
    "judicial_constraints": ("vdem", "v2x_jucon"),
    "political_corruption": ("vdem", "v2x_corr"),
    "impartial_administration": ("vdem", "v2clrspct"),
    "executive_oversight": ("vdem", "v2lgotovst"),
    "ideology_as_legitimation": ("vdem", "v2exl_legitideol"),
    "leader_as_legitimation": ("vdem", "v2exl_legitlead"),
    "political_polarisation": ("vdem", "v2cacamps"),
    "rival_armed_groups": ("ucdp_country_year", "non_state_dyads"),
    "mass_organisations": ("vdem", "v2castate"),
    "military_regime": ("vdem", "v2x_ex_military"),
    "core_civil_society": ("vdem", "v2xcs_ccsi"),
    "alternative_information": ("vdem", "v2xme_altinf"),
    "opposition_autonomy": ("vdem", "v2psoppaut"),
    "academic_exchange": ("vdem", "v2cafexch"),
    "autocratisation": ("ert", "autocratisation"),
    "party_freedom": ("vdem", "v2psparban"),
    "civil_society_freedom": ("vdem", "v2csreprss"),
    "journalists_freedom_from_harassment": ("vdem", "v2meharjrn"),
    "freedom_of_assembly": ("vdem", "v2caassemb"),
    "legislature_closed": ("vdem", "v2xlg_leginter"),
    "coup_attempts_this_year": ("coups", "attempts"),
    "exclusion_by_social_group": ("vdem", "v2xpe_exlsocgr"),
    "exclusion_by_gender": ("vdem", "v2xpe_exlgender"),
    "exclusion_by_political_group": ("vdem", "v2xpe_exlpol"),
    "equal_liberties_of_social_groups": ("vdem", "v2clsocgrp"),
    "freedom_of_religious_organisations": ("vdem", "v2csrlgrep"),
    "ethnic_fractionalisation": ("hief", "fractionalisation"),
    "one_sided_actors": ("ucdp_country_year", "one_sided_actors"),
    "mass_killing_ongoing": ("mass_killing_years", "ongoing"),
    "freedom_from_political_killings": ("vdem", "v2clkill"),
    "freedom_of_movement": ("vdem", "v2cldmovem"),
    "freedom_from_forced_labour": ("vdem", "v2clslavem"),
    "parties_fighting_the_state": ("ucdp_country_year", "state_based_dyads"),
}
SERIES = {
    "gdp_per_head_growth_pct": "NY.GDP.PCAP.KD.ZG",
    "unemployment_pct": "SL.UEM.TOTL.ZS",
    "infant_mortality_per_1000": "SP.DYN.IMRT.IN",
    "tax_revenue_pct_gdp": "GC.TAX.TOTL.GD.ZS",
    "resource_rents_pct_gdp": "NY.GDP.TOTL.RT.ZS",
    "military_spending_pct_gdp": "MS.MIL.XPND.GD.ZS",
}
LINES = """
QMA 2000 0.25
QMA 2001 -
QMB 2000 0
QMB 2003 1
"""
EXPECTED = {("QMA", 2000): 0.25, ("QMB", 2000): 0.0, ("QMB", 2003): 1.0}  # the dash and the gap stay missing


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_taken_as_it_is_and_the_missing_stays_missing(name):
    source, column = COLUMNS[name]
    tables = {source: table(f"iso3 year {column}\n{LINES.strip()}")}
    assert known(CATALOGUE[name].compute(tables)) == EXPECTED
    assert CATALOGUE[name].source == [source]


@pytest.mark.parametrize("name", SERIES)
def test_a_world_bank_series_is_taken_as_it_is_and_no_other(name):
    other = "XX.OTHER.SERIES"
    tables = wdi(**{SERIES[name].replace(".", "_"): LINES, other.replace(".", "_"): "QMA 2000 9\nQMA 2001 9"})
    assert known(CATALOGUE[name].compute(tables)) == EXPECTED
    assert CATALOGUE[name].source == ["wdi"]
