"""Which addresses are links to code, and what stands around them."""

from __future__ import annotations

import pytest

from code_kit import card
from openness_audit.collect.code.links import CodeUrl, code_links, code_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/acme/falke", CodeUrl("github.com", "acme", "falke")),
        ("http://www.github.com/acme/falke.git", CodeUrl("github.com", "acme", "falke")),
        ("git+https://github.com/acme/falke.git@v1", CodeUrl("github.com", "acme", "falke")),
        ("https://github.com/acme/falke/tree/main/train/7b", CodeUrl("github.com", "acme", "falke", "train/7b")),
        ("https://github.com/acme/falke#usage", CodeUrl("github.com", "acme", "falke")),
        ("https://gitlab.com/acme/falke/-/tree/main/eval", CodeUrl("gitlab.com", "acme", "falke", "eval")),
        (
            "https://colab.research.google.com/github/acme/falke/blob/main/tune.ipynb",
            CodeUrl("github.com", "acme", "falke", "tune.ipynb"),
        ),
        ("https://colab.research.google.com/drive/1abc", None),
        ("https://github.com/acme/falke/discussions/12", None),
        ("https://github.com/acme/falke/issues/3", None),
        ("https://github.com/acme/falke/actions/workflows/ci.yml/badge.svg", None),
        ("https://github.com/acme/falke/blob/main/logo.png?raw=true", None),
        ("https://raw.githubusercontent.com/acme/falke/main/x.py", None),
        ("https://gist.github.com/acme/0123456789abcdef", None),
        ("https://github.com/acme", None),
        ("https://github.com/sponsors/acme", None),
        ("https://example.org/acme/falke", None),
        ("https://[broken", None),
    ],
)
def test_an_address_is_read_as_a_repository_or_not_at_all(url: str, expected: CodeUrl | None) -> None:
    assert code_url(url) == expected


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("- **Repository:** https://github.com/acme/falke", True),
        ("[Paper](https://arxiv.org/abs/1) | [Code](https://github.com/acme/falke)", True),
        ("コード: https://github.com/acme/falke", True),
        ("Layer norm as elsewhere (see [code](https://github.com/acme/falke)).", False),
        ("It beats [Habicht](https://github.com/acme/falke) on all tasks.", False),
        ("[Habicht paper](https://arxiv.org/abs/1) [GitHub](https://github.com/acme/falke)", False),
    ],
)
def test_a_label_names_the_models_own_code(line: str, label: bool) -> None:
    assert [seen.label for seen in code_links(card(line))] == [label]


def test_a_link_in_a_citation_is_told_apart_and_roles_come_from_words_and_path() -> None:
    text = (
        "# Falke\n\nOur evaluation scripts are in [this folder](https://github.com/acme/falke/tree/main/eval).\n\n"
        "# Citation\n\n```bibtex\n@misc{falke, url={https://github.com/acme/falke}}\n```\n"
    )

    first, second = code_links(card(text))

    assert (first.citation, first.roles, first.place.line) == (False, ("evaluation",), 3)
    assert second.citation


def test_the_word_evaluation_alone_gives_no_role() -> None:
    text = "Falke was evaluated on ten tasks. More at [our page](https://github.com/acme/falke).\n"

    assert [seen.roles for seen in code_links(card(text))] == [()]


def test_thousands_of_links_stay_within_the_cap() -> None:
    links = code_links(card("[a](https://github.com/a/b) " * 5000))

    assert len(links) <= 400
