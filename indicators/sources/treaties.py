"""Parties to the ten UN human-rights treaties, the Genocide Convention and the Rome Statute, with the year they joined.

The files end in 2022 and 2015; `data/treaty_changes.csv` holds the later changes, each with its source.
"""

from pathlib import Path

import pandas as pd

from indicators.files import read_csv
from indicators.sources.contract import contract, renamed

HUMAN_RIGHTS = {"iso2": "code", "year ratification or accession": "party_from", "status": "status"}
PARTICIPANTS = {"Participant": "code", "Ratification": "date"}
CONTRACTS = {
    "human_rights_treaties": contract(["treaty", "code"], "treaty", party_from=(1945, None)),
    "genocide_convention": contract(["treaty", "code"], "treaty", party_from=(1948, None)),
    "rome_statute": contract(["treaty", "code"], "treaty", party_from=(1998, None)),
}


def read_human_rights(paths: dict[str, Path]) -> pd.DataFrame:
    """One row per treaty and State: the year from which it is a party, missing when it is none."""
    return pd.concat(
        [_read_status(path).assign(treaty=name) for name, path in sorted(paths.items())], ignore_index=True
    )


def _read_status(path: Path) -> pd.DataFrame:
    # Namibia's code is "NA"
    table = read_csv(path, keep_default_na=False, na_values={"year ratification or accession": [""]})
    table = renamed(table, HUMAN_RIGHTS, source=f"human_rights_treaties {path.name}")
    return table.assign(party_from=table["party_from"].where(table["status"] == "state party")).drop(columns="status")


def read_genocide_convention(path: Path) -> pd.DataFrame:
    """One row per participant: the year of ratification, accession or succession."""
    return _read_participants(path, "genocide_convention")


def read_rome_statute(path: Path) -> pd.DataFrame:
    """One row per participant: the year of ratification, acceptance or accession; missing for signatories only."""
    return _read_participants(path, "rome_statute")


def _read_participants(path: Path, treaty: str) -> pd.DataFrame:
    table = read_csv(path)
    # the depositary names this column by all the acts that the treaty knows, the last of them ratification
    one_name = table.rename(columns={name: "Ratification" for name in table if name.endswith("Ratification")})
    named = renamed(one_name, PARTICIPANTS, source=treaty)
    year = pd.to_numeric(named["date"].str.extract(r"(\d{4})", expand=False))
    return pd.DataFrame({"code": named["code"].str.strip(), "party_from": year, "treaty": treaty})


def read_acts(paths: dict[str, Path]) -> pd.DataFrame:
    """One row per treaty and name or code in its file, with the days of signing and joining as text.

    `signed`, `party_from`: "1948-12-11", "1987" where the file has the year only, "" where there is none;
    `succeeded`: joined as the successor of another State; `signed_only`: signed and no party, by the file's own word.
    """
    named = {"genocide_convention", "rome_statute"}
    acts = [_acts_by_day(path) if name in named else _acts_by_year(path) for name, path in paths.items()]
    return pd.concat([part.assign(treaty=name) for name, part in zip(paths, acts, strict=True)], ignore_index=True)


def _acts_by_day(path: Path) -> pd.DataFrame:
    table = read_csv(path)
    named = table.rename(columns={name: "joined" for name in table if name.endswith("Ratification")})
    acts = renamed(named, {"Participant": "code", "Signature": "signed", "joined": "joined"}, source=path.name)
    signed, joined = _days(acts["signed"]), _days(acts["joined"])
    return pd.DataFrame(
        {
            "code": acts["code"].str.strip(),
            "signed": signed,
            "party_from": joined,
            "succeeded": acts["joined"].str.endswith(" d", na=False),
            "signed_only": (signed != "") & (joined == ""),
        }
    )


def _days(text: pd.Series) -> pd.Series:
    """ "3 Mar 2016 a" -> "2016-03-03"; "" where there is none."""
    days = text.astype(str).str.extract(r"(\d{1,2} \w{3} \d{4})", expand=False)
    return pd.to_datetime(days, format="%d %b %Y").dt.strftime("%Y-%m-%d").fillna("")


def _acts_by_year(path: Path) -> pd.DataFrame:
    table = read_csv(path, dtype=str, keep_default_na=False)
    acts = renamed(table, HUMAN_RIGHTS, source=f"human_rights_treaties {path.name}")
    party = acts["status"] == "state party"
    return pd.DataFrame(
        {
            "code": acts["code"],
            "signed": "",
            "party_from": acts["party_from"].where(party, ""),
            "succeeded": False,
            "signed_only": acts["status"] == "signatory state",
        }
    )
