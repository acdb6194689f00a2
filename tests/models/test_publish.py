"""The command publish on an invented release: what it adds, that it can be repeated, and what a fault leaves behind."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

import pipeline
import release
from models import drivers, forecast, ledger, skill
from models.outcomes import OUTCOMES
from tests.dashboard import sample
from tests.models.invented import Invented

pytestmark = pytest.mark.usefixtures("short_record")
ID, AS_OF = "1998-11", date(1998, 11, 15)


def first_tables() -> dict[str, pd.DataFrame]:
    """What `build` would have made of the invented world."""
    world, book = Invented(), release.read_codebook()
    tables = {name: table for name, table in sample.tables().items() if name in release.built_tables()}
    for name in ("scores", "indicators", "events", "catalogue"):
        tables[name] = getattr(world, name).reindex(columns=list(book[name]["columns"]))
    return tables


@pytest.fixture(scope="module")
def world(tmp_path_factory, short_record):
    """A folder with the release, and the settings that make one outcome and few resamples of it."""
    folder = tmp_path_factory.mktemp("published")
    release.write(first_tables(), ID, as_of=AS_OF, folder=folder / "releases")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSTREAM_RELEASES", str(folder / "releases"))
        patch.setattr(pipeline, "OUTCOMES", {"mass_killing": OUTCOMES["mass_killing"]})
        patch.setattr(pipeline, "WINDOWS", [2])
        patch.setattr(forecast, "CHECKED_BY", 3)
        patch.setattr(drivers, "DEALT", 2)
        some = {
            name: drivers.groups_of(Invented().catalogue)[name] for name in ("rf01", "rf09", "battle_deaths_per_100k")
        }
        patch.setattr(drivers, "groups_of", lambda _: some)
        yield folder


def publish(folder) -> release.Release:
    pipeline.publish(ID, replicates=4, jobs=1, scheduler=None, out=folder / "out", ledger_file=folder / "ledger.csv")
    return release.latest()


@pytest.fixture(scope="module")
def published(world) -> release.Release:
    return publish(world)


def test_a_published_release_has_every_table_and_a_card(published):
    assert set(published.tables()) == set(release.read_codebook())
    assert published.damaged() == []
    card = (published.folder / release.MODEL_CARD).read_text("utf-8")
    assert f"# Model card, release {ID}" in card
    assert "For 18 States" in card
    auc = published.skill.query(
        "published and baseline == '' and period == 'all' and metric == 'auc' and design == 'operational'"
    )
    assert f"{auc['estimate'].item():.3f}" in card


def test_contributions_read_back_from_the_release_add_up_to_the_forecast(published):
    issued = published.forecasts.query("design == 'operational'").set_index("iso3")
    total = published.explanations.groupby("iso3")["contribution"].sum()
    log_odds = [np.log(issued[name]) - np.log1p(-issued[name]) for name in ("probability", "base_rate")]
    assert (total - (log_odds[0] - log_odds[1])).abs().max() < 1e-9


def test_skill_in_the_release_is_that_of_its_backtest(published):
    again = release.in_order({"skill": skill.skill(published.backtest)})["skill"]
    pd.testing.assert_frame_equal(again, published.skill, check_dtype=False)


def test_the_ledger_has_each_operational_forecast_and_the_release_its_head(published, world):
    lines = ledger.read(world / "ledger.csv")
    issued = published.forecasts.query("design == 'operational'")
    assert len(lines) == len(issued) == 18
    assert lines["probability"].tolist() == pytest.approx(issued["probability"].tolist(), rel=1e-5)
    assert published.package["ledger_head"] == ledger.verify(world / "ledger.csv")


def test_publishing_again_gives_the_same_bytes_and_no_new_line(published, world):
    files = {path.name: path.read_bytes() for path in published.folder.iterdir()}
    lines = (world / "ledger.csv").read_bytes()
    again = publish(world)
    assert {path.name: path.read_bytes() for path in again.folder.iterdir()} == files
    assert (world / "ledger.csv").read_bytes() == lines


def test_check_sees_a_forecast_that_was_edited(published, world, capsys):
    pipeline.check(ID, ledger_file=world / "ledger.csv")
    assert "The ledger is whole: 18 forecasts." in capsys.readouterr().out
    edited = world / "edited.csv"
    text = (world / "ledger.csv").read_text().splitlines(keepends=True)
    text[3] = text[3].replace("0.", "0.9", 1)
    edited.write_text("".join(text))
    with pytest.raises(ledger.LedgerError, match=r"edited.csv, line 4: the chain breaks"):
        pipeline.check(ID, ledger_file=edited)
    cut = world / "cut.csv"
    cut.write_text("".join(text[:2]))
    with pytest.raises(ledger.LedgerError, match=r"published earlier, is not among its 1 lines"):
        pipeline.check(ID, ledger_file=cut)


def test_a_full_disk_leaves_the_old_release_and_the_ledger_whole(published, world, monkeypatch):
    files = {path.name: path.read_bytes() for path in published.folder.iterdir()}
    lines = (world / "ledger.csv").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release, "_write_json", full)
    with pytest.raises(release.ReleaseError, match="What was there before is untouched"):
        publish(world)
    assert {path.name: path.read_bytes() for path in published.folder.iterdir()} == files
    assert (world / "ledger.csv").read_bytes() == lines
    assert [path.name for path in (world / "releases").iterdir()] == [ID]


def test_a_missing_table_of_events_stops_publishing_before_anything_is_written(world, tmp_path, monkeypatch):
    tables = first_tables()
    tables["events"] = tables["events"].assign(event="regime_change")
    release.write(tables, ID, as_of=AS_OF, folder=tmp_path)
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path))
    with pytest.raises(ValueError, match="has no 'mass_killing_onset' among its events"):
        publish(tmp_path)
    assert not (tmp_path / "ledger.csv").exists()
    assert "forecasts" not in release.latest().tables()


def test_a_scheduler_that_cannot_be_reached_leaves_no_ledger_and_no_forecasts(world, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline.rolling, "CONNECT", 1)
    with pytest.raises(ConnectionError, match="cannot be reached"):
        pipeline.publish(ID, 4, 1, "tcp://127.0.0.1:9", tmp_path, tmp_path / "ledger.csv")
    assert not (tmp_path / "ledger.csv").exists()


def test_forecasts_are_not_added_to_a_release_that_was_built_anew_meanwhile(published, world, tmp_path, monkeypatch):
    lines = (world / "ledger.csv").read_bytes()
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path))
    release.write(first_tables(), ID, as_of=AS_OF, folder=tmp_path)
    made = {name: published.table(name) for name in published.tables() if name not in release.built_tables()}

    def build_meanwhile(*_, **__):
        tables = first_tables()
        tables["scores"] = tables["scores"].assign(country="Elsewhere")
        release.write(tables, ID, as_of=AS_OF, folder=tmp_path)
        return made

    monkeypatch.setattr(pipeline, "forecast_tables", build_meanwhile)
    with pytest.raises(release.ReleaseError, match="built anew while its forecasts were made; nothing was published"):
        pipeline.publish(ID, 4, 1, None, tmp_path / "out", world / "ledger.csv")
    assert "forecasts" not in release.latest().tables()
    assert (world / "ledger.csv").read_bytes() == lines
