"""An invented release for the models: `Invented`, and the task of forecasting its one outcome."""

import numpy as np
import pandas as pd

from indicators.catalogue import read_catalogue
from models import backtest as rolling
from models.design import Design
from models.outcomes import OUTCOMES

YEARS = range(1980, 1999)
STATES = [f"Q{first}{second}" for first in "MNO" for second in "ABCDEF"]


class Invented:
    """What a backtest reads of a release: States whose first indicator drives the event, and noise."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        spine = pd.DataFrame([(state, year) for state in STATES for year in YEARS], columns=["iso3", "year"])
        risk = rng.uniform(0, 100, len(spine))
        names = list(read_catalogue())
        scores = {name: risk if n == 0 else rng.uniform(0, 100, len(spine)) for n, name in enumerate(names)}
        wide = pd.concat([spine, pd.DataFrame(scores)], axis=1)
        long = wide.melt(["iso3", "year"], var_name="indicator", value_name="score")
        self.indicators = long.assign(data_year=long["year"], source="vdem", gw_code=pd.NA)
        self.scores = spine.assign(gw_code=pd.NA, country=spine["iso3"])
        before = wide.groupby("iso3")[names[0]].shift()
        onset = (before > 85).astype(float)
        self.events = spine.assign(event="mass_killing_onset", count=onset, source="mass_killing")
        entries = read_catalogue().values()
        about = {"factor": [entry.factor for entry in entries], "source": [";".join(entry.source) for entry in entries]}
        self.catalogue = pd.DataFrame({"indicator": names, **about})

    def changed_after(self, year: int) -> "Invented":
        """The same world up to a year, another after it."""
        other = Invented()
        late, happened = other.indicators["year"] > year, other.events["year"] > year
        other.indicators["score"] = other.indicators["score"].where(~late, 100 - other.indicators["score"])
        other.events["count"] = other.events["count"].where(~happened, 1 - other.events["count"])
        return other


def task_of(release: Invented, window: int = 2) -> rolling.Task:
    """Onset of mass killing in the invented release, aligned."""
    design = Design("aligned", dict.fromkeys(read_catalogue(), 0), 0)
    return rolling.make_task(release, OUTCOMES["mass_killing"], design, window=window)
