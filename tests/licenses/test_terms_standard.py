"""What the standard licences say, read clause by clause: laws over all of them, and a table of verdicts."""

from __future__ import annotations

import re

import pytest

from openness_audit.licenses.clauses import USES, UseId
from openness_audit.licenses.references import references
from openness_audit.licenses.rulings import ORDER, Verdict, of_terms
from openness_audit.licenses.terms import Terms, all_terms, by_expression, cited, terms

STANDARD = sorted(
    entry.id for entry in all_terms().values() if any("spdx.org/licenses/" in text.url for text in entry.texts)
)
FAMILIES = {
    "gpl": ("gpl-2.0", "gpl-3.0"),
    "lgpl": ("lgpl-2.1", "lgpl-3.0"),
    "bsd": ("bsd-2-clause", "bsd-3-clause", "bsd-3-clause-clear"),
    "gfdl": ("gfdl-1.1", "gfdl-1.2", "gfdl-1.3"),
    "cc": ("cc0-1.0", "cc-by-4.0", "cc-by-nc-nd-4.0"),
    **{
        f"cc-{kind}": tuple(f"cc-{kind}-{version}" for version in ("2.0", "2.5", "3.0", "4.0"))
        for kind in ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
    },
}
WORDS = {"+": "allowed", "c": "conditions", "-": "not-allowed"}
# internal, serve, redistribute, fine-tune and publish, train on outputs, relicense
TABLE = {
    "mit": "++cc+c",
    "mit-0": "++++++",
    "0bsd": "++++++",
    "unlicense": "++++++",
    "wtfpl": "++++++",
    "cc0-1.0": "++++++",
    "pddl": "++++++",
    "isc": "++cc+c",
    "zlib": "++cc+c",
    "bsl-1.0": "++cc+c",
    "ncsa": "++cc+c",
    "postgresql": "++cc+c",
    "bsd-2-clause": "++cc+c",
    "bsd-3-clause": "++cc+c",
    "bsd-3-clause-clear": "++cc+c",
    "apache-2.0": "++cc+c",
    "ecl-2.0": "++cc+c",
    "afl-3.0": "+ccc+c",  # use over a network counts as distribution
    "osl-3.0": "+ccc+-",
    "eupl-1.1": "+ccc+-",
    "eupl-1.2": "+ccc+-",
    "artistic-2.0": "++cc+c",
    "lppl-1.3c": "++cc+c",
    "gpl-2.0": "++cc+-",
    "gpl-3.0": "++cc+-",
    "agpl-3.0": "+ccc+-",
    "lgpl-2.1": "++cc+-",
    "lgpl-3.0": "++cc+-",
    "lgpl-lr": "++cc+-",
    "mpl-2.0": "++cc+-",
    "epl-1.0": "++cc+-",
    "epl-2.0": "++cc+-",
    "ms-pl": "++cc+-",
    "ofl-1.1": "++cc+-",
    "cdla-permissive-1.0": "++cc+c",
    "cdla-permissive-2.0": "++cc+c",
    "cdla-sharing-1.0": "++cc+-",
    "c-uda": "cccc+-",
    "o-uda-1.0": "++cc+c",
    "odc-by": "+cccc-",
    "odbl": "+cccc-",
    "etalab-2.0": "++cc+c",
    "gfdl-1.3": "++cc+-",
    "cc-by-4.0": "++cc+c",
    "cc-by-3.0": "++cc+c",
    "cc-by-sa-4.0": "++cc+-",
    "cc-by-nd-4.0": "++c-+-",
    "cc-by-nc-4.0": "--ccc-",
    "cc-by-nc-sa-4.0": "--ccc-",
    "cc-by-nc-nd-4.0": "--c-c-",
}


def verdicts(entry: Terms) -> dict[UseId, Verdict]:
    return {use: of_terms(entry, use).verdict for use in USES}


@pytest.mark.parametrize(("name", "row"), TABLE.items())
def test_a_licence_rules_as_its_text_reads(name: str, row: str) -> None:
    assert verdicts(terms(name)) == dict(zip(USES, (WORDS[sign] for sign in row), strict=True))


def test_every_id_of_the_spdx_list_on_the_hub_was_read() -> None:
    listed = references().block_of
    hub = [entry for entry in all_terms().values() if entry.hub and entry.precise]
    unread = [e.id for e in hub if e.expression in listed and e.known != "read" and not e.id.startswith("openmdw")]

    assert unread == []


@pytest.mark.parametrize("name", STANDARD)
def test_a_licence_that_was_read_grants_or_denies_every_use(name: str) -> None:
    assert terms(name).known == "read"
    assert "not-determined" not in verdicts(terms(name)).values()


@pytest.mark.parametrize("name", STANDARD)
def test_every_grant_and_clause_names_a_place_in_its_text(name: str) -> None:
    entry = terms(name)
    places = [(g.text, g.section) for g in entry.grants] + [(c.text, c.section) for c in entry.clauses]

    assert all(text == entry.texts[0].id and re.search(r"\d|paragraph|disclaimer", where) for text, where in places)
    assert all(re.match(r"sections? \d|[\w ]*(?:paragraph|condition|disclaimer)", cited(w)) for _, w in places)


@pytest.mark.parametrize("name", STANDARD)
def test_the_text_is_the_one_the_id_stands_for(name: str) -> None:
    entry = terms(name)
    spdx = entry.texts[0].url.removeprefix("https://spdx.org/licenses/").removesuffix(".html")

    assert re.fullmatch(r"[0-9a-f]{64}", entry.texts[0].sha256)
    assert by_expression(spdx) is entry
    assert spdx in references().block_of


def test_no_two_texts_share_a_digest() -> None:
    digests = [text.sha256 for name in STANDARD for text in terms(name).texts]

    assert len(digests) == len(set(digests))


@pytest.mark.parametrize("name", STANDARD)
def test_no_licence_both_grants_and_denies(name: str) -> None:
    entry = terms(name)

    assert not (entry.granted("patent") and entry.has("no-patent-grant"))
    assert not (entry.granted("commercial") and entry.has("non-commercial"))
    assert (entry.family == "non-commercial") == entry.has("non-commercial")


@pytest.mark.parametrize("name", [n for n in STANDARD if terms(n).osi])
def test_what_osi_approved_may_be_run_sold_copied_and_changed(name: str) -> None:
    found = verdicts(terms(name))

    assert found["internal"] == "allowed"
    assert "not-allowed" not in {found[use] for use in USES if use != "relicense"}


@pytest.mark.parametrize("name", STANDARD)
def test_share_alike_lets_nobody_choose_the_terms(name: str) -> None:
    entry = terms(name)

    if entry.has("share-alike"):
        assert of_terms(entry, "relicense").verdict == "not-allowed"
        assert of_terms(entry, "fine-tune-publish").verdict == "conditions"


@pytest.mark.parametrize("version", ["2.0", "2.5", "3.0", "4.0"])
@pytest.mark.parametrize(
    ("freer", "stricter"),
    [
        ("by", "by-sa"),
        ("by", "by-nd"),
        ("by", "by-nc"),
        ("by-nc", "by-nc-sa"),
        ("by-nc", "by-nc-nd"),
        ("by-sa", "by-nc-sa"),
        ("by-nd", "by-nc-nd"),
    ],
)
def test_an_element_more_never_makes_a_creative_commons_licence_freer(version: str, freer: str, stricter: str) -> None:
    one, other = verdicts(terms(f"cc-{freer}-{version}")), verdicts(terms(f"cc-{stricter}-{version}"))

    assert [use for use in USES if ORDER.index(one[use]) > ORDER.index(other[use])] == []


@pytest.mark.parametrize(("family", "members"), FAMILIES.items())
def test_a_family_states_only_what_every_member_shares(family: str, members: tuple[str, ...]) -> None:
    entry = terms(family)

    assert not entry.precise
    assert entry.known == "listed"
    for member in members:
        assert {clause.term for clause in entry.clauses} <= {clause.term for clause in terms(member).clauses}
        for use in USES:
            if of_terms(entry, use).verdict == "not-allowed":
                assert of_terms(terms(member), use).verdict == "not-allowed"


# what each is known for; `patent` stands for a grant, the others are clauses
KNOWN_FOR = {
    "mit": "attribution",
    "bsd-3-clause": "attribution trademark",
    "bsd-3-clause-clear": "attribution trademark no-patent-grant",
    "apache-2.0": "license-copy state-changes attribution notice-line trademark patent-termination patent",
    "afl-3.0": "attribution state-changes network-use trademark patent-termination patent",
    "artistic-2.0": "attribution state-changes rename-changed trademark patent-termination patent",
    "zlib": "attribution state-changes",
    "gpl-2.0": "attribution license-copy state-changes share-alike disclose-source",
    "gpl-3.0": "attribution license-copy state-changes share-alike disclose-source no-technical-measures patent",
    "agpl-3.0": "attribution license-copy state-changes share-alike disclose-source network-source patent",
    "lgpl-2.1": "attribution license-copy state-changes share-alike disclose-source",
    "lgpl-3.0": "attribution license-copy state-changes share-alike disclose-source patent",
    "mpl-2.0": "attribution share-alike disclose-source trademark patent-termination patent",
    "epl-2.0": "attribution license-copy share-alike disclose-source feedback-or-indemnity patent-termination patent",
    "eupl-1.2": "attribution license-copy state-changes share-alike disclose-source network-use trademark patent",
    "osl-3.0": "attribution state-changes share-alike disclose-source network-use trademark patent-termination patent",
    "ms-pl": "attribution license-copy share-alike trademark patent-termination patent",
    "ofl-1.1": "attribution license-copy share-alike no-sale-alone rename-changed",
    "lppl-1.3c": "state-changes rename-changed offer-original",
    "odbl": "attribution license-copy share-alike disclose-source output-source-notice no-patent-grant",
    "odc-by": "attribution license-copy pass-on-terms output-source-notice no-patent-grant",
    "cdla-sharing-1.0": "attribution license-copy state-changes share-alike",
    "cdla-permissive-2.0": "license-copy",
    "c-uda": "attribution pass-on-terms field-of-use",
    "cc0-1.0": "no-patent-grant trademark",
    "cc-by-4.0": "attribution license-copy state-changes own-terms no-technical-measures no-patent-grant trademark",
    "cc-by-nc-sa-4.0": "attribution license-copy state-changes non-commercial share-alike no-patent-grant trademark",
    "cc-by-nd-4.0": "attribution license-copy no-derivatives no-patent-grant trademark",
    "gfdl-1.3": "attribution license-copy state-changes rename-changed share-alike invariant-parts",
}


@pytest.mark.parametrize(("name", "row"), KNOWN_FOR.items())
def test_a_licence_asks_what_it_is_known_for(name: str, row: str) -> None:
    entry = terms(name)
    wanted = set(row.split())

    assert wanted - {"patent"} <= {clause.term for clause in entry.clauses}
    assert ("patent" in wanted) == (entry.granted("patent") is not None)
