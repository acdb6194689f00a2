"""What the page About says: purpose, readers, limits, ethics, citation, licences, privacy, languages, corrections."""

from typing import Any

from dashboard.language import LANGUAGES, N_, _, listed

PURPOSE = (
    N_(
        "Upstream shows where the risk of mass atrocities is high or rising, early enough to act on it. For every "
        "State and every year since 1970, and for the months to come, it says how high the risk is, why, what changed, "
        "and how sure that is."
    ),
    N_(
        "It follows the United Nations *Framework of Analysis for Atrocity Crimes* (2014). War crimes, crimes against "
        "humanity, genocide and ethnic cleansing stand side by side: they share one base of risk factors, none ranks "
        "above another, and a warning does not wait for a debate about definitions."
    ),
)
READERS = (
    N_("**Analysts of prevention**, who watch countries and ask where to look closer."),
    N_("**Donors and diplomats**, who need a short and honest picture with its limits on the same page."),
    N_("**Researchers and journalists**, who need tables that they can check, cite and rebuild."),
    N_("**People in the countries concerned**, who know more than any table and can say where it is wrong."),
)
LIMITS = (
    N_(
        "**Not a prediction.** Most States with a high likelihood see no mass atrocity in a given year, and some with "
        "a low one do. A low number, or none, is not the absence of risk."
    ),
    N_(
        "**Not exact.** Mass atrocities are rare, so that intervals are wide. How often the forecasts were right and "
        "wrong stands on the page Track record."
    ),
    N_(
        "**Not complete.** Some of the 14 risk factors are not measured. Where access is closed, deaths are not "
        "reported and are missing from the data: a quiet line can be a silence."
    ),
    N_(
        "**Not news.** Most sources come out once a year and some months late; each value carries its year. What "
        "happened last week is not in it."
    ),
    N_(
        "**Whole States only.** Nothing is said of a part of a country, of a community or of a person, and nothing of "
        "who is responsible."
    ),
    N_("**One view among several.** Other systems differ; where they do, the page Country says so."),
)
MISUSES = (
    N_(
        "**A person's claim to asylum, a visa or a return.** A number of a whole State says nothing of one person's "
        "fear; a low one never shows that somebody can be sent back."
    ),
    N_(
        "**Targeting, policing or surveillance** of people or places. There is nothing here about people, and using it "
        "so would do what it is meant to prevent."
    ),
    N_(
        "**Sanctions or suspicion against a group.** People decide to commit atrocities; groups do not. Risk factors "
        "describe conditions, never who is to blame."
    ),
    N_("**Denying or cutting aid, credit, trade or travel** because of a number. It would punish those at risk."),
    N_(
        "**Saying that a crime was or is being committed, or was not.** That is for courts and inquiries, with "
        "evidence and law. A risk is neither."
    ),
    N_(
        "**Ranking suffering.** Places on a list are of likelihood or of conditions. No crime and no victim stands "
        "below another."
    ),
    N_("**A decision by the number alone.** Each is a reason to look closer, together with people who know the place."),
)
CARE = (
    N_(
        "**Publication can affect people.** A warning can help those who prevent, and it can be turned against people "
        "who speak out, frighten those at risk, or be used by those who plan harm. So only open data of whole States "
        "are used, and no names, testimonies or places of people."
    ),
    N_(
        "**The same for every State.** The method is the same for all, published whole, and not adjusted for any "
        "State's wish or ours."
    ),
    N_("**Errors stay visible.** Every published forecast is kept and scored, those that were wrong as well."),
    N_(
        "**Words matter.** No group is blamed, nothing is certain, and a number stands with its interval, its base "
        "rate and the age of its data."
    ),
    N_(
        "**Before you publish a number from here** about one country, ask who could be harmed by it, give its interval "
        "and its date, and let somebody who knows the country read it."
    ),
)
NO_ACCOUNT = (
    N_("No account, no telemetry, no advertising, and no count of visits by this program."),
    N_("Your browser asks no host but the one that serves this page."),
    N_("No cookie."),
)
SIGNED_IN = (
    N_(
        "This copy asks you to sign in. Cookies then hold what the sign-in service says of you, such as your name and "
        "e-mail address, until you sign out, for 30 days at most. Nothing of it is written on the server."
    ),
    N_("No telemetry, no advertising, and no count of visits by this program."),
    N_("Your browser asks no host but the one that serves this page, and the sign-in service when you sign in or out."),
)
PRIVACY = (
    N_(
        "What you look at is in the page's address. As with any website, whoever runs this copy, and the network on "
        "the way to it, may be able to see which addresses were asked and from where. If that is a danger to you, run "
        "a copy on your own machine: it then needs no network at all."
    ),
    N_(
        "My list is kept in your browser only if you ask for it, and you can have it forgotten. The server is told how "
        "many States it has, and which only when you open it. Anybody who uses the same browser can open it too."
    ),
)
LOG = N_(
    "The server keeps a log for those who run it: when it started, which release it shows, what went wrong, and the "
    "kind and size of files that were taken. It has no address, no name and nothing of what was looked at."
)
CORRECTIONS = (
    N_(
        "Say which State, year and indicator is wrong, what it should be, and the source. If the producer of the data "
        "has it wrong, tell the producer too."
    ),
    N_(
        "Write to the issue tracker of the repository from which this copy came; `CONTRIBUTING.md` in it says what "
        "happens then. An issue tracker is public: write nothing in it that could endanger you or somebody else."
    ),
    N_(
        "A confirmed error is corrected as data, with its reason and an expiry. Published releases are never changed: "
        "the correction is in the next one."
    ),
)
ACCESSIBILITY = (
    N_("The aim is level AA of the Web Content Accessibility Guidelines 2.2. It has not been audited yet."),
    N_(
        "All controls work by keyboard. What a click on a chart picks can be picked from a list as well. Charts are "
        "described in words, and their numbers are in tables or in the files of the page Download."
    ),
    N_("Colour is never the only sign: lines differ in their dashes, places without a score are hatched."),
    N_(
        "Known gaps: tables that can be sorted may be hard to read with some screen readers, and the pages have not "
        "yet been tried by people who use one every day. If something keeps you out, please say so as for a correction."
    ),
)


def privacy(sign_in: bool) -> str:
    """How readers are treated, as a list; with sign-in there are cookies."""
    return points((*(SIGNED_IN if sign_in else NO_ACCOUNT), LOG, *PRIVACY))


def paragraphs(texts: tuple[str, ...]) -> str:
    """Texts as paragraphs, in the language in use."""
    return "\n\n".join(_(text) for text in texts)


def points(texts: tuple[str, ...]) -> str:
    """Texts as a list, in the language in use."""
    return "\n".join(f"* {_(text)}" for text in texts)


def licences(package: dict[str, Any]) -> str:
    """What is under which licence, as a list in Markdown; `package` is the release's."""
    licence = package["licenses"][0]
    return "\n".join(
        f"* {text}"
        for text in (
            _("**Code:** Apache License 2.0."),
            _("**Scores, forecasts and other tables of the release:** [{title}]({path}).").format(
                title=licence["title"], path=licence["path"]
            ),
            _("**Values of one source and figures of other systems:** the terms of their producers, in the tables."),
            _("**Shapes of the map:** Natural Earth, public domain."),
        )
    )


def languages() -> str:
    """In which languages the pages can be read, and what stays English."""
    text = _(
        "The pages can be read in {languages}. Names of States are those of the Unicode CLDR, with no opinion on the "
        "status of any place. The titles of sources, their notes and the files stay in English. If a translation is "
        "wrong or unclear, please say so as for a correction: the English text holds."
    )
    return text.format(languages=listed(LANGUAGES.values()))


def bibtex(package: dict[str, Any]) -> str:
    """The release as an entry for BibTeX; `package` is the release's."""
    return "\n".join(
        [
            f"@misc{{{package['name']},",
            "  author = {{The Upstream maintainers}},",
            f"  title = {{{package['title']}}},",
            f"  year = {{{package['as_of'][:4]}}},",
            f"  note = {{As known on {package['as_of']}. {package['licenses'][0]['name']}}}",
            "}",
        ]
    )
