"""What the outcomes share: which risk factors tell of which, and how far a model of one serves for another.

All of it out of sample, in the operational design: at each origin a model is fitted on what was known then, and its
forecasts of that origin are scored. The model is a candidate of `models.risk` that is told no sign (more of an
indicator may lower its forecast), so that what it finds, it found in the outcome's own past: a model that may only add
up what is called risky has skill on anything, even on outcomes that were dealt out at random.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from joblib import Memory, Parallel, delayed
from rich.progress import track
from sklearn.metrics import roc_auc_score

from models import risk, skill
from models.backtest import FIRST, Task, one_thread, with_published
from models.design import split, usable
from models.track import INTERVAL, PUBLISHED

MODEL = "elastic_net"
# by order alone: a probability of one outcome is none of another
METRICS = ["auc", "average_precision", "recall_at_30"]
DEALT, DEALT_EVERY = 20, 3  # times that each outcome is dealt out at random, and origins of which that is scored
OWN, WITHOUT = "own", "without"
KEYS = ["origin", "iso3", "event"]
Groups = dict[str, tuple[str, ...]]


def groups_of(catalogue: pd.DataFrame) -> Groups:
    """The indicators of each factor ("rf01") and each indicator by itself, by name."""
    factors = {f"rf{number:02d}": tuple(rows) for number, rows in catalogue.groupby("factor")["indicator"]}
    return factors | {name: (name,) for name in catalogue["indicator"]}


def forecasts(
    task: Task, groups: Groups, *, every: int = 1, memory: Memory | None = None, progress: bool = False
) -> pd.DataFrame:
    """By State and origin: `event`, the forecast `own`, and one column per group: the forecast without its news.

    `every`: so many origins apart. Run it inside `models.backtest.workers` to use more than one process; with
    `memory`, what is done is kept.
    """
    once = memory.cache(forecast_at, ignore=["task"]) if memory else forecast_at
    at = partial(once, task.lean(), task.key, groups)
    origins = [origin for origin in task.origins if origin >= FIRST and (origin - FIRST) % every == 0]
    done = Parallel(return_as="generator")(delayed(at)(origin) for origin in origins)
    name = f"{task.outcome.name} {task.design.name} {task.window}y: shared drivers"
    return pd.concat(track(done, total=len(origins), description=name, disable=not progress), ignore_index=True)


def forecast_at(task: Task, key: str, groups: Groups, origin: int) -> pd.DataFrame:
    """One origin's rows of `forecasts`. Without its news: as if each State had the training rows' median in the group.

    `key`: the task's, by which what is done is found again.
    """
    train, test = split(task.frame, task.known, design=task.design, origin=origin, window=task.window)
    names = usable(task.frame[list(task.design.ages)].iloc[train])
    scores, target = task.frame[names].to_numpy(), task.known.reindex(task.frame.index).to_numpy()
    typical, rows = np.nanmedian(scores[train], axis=0), scores[test]
    held = [np.where(np.isin(names, members), typical, rows) for members in groups.values()]
    with one_thread():
        model = risk.make_candidates(len(names))[MODEL].fit(scores[train], target[train])
        given = model.predict_proba(np.concatenate([rows, *held]))[:, 1].reshape(1 + len(groups), len(rows))
    known = task.frame.iloc[test].index.to_frame(index=False).assign(event=target[test])
    return pd.concat([known, pd.DataFrame(given.T, columns=[OWN, *groups])], axis="columns")


def shuffled(task: Task, number: int) -> Task:
    """The same task with the outcome dealt out anew among all States and origins: there is nothing to learn.

    Whole histories dealt out among the countries would keep the calendar: the world saw more of most outcomes when it
    was poorer, and a model learns from that alone what tells rich from poor today.
    """
    order = np.random.default_rng(number).permutation(len(task.known))
    return replace(task, known=pd.Series(task.known.to_numpy()[order], task.known.index, name=task.known.name))


def without_months(task: Task, catalogue: pd.DataFrame) -> Task:
    """The same task without the indicators that count the newest months."""
    monthly = catalogue.loc[catalogue["source"].str.contains("candidate_monthly"), "indicator"]
    ages = {name: age for name, age in task.design.ages.items() if name not in set(monthly)}
    design = replace(task.design, ages=ages)
    return replace(task, design=design, frame=task.frame.drop(columns=monthly, errors="ignore"))


def drivers(task: Task, made: pd.DataFrame, groups: Groups, *, jobs: int = 1) -> pd.DataFrame:
    """The table `drivers` of one outcome, as data/codebook.toml has it; `made` from `forecasts`.

    `alone`: ROC AUC of the score of the factor or indicator by itself, as known at the origin; nothing is fitted.
    `adds`: by how much the model's AUC falls without the group's news; the model is not fitted anew without it, so
    that what two groups tell alike counts for neither.
    """
    scores = task.scores.filter(regex=r"^rf\d\d$").join(task.frame[list(task.design.ages)], how="right")
    alone = made[KEYS].join(scores[[name for name in groups if name in scores]] / 100, on=["iso3", "origin"])
    rows = [
        _scored(task, alone, jobs=jobs).query("baseline == ''").assign(measure="alone", driver=lambda t: t["model"]),
        _scored(task, made.rename(columns={OWN: PUBLISHED}), against=tuple(groups), jobs=jobs)
        .query("baseline != ''")
        .assign(measure="adds", driver=lambda t: t["baseline"]),
    ]
    table = pd.concat(rows).query("metric == 'auc'")
    return table.assign(level=np.where(table["driver"].isin(list(scores.filter(regex="^rf"))), "factor", "indicator"))


def transfer(
    tasks: Mapping[str, Task],
    made: Mapping[str, pd.DataFrame],
    random: Mapping[str, list[pd.DataFrame]],
    *,
    jobs: int = 1,
) -> pd.DataFrame:
    """The table `transfer`: on each outcome, the skill of models trained on each, and of its own model less it.

    `made`: by outcome, `forecasts` of its task; `random`: those of its task `shuffled`, several times. The AUC that
    comes of these is what chance gives: the mean, and 95 % of the times.
    """
    parts = []
    for outcome, task in tasks.items():
        wide = made[outcome][KEYS].join(_side_by_side(made), on=KEYS[:2])
        scored = _scored(task, wide.assign(**{PUBLISHED: wide[outcome]}), against=tuple(tasks), jobs=jobs)
        parts.append(scored.merge(_chance(made[outcome], random).assign(metric="auc"), how="left",
                                  left_on=["model", "metric"], right_on=["trained_on", "metric"]))  # fmt: skip
    table = pd.concat(parts).query("metric in @METRICS").drop(columns="trained_on")
    key = ["outcome", "design", "window_years", "metric", "trained_on"]
    skills = table.query("baseline == '' and model != @PUBLISHED").rename(columns={"model": "trained_on"})
    names = {"baseline": "trained_on", "estimate": "own_less", "lower": "own_less_lower", "upper": "own_less_upper"}
    less = table.query("baseline != ''")[[*key[:4], *names]].rename(columns=names)
    return skills.drop(columns="baseline").merge(less, on=key, how="left", validate="one_to_one")


def _side_by_side(made: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.DataFrame({name: rows.set_index(KEYS[:2])[OWN] for name, rows in made.items()})


def _chance(target: pd.DataFrame, random: Mapping[str, list[pd.DataFrame]]) -> pd.DataFrame:
    """By trained_on, the AUC on one outcome of models that had nothing to learn: chance, chance_lower, chance_upper."""
    known = target[KEYS].dropna()
    lines = []
    for name, draws in random.items():
        joined = [known.merge(rows[[*KEYS[:2], OWN]], on=KEYS[:2]) for rows in draws]
        found = np.array([roc_auc_score(each["event"], each[OWN]) for each in joined])
        lines.append((name, found.mean(), *np.quantile(found, INTERVAL)))
    return pd.DataFrame(lines, columns=["trained_on", "chance", "chance_lower", "chance_upper"])


def nowcast(task: Task, raw: pd.DataFrame, plain: pd.DataFrame, lean: Task, *, jobs: int = 1) -> pd.DataFrame:
    """The table `nowcast` of one outcome and window: the published forecasts with and without the newest months.

    `raw`, `plain`: `models.backtest.raw_forecasts` of the task, and of `lean`, the task `without_months`.
    """
    published = [
        with_published(rows, each).set_index(KEYS[:2])[PUBLISHED] for rows, each in ((raw, task), (plain, lean))
    ]
    names = [PUBLISHED, WITHOUT, skill.REFERENCE]
    given = pd.concat([*published, raw.set_index(KEYS[:2])[skill.REFERENCE]], axis="columns", keys=names)
    wide = raw.loc[raw["origin"] >= FIRST, KEYS].join(given, on=KEYS[:2])
    table = _scored(task, wide, against=(WITHOUT,), jobs=jobs).query("model != @skill.REFERENCE")
    layer = np.where(table["baseline"] != "", "difference", np.where(table["model"] == PUBLISHED, "with", "without"))
    return table.assign(layer=layer)


def trial(task: Task, values: pd.Series, *, age: int, every: int = 1, jobs: int = 1) -> pd.DataFrame:
    """What an indicator that is not in the release would tell of an outcome: the measures of `drivers`.

    `values`: by (iso3, year), higher is riskier; `age`: years from the newest value to the newest origin. `adds` is
    here by how much the AUC of the model with it, fitted anew, is above that of the model without it. `every`: so
    many origins apart, for a first look.
    """
    known = values.rename("tried").rename_axis(["iso3", "origin"]).rename(index=lambda year: year + age, level=1)
    frame = task.frame.join(known)
    design = replace(task.design, ages=task.design.ages | {"tried": age})
    both = (replace(task, frame=frame, design=design), task)
    made = [forecasts(each, {}, every=every).set_index(KEYS[:2]) for each in both]
    wide = made[0][["event"]].assign(**{PUBLISHED: made[0][OWN], WITHOUT: made[1][OWN]})
    wide = wide.join(frame["tried"].rank(pct=True).rename("alone"))  # of the order alone, so that any unit will do
    table = _scored(task, wide.reset_index(), against=(WITHOUT,), jobs=jobs).query("metric == 'auc'")
    found = table[(table["model"] == "alone") | (table["baseline"] != "")]
    return found.assign(measure=np.where(found["model"] == "alone", "alone", "adds"))


def _scored(task: Task, wide: pd.DataFrame, *, against: tuple[str, ...] = (), jobs: int = 1) -> pd.DataFrame:
    """`models.skill.skill` over all origins of a table with one column per model."""
    long = wide.melt(KEYS, var_name="model", value_name="probability")
    facts = {"outcome": task.outcome.name, "design": task.design.name, "window_years": task.window}
    return skill.skill(long.assign(**facts), against=against, by_decade=False, jobs=jobs)
