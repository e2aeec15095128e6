"""A licence file that nobody knows may say anything: over an open tag it leaves the clauses on terms not known."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from audit_sample import AUDIT
from openness_audit.model.audit import Audit, NotCheckedDoc
from openness_audit.model.audit_licenses import LicenseTextDoc, ResolvedLicense
from openness_audit.policy.unread import unread_texts
from policy_kit import clause

MIT = ResolvedLicense(expression="MIT", family="osi", why="declared in the metadata")
ASKED = (
    "check: use, use: serve",
    "check: license-family, of: own, allow: [osi]",
    "check: license-family, allow: [osi]",
    "check: license, of: own, allow: [MIT]",
    "check: license, deny: [GPL-3.0-only]",
    "check: obligation, deny: [royalty]",
    "check: class, terms: [open]",
    "check: cel, message: m, expression: \"audit.licenses.own.family == 'osi'\"",
    "check: cel, message: m, expression: \"audit.licenses.uses.all(u, u.use != 'serve' || u.verdict == 'allowed')\"",
    "check: cel, message: m, expression: \"!audit.licenses.obligations.exists(o, o.id == 'royalty')\"",
)


def text(path: str, match: str, expression: str | None = None) -> LicenseTextDoc:
    return LicenseTextDoc(
        path=path, expression=expression, family="osi" if expression else "unknown", match=match,  # type: ignore[arg-type]  # one of its literals
        similarity=None, changed=(), sha256="ab" * 32,
    )  # fmt: skip


def under_mit(*texts: LicenseTextDoc, unread: tuple[str, ...] = ()) -> Audit:
    """A model under the MIT licence by its tag, all base models known, with these licence files."""
    found = AUDIT.licenses
    licenses = replace(
        found, own=MIT, effective=MIT, texts=texts, chain=found.chain[:1], chain_complete=True, obligations=(),
        uses=tuple(replace(use, verdict="allowed") for use in found.uses),
    )  # fmt: skip
    left = tuple(NotCheckedDoc(what=path, code="gated", why="it is behind a gate") for path in unread)
    verdict = replace(AUDIT.verdict, terms="open", osaid="no")
    return replace(AUDIT, licenses=licenses, not_checked=left, undecided=(), verdict=verdict)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("audit", [under_mit(text("LICENSE", "none")), under_mit(unread=("MODEL_LICENSE.md",))])
def test_terms_that_nobody_read_are_never_met(audit: Audit, asked: str) -> None:
    row = clause(audit, asked)

    assert row.met == "unknown", row.why
    if "cel" not in asked:
        assert unread_texts(audit)[0] in row.why


@pytest.mark.parametrize("asked", ASKED)
def test_terms_that_were_read_are_met(asked: str) -> None:
    assert clause(under_mit(text("LICENSE", "exact", "MIT")), asked).met == "met"


def test_files_of_other_things_say_nothing_about_the_model() -> None:
    mit = text("LICENSE", "equivalent", "MIT")
    unknown = [text(path, "none") for path in ("LICENSE-CODE", "EULA.txt", "MODEL_LICENSE", "NOTICE")]

    assert unread_texts(under_mit(*unknown)) == ("EULA.txt", "MODEL_LICENSE")
    assert unread_texts(under_mit(mit, *unknown)) == ("MODEL_LICENSE",)
