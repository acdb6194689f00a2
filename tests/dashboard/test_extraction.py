"""Texts are written where what collects them for the catalogues can find them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MARKS = ("_", "N_", "ngettext")


def texts_within_fstrings(source: str) -> list[str]:
    """Texts marked for translation inside an f-string, which Babel takes for one string and does not look into."""
    joined = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]
    calls = [node for whole in joined for node in ast.walk(whole) if isinstance(node, ast.Call)]
    marked = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in MARKS]
    return [ast.unparse(call) for call in marked if any(isinstance(given, ast.Constant) for given in call.args)]


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard").rglob("*.py")), ids=lambda path: path.name)
def test_no_text_hides_in_an_fstring(path):
    assert texts_within_fstrings(path.read_text("utf-8")) == [], "put the text before the f-string and name it"


def test_a_text_that_hides_is_found_and_one_that_does_not_is_left_alone():
    assert texts_within_fstrings("""f"**{_('Sources')}** {_(title)} {names[0]}" """) == ["_('Sources')"]
    assert texts_within_fstrings("""told = _("Sources"); f"**{told}**" """) == []
