"""What the tests of the models share."""

import pytest

from models import backtest as rolling


@pytest.fixture(scope="module")
def short_record():
    """Lets the invented releases, of nineteen years, be forecast."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rolling, "WARM_UP", 1)
        patch.setattr(rolling, "LEAST_EVENTS", 5)
        yield
