"""`--fix-card`: a patch on standard output and nothing else, and an answer in words for every other case."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import pytest

from audit_sample import AUDIT
from cli_fakes import NOW, Fake, audited
from openness_audit.cli.base.services import Services
from openness_audit.cli.entry import run
from openness_audit.errors import SourceUnreachableError
from openness_audit.model.audit_findings import AdditionDoc, FixDoc, FixesDoc
from openness_audit.model.capture import Failure, Origin, Text
from openness_audit.model.evidence import Cause

if TYPE_CHECKING:
    from collections.abc import Callable

    from openness_audit.model.audit import Audit
    from openness_audit.model.evidence import CauseCode
    from openness_audit.settings import Settings, Target

CARD = "---\ntags: [x]\n---\n# Model\n"
LICENSE = AdditionDoc(where="front-matter", key="license", text="license: mit", filled=True)
STUB = AdditionDoc(where="section", key="Training data", text="FILL IN: every corpus.", filled=False)


def fixes(*additions: AdditionDoc) -> FixesDoc:
    every = tuple(
        FixDoc(finding="a-rule", component=None, effort="low", low=50, high=50, text="do it", additions=(a,))
        for a in additions
    )
    return FixesDoc(every=every, next_class=None, to_class=(), to_score=(), low=0, high=0)


def text(content: str) -> Text:
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Text(path="README.md", text=content, origin=Origin(url="u", sha256=digest, retrieved_at=""))


def failure(code: CauseCode) -> Failure:
    return Failure(Cause(code=code, source="README.md", retryable=True, detail="the detail"))


def call(
    *arguments: str,
    card: Text | Failure | None = None,
    found: FixesDoc | None = None,
    reads: Callable[[Target, Settings, str | None], Text | Failure | None] | None = None,
) -> int:
    def answer(target: Target) -> Audit:
        return msgspec.structs.replace(audited(target), fixes=found)

    fake = Fake(answer=answer)
    services = Services(
        audit_model=fake.audit_model,
        read_card=reads or (lambda *_: card),
        load_rules=fake.load_rules,
        now=lambda: NOW,
        environ={},
    )
    return run(("org/model", "--fix-card", "--no-progress", *arguments), services)


def test_the_patch_and_nothing_else_stands_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    code = call(card=text(CARD), found=fixes(LICENSE, STUB))

    told = capsys.readouterr()
    assert code == 0
    assert told.out == (
        "--- a/README.md\n+++ b/README.md\n@@ -1,4 +1,9 @@\n ---\n tags: [x]\n+license: mit\n ---\n # Model\n"
        "+\n+## Training data\n+\n+<!-- FILL IN: every corpus. -->\n"
    )
    assert "1 blank to fill in" in told.err


def test_nothing_to_mend_is_said_and_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(card=text(CARD), found=fixes()) == 0
    told = capsys.readouterr()
    assert (told.out, "nothing to add to the card of org/model" in told.err) == ("", True)


def test_what_needs_more_than_words_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    act = FixDoc(finding="weights", component="weights", effort="medium", low=1, high=1, text="upload them")
    call(card=text(CARD), found=msgspec.structs.replace(fixes(), every=(act,)))
    assert "weights needs more than words: upload them" in capsys.readouterr().err


def test_a_card_that_is_not_there_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(card=failure("not-found-or-private"), found=fixes(LICENSE)) == 0
    assert capsys.readouterr().out == ("--- /dev/null\n+++ b/README.md\n@@ -0,0 +1,3 @@\n+---\n+license: mit\n+---\n")


@pytest.mark.parametrize(("code", "hint"), [("offline", "run without --offline"), ("server-error", "try again later")])
def test_a_card_that_could_not_be_read_is_no_verdict(
    capsys: pytest.CaptureFixture[str], code: CauseCode, hint: str
) -> None:
    assert call(card=failure(code), found=fixes(LICENSE)) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert "the card of org/model is not at hand: the detail" in told.err
    assert hint in told.err


def test_a_hub_that_is_gone_by_then_is_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    def gone(_target: Target, _settings: Settings, _sha: str | None) -> Text:
        raise SourceUnreachableError("nothing answers", hint="wait")

    assert call(found=fixes(LICENSE), reads=gone) == 3
    assert "nothing answers" in capsys.readouterr().err


@pytest.mark.parametrize("more", [("-f", "json"), ("--explain", "evaluation-code"), ("org/other",)])
def test_a_patch_stands_alone(more: tuple[str, ...]) -> None:
    assert call(*more, card=text(CARD), found=fixes(LICENSE)) == 2


def test_quiet_tells_the_patch_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("-q", card=text(CARD), found=fixes(LICENSE, STUB)) == 0
    assert capsys.readouterr().err == ""


def test_the_sample_has_no_fixes_and_gives_no_patch(capsys: pytest.CaptureFixture[str]) -> None:
    assert AUDIT.fixes is None
    assert call(card=text(CARD)) == 0
    assert capsys.readouterr().out == ""
