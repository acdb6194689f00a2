"""The four languages of the interface: texts through gettext catalogues, numbers, dates and names of States from CLDR.

A text is written in English where it is used, as `_("{count} States").format(count=number(12))`; its translations stand
in `dashboard/locale/<code>.po`, which `make words` brings up to date. Texts of a module's constants are marked with
`N_` and translated with `_` where they are shown. Figures stay in Western digits in every language, as in the tables.
"""

import calendar
import gettext
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd
from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol, get_minus_sign_symbol, get_plus_sign_symbol

from dashboard import current

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية"}
RIGHT_TO_LEFT = ("ar",)
UNGROUPED = ("es",)  # four figures stand together: 1234, but 12.345


def N_(text: str) -> str:
    """Mark a text for translation where it is not shown yet."""
    return text


def _(text: str) -> str:
    """The text in the language in use; "" stays empty."""
    return _catalogue(current.language()).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a text that goes with the count, in the language in use."""
    return _catalogue(current.language()).ngettext(one, many, int(count))


@lru_cache
def _catalogue(code: str) -> gettext.NullTranslations:
    path = LOCALE / f"{code}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def direction() -> str:
    """How the language in use is written: "ltr" or "rtl"."""
    return "rtl" if current.language() in RIGHT_TO_LEFT else "ltr"


@lru_cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@lru_cache
def _signs(code: str) -> dict[int, str]:
    locale = _locale(code)
    points = {",": get_group_symbol(locale), ".": get_decimal_symbol(locale)}
    # in Arabic a mark goes with them, without which they would stand behind the number
    return str.maketrans(points | {"-": get_minus_sign_symbol(locale), "+": get_plus_sign_symbol(locale)})


def separators() -> str:
    """Decimal and group sign of the language in use, as Plotly's `separators` wants them: ".,"."""
    locale = _locale(current.language())
    return get_decimal_symbol(locale) + get_group_symbol(locale)


def number(value: float, digits: int = 0, *, sign: bool = False) -> str:
    """A number with so many decimals, grouped by thousands: 12345.6 -> "12,346"; with its sign if asked.

    In Arabic a sign comes after an invisible mark, so that "-" is not the first character of the text.
    """
    return form(value, f"{'+' if sign else ''},.{digits}f")


def form(value: float, spec: str) -> str:
    """A number by Python's format specification (".3g", "+.1f"), with the signs of the language in use."""
    if current.language() in UNGROUPED and abs(value) < 10_000:
        spec = spec.replace(",", "")
    return format(value, spec).translate(_signs(current.language()))


def percent(share: float, digits: int = 0) -> str:
    """A share as per cent: .931 -> "93%", in French "93 %"."""
    locale = _locale(current.language())
    pattern = locale.percent_formats[None].pattern
    return pattern.replace("#,##0", number(100 * share, digits))


def day(when: date | str) -> str:
    """A day: "2023-04-30" -> "30 April 2023"; a year alone stays."""
    if isinstance(when, str):
        if len(when) < 10:
            return when
        when = date.fromisoformat(when)
    return format_date(when, "long", locale=_of_dates())


def month(text: str) -> str:
    """A month: "2023-02" -> "February 2023"."""
    year, number_of = text.split("-")
    return format_skeleton("yMMMM", date(int(year), int(number_of), 1), locale=_of_dates())


def _of_dates() -> Locale:
    """English dates have the day first: "30 April 2023"."""
    return _locale("en_GB" if current.language() == "en" else current.language())


def month_name(number_of: int) -> str:
    """The name of a month: 2 -> "February"."""
    if current.language() == "en":
        return calendar.month_name[number_of]
    return format_date(date(2000, number_of, 1), "LLLL", locale=_locale(current.language()))


# Names that CLDR lacks, or has under a code that it gives to another State's land by now. They stand in the catalogues.
OF_OUR_OWN = {
    N_("Czechoslovakia"),
    N_("Yugoslavia"),
    N_("Republic of Viet-Nam"),
    N_("German Democratic Republic"),
    N_("South Yemen"),
    N_("Federal Republic of Germany"),
    N_("Soviet Union"),
    N_("Democratic Republic of Viet-Nam"),
    N_("Yemen Arab Republic"),
    N_("Palestine"),
}
USER_ASSIGNED = {"XKX": "XK"}  # codes of three letters that CLDR does not list


def country(iso3: str, name: str) -> str:
    """The name of a row in the language in use; `name` is the release's, in English."""
    if current.language() == "en" or not isinstance(name, str):
        return name
    if name in OF_OUR_OWN:
        return _(name)
    known = USER_ASSIGNED.get(iso3) or get_global("territory_aliases").get(iso3, [""])[0]
    return _locale(current.language()).territories.get(known, name)


def countries(iso3: pd.Series, names: pd.Series) -> list[str]:
    """The names of rows in the language in use; see `country`."""
    return [country(*each) for each in zip(iso3, names, strict=True)]


def sorting(name: str) -> str:
    """A key that puts names in order whatever their accents: "États-Unis" comes before "Fidji"."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def listed(names: Iterable[str]) -> str:
    """Names within a sentence: "a, b and c"; British English has no comma before the last."""
    locale = _locale("en_GB" if current.language() == "en" else current.language())
    text = format_list(list(names), locale=locale)
    # "y" is "e" before the sound of an i; Babel does not know it
    return re.sub(r" y (?=h?i(?!e))", " e ", text, flags=re.IGNORECASE) if current.language() == "es" else text


def strung(parts: Iterable[str], sign: str = ";") -> str:
    """Parts one after the other: "a, of b and c; d"; with `sign` "," for short ones: "2, 3"."""
    return (_("; ") if sign == ";" else _(", ")).join(parts)


def inside(text: str) -> str:
    """A title within a sentence: "Onset of mass killing" -> "onset of mass killing"."""
    return text[:1].lower() + text[1:]


def in_english() -> str:
    """What is said once of a table whose long texts stay as they were published; "" where all the page is English."""
    return "" if current.language() == "en" else _("These texts are in English, as published.")
