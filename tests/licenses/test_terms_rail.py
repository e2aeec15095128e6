"""Terms of the RAIL family and of vendors' research and community licences: what they come to, how versions differ."""

from __future__ import annotations

import pytest

from openness_audit.licenses.clauses import USES, vocabulary
from openness_audit.licenses.rulings import of_terms
from openness_audit.licenses.terms import Terms, all_terms, by_name, terms

A, C, N, X = "allowed", "conditions", "not-determined", "not-allowed"
# internal, serve, redistribute, fine-tune-publish, train-on-outputs, relicense
READ = {
    "apple-amlr": (X, X, C, C, C, X),
    "apple-ascl": (A, C, C, C, A, C),
    "apple-ml-ferret": (A, C, C, C, A, C),
    "bigcode-openrail-m": (C, C, C, C, C, C),
    "bigscience-bloom-rail-1.0": (C, C, C, C, C, C),
    "bigscience-openrail-m": (C, C, C, C, C, C),
    "cogvlm2": (C, C, N, N, X, X),
    "coqui-public-model-license": (X, X, C, C, C, X),
    "creativeml-openrail-m": (C, C, C, C, C, C),
    "deepfloyd-if-license": (X, X, C, C, C, X),
    "fair-noncommercial-research-license": (X, X, C, C, C, X),
    "faipl-1.0": (C, C, C, C, A, X),
    "faipl-1.0-sd": (C, C, C, C, C, X),
    "flux-1-dev-non-commercial-license": (X, X, C, C, C, X),
    "funasr-model-license": (C, N, C, C, A, C),
    "general-model-license": (C, C, C, C, C, X),
    "ltxv-open-weights-license": (C, C, C, C, C, C),
    "microsoft-research-license": (X, X, X, X, C, X),
    "minicpm-model-license": (C, C, C, C, X, X),
    "mrl": (X, X, C, C, C, C),
    "open-aleph-license": (X, X, C, C, C, X),
    "openrail++": (C, C, C, C, C, C),
    "playground-v2-community-license": (C, C, C, C, X, X),
    "responsible-ai-source-code-license": (C, C, C, C, C, C),
    "sdxl-0.9-research-license": (X, X, C, C, C, X),
    "stability-ai-community-license": (C, C, C, C, X, X),
    "stability-ai-non-commercial-research-community-license": (X, X, C, C, C, X),
    "stable-cascade-nc-community": (X, X, C, C, C, X),
    "stable-video-diffusion-nc-community-license": (X, X, C, C, C, X),
}
UNREAD = (
    "ai2-impact-license-high-risk", "ai2-impact-license-low-risk", "ai2-impact-license-medium-risk",
    "amazon-service-terms", "bria-rmbg-1.4", "bria-rmbg-2.0", "climategpt-community-license", "cohere-c4ai-license",
    "fluently-license", "ghost-7b", "h-research", "ihtsdo-and-nlm-licences", "intel-research",
    "jamba-open-model-license", "juggernaut", "mnpl", "nexusflow-community-license", "openrail",
    "owkin-non-commercial", "playground-v2dot5-community-license", "seallms", "stable-beluga-nc-community-license",
    "stable-video-diffusion-community", "stem.ai.mtl",
)  # fmt: skip


def asked(name: str) -> set[str]:
    return {clause.term for clause in terms(name).clauses}


def only_in(name: str, version: str) -> set[str]:
    return {clause.term for clause in terms(name).clauses if clause.when.startswith(version)}


@pytest.mark.parametrize("name", READ)
def test_what_a_read_licence_comes_to(name: str) -> None:
    entry = terms(name)

    assert (entry.known, tuple(of_terms(entry, use).verdict for use in USES)) == ("read", READ[name])


@pytest.mark.parametrize("name", UNREAD)
def test_a_licence_that_was_not_read_allows_nothing(name: str) -> None:
    entry = terms(name)

    assert entry.known != "read"
    assert not entry.texts
    assert not entry.grants
    assert {of_terms(entry, use).verdict for use in USES} <= {N, X}


@pytest.mark.parametrize("entry", [t for t in all_terms().values() if t.family == "non-commercial"], ids=lambda t: t.id)
def test_a_non_commercial_licence_serves_no_product(entry: Terms) -> None:
    assert of_terms(entry, "serve").verdict == X


@pytest.mark.parametrize("name", [*READ, *UNREAD])
def test_a_clause_says_only_what_the_vocabulary_does_not(name: str) -> None:
    for clause in terms(name).clauses:
        term = vocabulary().term(clause.term)
        assert all(term.effects.get(use, "none") != effect for use, effect in clause.effects.items()), clause
        assert clause.says != term.asks
        assert "{value}" not in clause.says or clause.value is not None


@pytest.mark.parametrize("name", READ)
def test_a_text_is_told_by_digest_and_address(name: str) -> None:
    texts = terms(name).texts

    assert all(len(t.sha256) == 64 and set(t.sha256) <= set("0123456789abcdef") for t in texts)
    assert all(t.url.startswith("https://") for t in texts)
    assert len({t.sha256 for t in texts}) == len(texts)


def test_stable_diffusion_2_and_sdxl_dropped_the_duty_to_update() -> None:
    assert asked("creativeml-openrail-m") ^ asked("openrail++") == {"use-latest"}


def test_bigscience_asks_that_outputs_be_marked() -> None:
    assert asked("bigscience-openrail-m") ^ asked("creativeml-openrail-m") == {"output-notice"}
    assert asked("bigscience-openrail-m") == asked("bigscience-bloom-rail-1.0")


def test_bigcode_has_no_duty_to_update() -> None:
    assert asked("bigscience-openrail-m") ^ asked("bigcode-openrail-m") == {"use-latest"}


def test_the_family_states_what_every_member_shares() -> None:
    members = (
        "creativeml-openrail-m",
        "openrail++",
        "bigscience-openrail-m",
        "bigscience-bloom-rail-1.0",
        "bigcode-openrail-m",
    )

    assert asked("openrail") == set.intersection(*map(asked, members))


def test_ltxv_is_openrail_with_a_price() -> None:
    assert asked("ltxv-open-weights-license") - asked("bigscience-openrail-m") == {
        "revenue-threshold",
        "agreed-damages",
        "not-transferable",
    }
    assert asked("bigscience-openrail-m") - asked("ltxv-open-weights-license") == {"patent-termination"}


def test_versions_in_one_file_differ_where_it_says() -> None:
    assert only_in("responsible-ai-source-code-license", "version 1.1") == {"pass-on-use-policy"}
    assert only_in("flux-1-dev-non-commercial-license", "version 1.1.1") == {
        "content-filter",
        "output-notice",
        "disclaimer-passed-on",
    }


def test_stability_ai_forbade_hosting_after_the_first_text() -> None:
    research = "stability-ai-non-commercial-research-community-license"

    assert asked(research) ^ asked("stable-video-diffusion-nc-community-license") == {"no-hosting"}
    assert asked(research) == asked("stable-cascade-nc-community")


def test_the_sd_variant_of_faipl_forbids_uses() -> None:
    assert asked("faipl-1.0-sd") ^ asked("faipl-1.0") == {"use-restrictions"}


def test_deepfloyd_and_sdxl_09_differ_in_their_notice_alone() -> None:
    first, second = (
        [
            (c.term, c.section, c.says, c.when, c.effects)
            for c in terms(name).clauses
        ]
        for name in ("deepfloyd-if-license", "sdxl-0.9-research-license")
    )  # fmt: skip

    assert first == second


def test_thresholds() -> None:
    found = {
        name: clause.value
        for name in READ
        for clause in terms(name).clauses
        if clause.term in ("user-threshold", "revenue-threshold")
    }

    assert found == {
        "ltxv-open-weights-license": "US$ 10,000,000",
        "minicpm-model-license": 1000000,
        "playground-v2-community-license": 1000000,
        "stability-ai-community-license": "US$ 1,000,000",
    }


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("stabilityai-ai-community", "stability-ai-community-license"),
        ("fair-ai-public-license-1.0-sd", "faipl-1.0-sd"),
        ("Fair AI Public License 1.0", "faipl-1.0"),
        ("microsoft-research-license", "microsoft-research-license"),
        ("apple-sample-code-license", "apple-ascl"),
        ("apple-ascl", "apple-ascl"),
        ("flux-1-dev-non-commercial-license", "flux-1-dev-non-commercial-license"),
        ("CreativeML Open RAIL++-M", "openrail++"),
        ("CreativeML OpenRAIL-M", "creativeml-openrail-m"),
        ("open-rail-m", "openrail"),
        ("MRL-0.1", "mrl"),
        ("gml", "general-model-license"),
        ("MiniCPM Model License", "minicpm-model-license"),
        ("STABLE BELUGA NON-COMMERCIAL COMMUNITY LICENSE AGREEMENT", "stable-beluga-nc-community-license"),
        ("playground-v2.5-community-license", "playground-v2dot5-community-license"),
        ("stable-cascade-nc-community", "stable-cascade-nc-community"),
    ],
)
def test_names_as_cards_write_them(written: str, name: str) -> None:
    entry = by_name(written)

    assert entry is not None
    assert entry.id == name
