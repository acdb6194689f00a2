"""A briefing as a PDF to print and mail, and as one HTML file: the same content, set by Typst and by Jinja2."""

import json
from base64 import b64encode
from dataclasses import asdict
from functools import cache, lru_cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst
from jinja2 import Environment, FileSystemLoader, select_autoescape

from dashboard import plain
from dashboard.brief.model import Brief, BriefError, Figure, runs
from dashboard.language import _

FOLDER = Path(__file__).parent
FAMILIES = {"Noto Sans": "fontpkg-noto-sans", "Amiri": "fontpkg-amiri"}
LAST = "DejaVu Sans Mono"  # comes with Typst, for a sign that the others lack
SIZES = (9.8, 9.4, 9.0, 8.6, 8.2, 7.8, 7.4)  # points: the largest with which a briefing keeps to its pages
ARABIC_SIZES = (11.4, 11.0, 10.6, 10.2, 9.8, 9.4, 9.0)  # Amiri's letters are smaller


class RenderError(BriefError):
    """A briefing cannot be set; the text says why and what to do."""


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The fonts of our own packages and none of the machine's, so that every machine sets the same.

    Raises:
        RenderError: one is not installed.
    """
    folders = [str(path) for name in FAMILIES.values() if (path := _folder_of(name)) is not None]
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
    for family, package in FAMILIES.items():
        if family not in found.families():
            text = _("The font {family} is not there, so no PDF can be made. Install {package}: see requirements.txt.")
            raise RenderError(text.format(family=family, package=package))
    return found


def _folder_of(package: str) -> Path | None:
    """Where a font package has its files; None if it is not installed."""
    spec = find_spec(package.replace("-", "_"))
    return Path(spec.origin).parent / "files" if spec is not None and spec.origin else None


def _families(brief: Brief) -> list[str]:
    return [*(["Amiri", "Noto Sans"] if brief.direction == "rtl" else ["Noto Sans", "Amiri"]), LAST]


def svg(figure: Figure, *, words: bool) -> str:
    """A figure as SVG with its title and description; without words for a rendering that sets them itself."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {figure.width:.0f} {figure.height:.1f}"'
    head += ' font-family="Noto Sans, Noto Sans Arabic, sans-serif"'
    if not words:
        return f"{head}>{figure.shapes}</svg>"
    labels = "".join(
        f'<text x="{label.x:.1f}" y="{label.y:.1f}" font-size="{label.size:g}" fill="{label.colour}" '
        f'text-anchor="{label.anchor}">{escape(label.text)}</text>'
        for label in figure.labels
    )
    told = f"<title>{escape(figure.title)}</title><desc>{escape(figure.description)}</desc>"
    # a drawing runs from left to right in every language, so that "start" is always the left
    return f'{head} role="img" direction="ltr">{told}{figure.shapes}{labels}</svg>'


def picture(figure: Figure) -> str:
    """A figure as the address of a picture that holds it whole."""
    return "data:image/svg+xml;base64," + b64encode(svg(figure, words=True).encode()).decode()


def _content(brief: Brief) -> dict[str, Any]:
    """The briefing as plain data, with texts that may be bold as runs, and figures as SVG without words."""
    content = asdict(brief)
    content["headline"] = runs(brief.headline)
    for section, given in zip(content["sections"], brief.sections, strict=True):
        section["blocks"] = [_block(block, asdict(block)) for block in given.blocks]
    content["date"] = [int(part) for part in brief.day.split("-")]
    return content | {"fonts": _families(brief)}


def _block(block: Any, content: dict[str, Any]) -> dict[str, Any]:
    if block.kind == "paragraph":
        return content | {"text": runs(block.text)}
    if block.kind == "items":
        return content | {"texts": [runs(text) for text in block.texts]}
    if block.kind == "beside":
        return content | {"parts": [_block(part, asdict(part)) for part in block.parts]}
    if block.kind == "figure":
        return {name: value for name, value in content.items() if name != "shapes"} | {"svg": svg(block, words=False)}
    return content


def to_pdf(brief: Brief) -> bytes:
    """The briefing as a tagged PDF (PDF/UA-1); the same release gives the same bytes.

    Raises:
        RenderError: a font is missing, or a text has a sign that no font has.
    """
    content = json.dumps(_content(brief), ensure_ascii=False).translate(plain.AS_JSON)
    sizes = ARABIC_SIZES if brief.direction == "rtl" else SIZES
    try:
        for size in sizes:
            made = _compile(content, size)
            if _pages(made) <= brief.pages:
                break
    except typst.TypstError as error:
        raise RenderError(f"The PDF of “{brief.title}” cannot be set: {error}") from error
    return made[1]


def _compile(content: str, size: float) -> tuple[typst.Compiler, bytes]:
    inputs = {"brief": content, "size": str(size)}
    compiler = typst.Compiler(FOLDER / "brief.typ", root=FOLDER, font_paths=fonts(), sys_inputs=inputs)
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    return compiler, made  # type: ignore[return-value]


def _pages(made: tuple[typst.Compiler, bytes]) -> int:
    return int(json.loads(made[0].query("<pages>", field="value", one=True)))


@cache
def _page() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["runs"] = runs
    environment.globals |= {"svg": svg, "picture": picture}
    return environment


def to_html(brief: Brief) -> str:
    """The briefing as one HTML file that needs no other and runs no script."""
    return _page().get_template("brief.html").render(brief=brief, style=_style(), inline=True)


def to_fragment(brief: Brief) -> str:
    """The briefing as a part of a page, with its style; figures as pictures, since `st.html` takes SVG elements out."""
    text = _page().get_template("fragment.html").render(brief=brief, inline=False)
    return f"<style>{_style()}</style>{text}"


@cache
def _style() -> str:
    return (FOLDER / "brief.css").read_text("utf-8")
