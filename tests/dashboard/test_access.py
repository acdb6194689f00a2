"""Who is let in by what a provider says, and that wrong settings stop the start instead of leaving the pages open."""

import tomllib
from pathlib import Path

import pytest

from dashboard import access

EXAMPLE = Path(__file__).parents[2] / "deploy" / "secrets.toml.example"
ALLOWED = {"domains": ["Inside.example"], "emails": ["b@listed.example"]}


@pytest.fixture
def allowed(monkeypatch):
    """A function that sets the list."""
    return lambda **changes: monkeypatch.setattr(access, "_allowed", lambda: ALLOWED | changes)


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("a@inside.example", ""),
        (" A@INSIDE.example ", ""),
        ("b@listed.example", ""),
        ("c@listed.example", access.NOT_LISTED),
        ("a@sub.inside.example", access.NOT_LISTED),
        ("a@inside.example.evil.example", access.NOT_LISTED),
        ("inside.example", access.NOT_LISTED),
        ("@inside.example", access.NOT_LISTED),
        ("a@in\u017fide.example", access.NOT_LISTED),  # a long s, of which a small letter could become s
        ("", access.NOT_LISTED),
        (None, access.NOT_LISTED),
        (["a@inside.example"], access.NOT_LISTED),
    ],
)
def test_only_a_listed_address_or_domain_is_let_in(allowed, email, reason):
    allowed()
    assert access.why_not({"email": email, "email_verified": True}) == reason


@pytest.mark.parametrize(
    ("claim", "vouches", "reason"),
    [
        ({"email_verified": True}, False, ""),
        ({"email_verified": "true"}, False, ""),
        ({"email_verified": False}, False, access.UNVERIFIED),
        ({"email_verified": "false"}, False, access.UNVERIFIED),
        ({}, False, access.UNVERIFIED),
        ({}, True, ""),
        ({"email_verified": False}, True, access.UNVERIFIED),
    ],
)
def test_an_address_counts_only_if_the_provider_vouches_for_it(allowed, claim, vouches, reason):
    allowed(provider_vouches=vouches)
    assert access.why_not({"email": "a@inside.example", **claim}) == reason


def checked(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(text, "utf-8")
    access._check_file(path)


def test_the_example_is_whole_and_secrets_without_sign_in_are_left_alone(tmp_path):
    checked(tmp_path, EXAMPLE.read_text("utf-8"))
    checked(tmp_path, 'other = "thing"')
    assert {*tomllib.loads(EXAMPLE.read_text("utf-8"))["allowed"]} == {*access.FIELDS}


@pytest.mark.parametrize(
    ("found", "instead", "message"),
    [
        ("[auth]", "[auth", "no TOML"),
        ("client_id", "# client_id", "lacks client_id"),
        ("PUT-HERE-WHAT-openssl-rand-hex-32-PRINTS", "short", "shorter than 32 characters"),
        ('["institution.example"]', '"institution.example"', "cannot have domains"),
        ("files_open", "files_opne", "cannot have files_opne"),
        ('domains = ["institution.example"]', "domains = []\n#", ""),
    ],
)
def test_settings_that_are_not_whole_stop_the_start(tmp_path, found, instead, message):
    text = EXAMPLE.read_text("utf-8").replace(found, instead, 1)
    if not message:
        text, message = text.replace('emails = ["person@other.example"]', "emails = []"), "lets nobody in"
    with pytest.raises(ValueError, match=message):
        checked(tmp_path, text)
