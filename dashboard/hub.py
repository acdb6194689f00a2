"""Forecasts in the hubverse's model-output layout, for forecast hubs: https://docs.hubverse.io/en/latest/user-guide/.

How ours map: each operational forecast is a task of `origin_date` (the day of issue), `target` (the outcome),
`horizon` (years of the window), `target_end_date` (its last day) and `location` (code of the State's row). Whether the
event comes is yes or no, so that the output type is `pmf` with these two: `value` is the probability of each, and the
two sum to 1. A State without a forecast has no line. The interval of a probability is no quantile of the event and the
replicates are no samples of it, so that neither is here: they are in the tables `forecasts` and `replicates`.
"""

from datetime import date

import pandas as pd

TASK = ["origin_date", "target", "horizon", "target_end_date", "location"]
COLUMNS = [*TASK, "output_type", "output_type_id", "value"]
MODEL = "upstream-published"  # team and model, as a hub names them
ISSUED = "operational"


def model_output(forecasts: pd.DataFrame, issued: date) -> pd.DataFrame:
    """The operational forecasts of a release, two lines each: `COLUMNS`; `forecasts` as in the codebook."""
    ours = forecasts[(forecasts["design"] == ISSUED) & forecasts["probability"].notna()]
    tasks = pd.DataFrame(
        {
            "origin_date": issued.isoformat(),
            "target": ours["outcome"],
            "horizon": ours["window_years"],
            "target_end_date": ours["window_end"].astype(str) + "-12-31",
            "location": ours["iso3"],
            "output_type": "pmf",
        }
    )
    yes = tasks.assign(output_type_id="yes", value=ours["probability"])
    no = tasks.assign(output_type_id="no", value=1 - ours["probability"])
    return pd.concat([yes, no])[COLUMNS].sort_values([*TASK, "output_type_id"], ascending=True, ignore_index=True)


def file_name(issued: date) -> str:
    """The name under which a hub takes the file, in the folder `model-output/upstream-published`."""
    return f"{issued.isoformat()}-{MODEL}.csv"
