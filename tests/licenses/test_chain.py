"""The chain of terms: what binds, what is left, and what a tag drops."""

from __future__ import annotations

import pytest

from chain_kit import ME, chain, node, step
from openness_audit.licenses.obligations import sheet
from openness_audit.licenses.uses import verdicts


@pytest.mark.parametrize("upstream", ["llama3", "cc-by-nc-4.0", "creativeml-openrail-m", "gemma"])
def test_an_open_tag_over_a_restricted_base(upstream: str) -> None:
    found = chain(node(ME, "mit", "nest/eagle"), node("nest/eagle", upstream))

    assert [(c.kind, c.severity, c.confidence, c.path) for c in found.conflicts] == [
        ("tag-upstream", "error", "high", (ME, "nest/eagle"))
    ]
    assert found.effective.family not in ("osi", "unknown")
    assert found.effective.expression.startswith("MIT AND ")


@pytest.mark.parametrize(
    ("tag", "upstream"), [("llama3", "llama3"), ("mit", "apache-2.0"), ("mit", None), ("mit", "?"), (None, "llama3")]
)
def test_no_tag_upstream_conflict(tag: str | None, upstream: str | None) -> None:
    assert chain(node(ME, tag, "nest/eagle"), node("nest/eagle", upstream)).conflicts == ()


@pytest.mark.parametrize(
    ("tag", "above", "left", "family"),
    [
        ("mit", ["apache-2.0"], "MIT", "osi"),
        ("mit", ["llama2"], "MIT AND LicenseRef-hf-llama2", "community"),
        ("mit", ["llama2", "cc-by-nc-4.0"], "MIT AND LicenseRef-hf-llama2 AND CC-BY-NC-4.0", "non-commercial"),
        ("mit", ["?"], "MIT", "unknown"),
        ("mit", [None], "MIT", "unknown"),
        ("llama2", ["?"], "LicenseRef-hf-llama2", "community"),
        ("llama2", ["llama2"], "LicenseRef-hf-llama2", "community"),
        ("mit", ["gpl-3.0"], "MIT AND GPL-3.0-only", "osi"),
        (None, ["llama2"], "LicenseRef-hf-llama2", "community"),
        (None, ["apache-2.0"], "Apache-2.0", "none-declared"),
        (None, [None], "NONE", "none-declared"),
    ],
)
def test_what_is_left_of_a_licence(tag: str | None, above: list[str | None], left: str, family: str) -> None:
    bases = [node(f"nest/b{number}", terms) for number, terms in enumerate(above)]

    found = chain(node(ME, tag, *(base.id for base in bases)), *bases).effective

    assert (found.expression, found.family) == (left, family)


def test_a_copy_without_a_licence_is_under_that_of_its_original() -> None:
    base = node("nest/eagle", "apache-2.0")
    found = chain(node(ME, None, step("nest/eagle", "quantized")), base, derivation="quantized").effective

    assert (found.expression, found.family, found.inherited_from) == ("Apache-2.0", "osi", "nest/eagle")


def test_a_base_that_was_not_looked_up_is_unknown_with_its_cause() -> None:
    found = chain(node(ME, "mit", "nest/eagle"))

    assert [(link.how, link.cause.code if link.cause else None) for link in found.links[1:]] == [
        ("unknown", "not-requested")
    ]
    assert not found.complete


@pytest.mark.parametrize("derivation", ["adapter", "quantized", "conversion", "reupload", "merge", "unread"])
def test_a_model_made_from_one_that_nobody_names_allows_nothing(derivation: str) -> None:
    found = chain(node(ME, "mit"), derivation=derivation)

    assert (found.effective.expression, found.effective.family, found.complete) == ("MIT", "unknown", False)
    assert [link.id for link in found.links] == [ME]
    assert {use.verdict for use in verdicts(found)} == {"not-determined"}
    assert [o.status for o in sheet(found) if o.id == "unread"] == ["unknown"]


@pytest.mark.parametrize("derivation", ["base", "finetune"])
def test_a_model_that_may_be_made_from_nothing_stands_alone(derivation: str) -> None:
    found = chain(node(ME, "mit"), derivation=derivation)

    assert (found.effective.family, found.complete, len(found.binding)) == ("osi", True, 1)
    assert {use.use: use.verdict for use in verdicts(found)}["serve"] == "allowed"


@pytest.mark.parametrize(
    ("model", "tag", "base", "family"),
    [
        ("burrow/Mole-Gemma-2B", "apache-2.0", None, "unknown"),
        ("burrow/mole-llama-3-8b", "mit", None, "unknown"),
        ("burrow/CodeLlama-mole", "apache-2.0", None, "unknown"),
        ("burrow/mole-llama-3-8b", "llama3", None, "community"),
        ("burrow/mole-llama-3-8b", "apache-2.0", "apache-2.0", "osi"),
        ("burrow/open_llama_3b", "apache-2.0", None, "osi"),
        ("burrow/mole-llama-33b", "apache-2.0", None, "unknown"),
        ("burrow/mole-llama-13b", "apache-2.0", None, "osi"),
        ("burrow/TinyLlama-1.1B", "apache-2.0", None, "osi"),
        ("burrow/gemmation-7b", "apache-2.0", None, "osi"),
        ("google/gemma-tool", "apache-2.0", None, "osi"),
    ],
)
def test_a_namesake_of_a_vendors_model_that_names_no_base_is_not_sure_to_be_free(
    model: str, tag: str, base: str | None, family: str
) -> None:
    above = [node("nest/eagle", base)] if base else []

    found = chain(node(model, tag, *(n.id for n in above)), *above)

    assert found.effective.family == family
    assert found.complete is (family != "unknown")
    assert found.conflicts == ()
