"""Policies as files: what they extend, what is wrong with them, and their digests."""

from __future__ import annotations

import pytest

from openness_audit.cli.policy.policies import read_source, template, templates
from openness_audit.errors import PolicyError
from openness_audit.model.policy import SCHEMA_ID, GatedClause, ScoreClause
from openness_audit.policy.apply import in_force
from openness_audit.policy.load import load
from openness_audit.policy.parse import Source
from policy_kit import names, policy

SCORE = "name: x\nclauses:\n  score: {check: score, at-least: 50}\n"
WAIVER = """
  - model: acme/one
    clause: score
    reason: accepted-risk
    text: known
    approver: J. Doe
    granted: 2026-01-01
    expires: 2026-06-01
    commit: 0123456789abcdef0123456789abcdef01234567
    license-digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
"""


def problems(text: str, files: dict[str, str] | None = None, name: str = "policy.yaml") -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        policy(text, files, name)
    return caught.value.problems


def test_the_nearest_clause_wins_and_null_drops() -> None:
    found = policy(
        """
        name: near
        extends: far.yaml
        clauses:
          score: {check: score, at-least: 70}
          gate: null
          own: {check: pinned}
        """,
        {
            "far.yaml": """
            name: far
            use: serve
            clauses:
              score: {check: score, at-least: 10}
              gate: {check: gated, allow: [none]}
              far: {check: coverage, at-least: 0.5}
            """
        },
    )

    assert (found.name, found.use, found.chain) == ("near", "serve", ("policy.yaml", "far.yaml"))
    assert sorted(found.clauses) == ["far", "own", "score"]
    assert found.clauses["score"] == ScoreClause(at_least=70)
    assert found.sources == {"far": "far.yaml:7", "own": "policy.yaml:7", "score": "policy.yaml:5"}


def test_what_a_nearer_file_says_for_all_ends_an_exception_of_a_further_one() -> None:
    far = """
    name: far
    clauses:
      score: {check: score, at-least: 50}
      gate: {check: gated, allow: [none]}
    overrides:
    - models: [acme/*]
      reason: easier
      clauses: {score: {check: score, at-least: 1}, gate: {check: gated, allow: [none, auto]}}
    """
    near = "name: near\nextends: far.yaml\nclauses: {score: {check: score, at-least: 80}}\n"

    clauses, said = in_force(policy(near, {"far.yaml": far}), "acme/one")

    assert clauses == {"score": ScoreClause(at_least=80), "gate": GatedClause(allow=("none", "auto"))}
    assert said == ("acme/*: easier (other clause gate)",)


def test_later_exceptions_win_and_others_models_are_left_alone() -> None:
    found = policy(
        SCORE
        + """
overrides:
- {models: [acme/*], reason: one, clauses: {score: {check: score, at-least: 1}}}
- {models: [acme/o*, x/y], reason: two, clauses: {score: {check: score, at-least: 2}}}
"""
    )

    assert in_force(found, "Acme/One")[0] == {"score": ScoreClause(at_least=2)}
    assert in_force(found, "acme/two")[0] == {"score": ScoreClause(at_least=1)}
    assert in_force(found, "other/one") == ({"score": ScoreClause(at_least=50)}, ())


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"policy.yaml": "name: a\nextends: policy.yaml\n"}, "a circle: policy.yaml extends policy.yaml"),
        (
            {"policy.yaml": "name: a\nextends: b.yaml\n", "b.yaml": "name: b\n\nextends: policy.yaml\n"},
            "a circle: policy.yaml extends b.yaml extends policy.yaml",
        ),
        ({"policy.yaml": "name: a\nextends: none.yaml\n"}, "'none.yaml' cannot be read: there is no such file"),
        (
            {"policy.yaml": "name: a\nextends: 1.yaml\n"}
            | {f"{n}.yaml": f"name: a\nextends: {n + 1}.yaml\n" for n in range(1, 12)},
            "more than 8 files",
        ),
    ],
)
def test_what_cannot_be_extended(files: dict[str, str], said: str) -> None:
    assert any(said in words for words in problems(files["policy.yaml"], files))


def test_a_circle_names_file_and_line() -> None:
    found = problems("name: a\nextends: b.yaml\n", {"b.yaml": "name: b\n\nextends: policy.yaml\n", "policy.yaml": "x"})

    assert "b.yaml:3: extends: a circle: policy.yaml extends b.yaml extends policy.yaml" in found


def test_problems_of_all_files_are_told() -> None:
    found = problems(
        "name: a\ncolour: red\nextends: b.yaml\nwaiver-files: [w.yaml]\n",
        {"b.yaml": "name: b\nclauses:\n  x: {check: score}\n", "w.yaml": "waivers:\n- {model: a}\nmore: 1\n"},
    )

    assert [words.split(":")[0] for words in found][:3] == ["policy.yaml", "b.yaml", "w.yaml"]
    assert "b.yaml:3: clauses.x: the key 'at-least' is missing" in found
    assert any(words.startswith("w.yaml:3: more: unknown key") for words in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "not YAML"),
        ("- a\n", "a policy has keys"),
        ("a: &x 1\nb: *x\n", "aliases (*name) are not read here"),
        ("name: a\nname: b\n", "'name' stands twice; the first is on line 1"),
        ("name: a\n---\nname: b\n", "not YAML"),
        ("name: !!python/object:os.system x\n", "are not read here"),
        ("a: " + "[" * 40, "nested too deep"),
        ("name: x\x00\n", "not YAML"),
        ("x" * 600_000, "longer than 512 KB"),
        ("name: x\nclauses:\n  c: {<<: {check: pinned}}\n", "merging"),
        (SCORE.replace("50", "150"), "expected a whole number <= 100"),
        (SCORE.replace("50", "yes"), "expected a whole number, got true or false"),
        (SCORE + "  other: {check: coverage, at-least: .nan}\n", "at-least"),
        (SCORE + "  UP: {check: pinned}\n", "lower-case letters"),
        (SCORE + "  c: {check: class}\n", "it asks nothing"),
        (SCORE + "  c: {check: class, terms: [undetermined]}\n", "write `unknown: accept`"),
        (SCORE + "  c: {check: osaid, verdicts: [not-determined]}\n", "write `unknown: accept`"),
        (SCORE + "  c: {check: license-family, allow: [unknown]}\n", "write `unknown: accept`"),
        (SCORE + "  c: {check: license-family, allow: [copyleft]}\n", "'copyleft' is no family of licences"),
        (SCORE + "  c: {check: license-family}\n", "it asks nothing"),
        (SCORE + "  c: {check: license, allow: [MIT], deny: [MIT]}\n", "MIT: allowed and denied at once"),
        (SCORE + "  c: {check: license, allow: [MIT OR Apache-2.0]}\n", "is not one licence"),
        (SCORE + "  c: {check: obligation, deny: [usr-threshold]}\n", "did you mean 'user-threshold'?"),
        (SCORE + "  c: {check: findings}\n", "it asks nothing"),
        (SCORE + "  c: {check: findings, deny: [tag-txt]}\n", "did you mean 'tag-text'?"),
        (SCORE + "  c: {check: component, component: sandwich, at-least: open}\n", "'sandwich' is no criterion"),
        (SCORE + "  c: {check: eu-gpai, found: [copyright-policy]}\n", "could never be met"),
        (SCORE + "  c: {check: cel, expression: audit.score.low > 1}\n", "needs a message"),
        (SCORE + "  c: {check: cel, expression: audit.score.low >, message: m}\n", "not CEL"),
        (SCORE + "  c: {check: cel, expression: 1 > 0, message: m}\n", "it asks nothing of `audit`"),
        (SCORE + "  c: {check: cel, expression: '" + "(" * 1900 + "', message: m}\n", "not CEL"),
        (SCORE + "  c: null\n", "there is no such clause to drop"),
        (SCORE + "overrides: [{models: [a], reason: r, clauses: {zz: null}}]\n", "there is no such clause to drop"),
        (SCORE + "schema: https://example.org/x\n", "is another schema"),
        (SCORE + f"schema: {SCHEMA_ID.replace('-1.', '-2.')}\nnew: 1\n", "for a newer modelaudit (version 2"),
        (SCORE + "waiver-files: [none.yaml]\n", "'none.yaml' cannot be read"),
        ("name: x\nextends: far.yaml\nclauses: {score: null}\n", "no clause is left"),
    ],
)
def test_bad_policies(text: str, said: str) -> None:
    found = problems(text, {"far.yaml": SCORE})

    assert any(said in words for words in found), found
    assert all(words.split(":")[1].isdigit() for words in found)


def waived(**changes: str | None) -> str:
    rows = dict(line.strip(" -").split(": ", 1) for line in WAIVER.strip().splitlines()) | {
        key.replace("_", "-"): value for key, value in changes.items() if value is not None
    }
    kept = {key: value for key, value in rows.items() if changes.get(key.replace("-", "_"), "") is not None}
    return SCORE + "waivers:\n- {" + ", ".join(f"{key}: {value}" for key, value in kept.items()) + "}\n"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"expires": None}, "the key 'expires' is missing"),
        ({"granted": None}, "the key 'granted' is missing"),
        ({"commit": "main"}, "has not the form"),
        ({"license_digest": "abc"}, "has not the form"),
        ({"reason": "because"}, "'because' is none of: accepted-risk"),
        ({"text": '""'}, "length >= 1"),
        ({"expires": "2027-01-02"}, "is too late: at most 365 days after 2026-01-01 (2027-01-01)"),
        ({"expires": "2025-12-31"}, "before it is granted"),
        ({"finding": "tag-text"}, "one of the two"),
        ({"clause": None}, "one of the two"),
        ({"colour": "red"}, "unknown key 'colour'"),
    ],
)
def test_bad_waivers(changes: dict[str, str | None], said: str) -> None:
    found = problems(waived(**changes))

    assert len(found) == 1
    assert said in found[0]


def test_a_waiver_of_a_year_is_a_waiver() -> None:
    assert policy(waived(expires="2027-01-01")).waivers[0].clause == "score"


def test_toml_problems_have_their_line() -> None:
    text = (
        '[project]\nname = "x"\n\n[tool.modelaudit]\nname = "x"\n[tool.modelaudit.clauses.score]\ncheck = "score"\n'
        'at-least = "lots"\n[[tool.modelaudit.overrides]]\nmodels = []\nreason = "r"\nclauses = {}\n'
    )

    assert problems(text, name="pyproject.toml") == (
        "pyproject.toml:8: clauses.score.at-least: expected a whole number, got text",
        "pyproject.toml:10: overrides.1.models: expected a list of length >= 1",
    )


def test_a_pyproject_may_hold_waivers() -> None:
    toml = (
        '[tool.modelaudit]\nname = "x"\nclauses.score = {check = "score", at-least = 3}\n[[tool.modelaudit.waivers]]\n'
    )
    rows = dict(line.strip(" -").split(": ", 1) for line in WAIVER.strip().splitlines())
    quoted = "".join(
        f"{key} = {value}\n" if key in ("granted", "expires") else f'{key} = "{value}"\n' for key, value in rows.items()
    )

    assert policy(toml + quoted, name="pyproject.toml").waivers == policy(waived()).waivers


def test_the_digest_is_of_the_content_alone() -> None:
    one = policy(SCORE)

    assert policy("# a comment\n" + SCORE.replace("{check: score, at-least: 50}", "{at-least: 50,  check: score}"))
    same = policy(SCORE.replace("{check: score, at-least: 50}", "{at-least: 50, check: score}"), name="other.yaml")
    assert one.digest == same.digest
    others = [SCORE.replace("50", "51"), SCORE.replace("x", "y"), waived(), SCORE + "use: serve\n"]
    assert len({one.digest, *(policy(text).digest for text in others)}) == 5


@pytest.mark.parametrize("name", templates())
def test_every_template_can_be_extended_and_has_words(name: str) -> None:
    found = load(Source("mine.yaml", f"name: mine\nextends: packaged:{name}\n"), read_source, names())

    assert found.chain == ("mine.yaml", f"packaged:{name}")
    assert template(name).startswith("# A policy for ")
    assert load(Source(f"packaged:{name}", template(name)), read_source, names()).name == name


def test_there_are_five_templates() -> None:
    assert templates() == ("commercial-product", "internal-use", "public-sector-open", "redistribute", "research")
