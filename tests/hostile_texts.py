"""Cards as a stranger may write them: each entry is a function of a size in characters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

HEAD: Final = "---\nlicense: mit\ntags: [x]\n---\n# Owl-7B\n\n"


def filled(piece: str, size: int) -> str:
    """Repeat `piece` up to `size` characters."""
    return (piece * (size // len(piece) + 1))[:size]


def counted(piece: str, size: int) -> str:
    """Repeat `piece`, in which `#N` is the count, up to `size` characters."""
    parts: list[str] = []
    length = number = 0
    while length < size:
        part = piece.replace("#N", str(number))
        parts.append(part)
        length += len(part)
        number += 1
    return "".join(parts)[:size]


def _nested_list(size: int) -> str:
    depth = min(10_000, int(size**0.5))
    return "".join("  " * level + "- x\n" for level in range(depth))[:size]


def _table(size: int, columns: int) -> str:
    row = "| " + " | ".join(f"c{n}" for n in range(columns)) + " |\n"
    line = "|" + "---|" * columns + "\n"
    return (row + line + filled(row, size))[:size]


def repeated(piece: str) -> Callable[[int], str]:
    return lambda size: filled(piece, size)


def numbered(piece: str) -> Callable[[int], str]:
    return lambda size: counted(piece, size)


SHAPES: Final[dict[str, Callable[[int], str]]] = {
    "prose": repeated("Owl-7B was trained by us on a mixture of web pages, books and code for three days.\n"),
    "one line": repeated("Owl-7B was trained by us on a mixture of web pages, books and code for three days. "),
    "one word": repeated("x"),
    "blanks": repeated(" "),
    "blank lines": repeated("\n"),
    "tabs": repeated("\t"),
    "digits": repeated("1"),
    "numbers": repeated("1,234.5 "),
    "dots": repeated("."),
    "sentences": repeated("A. "),
    "commas": repeated("a, "),
    "table": lambda size: _table(size, 4),
    "wide table": lambda size: _table(size, 3000),
    "pipes": repeated("|"),
    "pipes and dashes": repeated("|-"),
    "table no delimiter": repeated("| a | 1.0 |\n"),
    "many tables": numbered("\n| Task | Owl-7B |\n|---|---|\n| MMLU | #N |\n"),
    "results table": lambda size: (
        "| Model | MMLU | ARC |\n|---|---|---|\n" + counted("| Other-#N-7B | 41.0 | 42.1 |\n", size)
    ),
    "code fence": lambda size: "```python\n" + filled("trainer.train(dataset='acme/x')\n", size),
    "many fences": repeated("```\npip install x\n```\n"),
    "indented code": repeated("    git clone https://github.com/acme/owl\n"),
    "backticks": repeated("`"),
    "code spans": repeated("`a` "),
    "growing ticks": lambda size: "".join("`" * n + " " for n in range(1, int((2 * size) ** 0.5)))[:size],
    "headings": numbered("# Training data #N\n"),
    "headings with text": numbered("## Evaluation #N\nOwl-7B reaches 41 on MMLU.\n"),
    "same headings": repeated("# Owl-7B\n"),
    "deep headings": repeated("# a\n## b\n### c\n#### d\n##### e\n###### f\n"),
    "setext": repeated("Title\n===\n"),
    "bold headings": repeated("**Training**\n"),
    "comments": repeated("<!-- x -->"),
    "comment open": repeated("<!-- "),
    "stars": repeated("*"),
    "stars and letters": repeated("*a"),
    "emphasis": repeated("**a** _b_ "),
    "emphasis open": repeated("*a **b "),
    "underscores": repeated("_a"),
    "tildes": repeated("~"),
    "brackets": repeated("["),
    "closing brackets": repeated("]"),
    "bracket pairs": repeated("[]"),
    "link middles": repeated("]("),
    "link starts": repeated("[a]("),
    "bracket paren": repeated("[("),
    "nested images": repeated("![a"),
    "images": repeated("![a](b.png) "),
    "badges": numbered("[![x](https://img.shields.io/a-#N)](https://huggingface.co/datasets/a/b-#N) "),
    "parens": repeated("("),
    "quotes": repeated(">"),
    "quotes with blanks": repeated("> "),
    "quote lines": repeated("> a\n"),
    "quotes grow": lambda size: "".join(">" * n + "a\n" for n in range(1, int((2 * size) ** 0.5)))[:size],
    "nested list": _nested_list,
    "list on a line": repeated("- "),
    "list": numbered("- acme/data-#N\n"),
    "ordered": numbered("#N. acme/data\n"),
    "loose list": repeated("- a\n\n"),
    "rules": repeated("---\n"),
    "same link": repeated("[x](https://huggingface.co/acme/owl) "),
    "model links": numbered("[x](https://huggingface.co/acme/owl-#N) "),
    "dataset links": numbered("[x](https://huggingface.co/datasets/acme/d-#N) "),
    "dataset lines": numbered("Owl-7B was trained on [d#N](https://huggingface.co/datasets/acme/d-#N).\n\n"),
    "code links": numbered("The training code of Owl-7B is at https://github.com/acme/owl-#N.\n"),
    "same code link": repeated("The training code of Owl-7B is at https://github.com/acme/owl.\n"),
    "deep code links": numbered("https://github.com/acme/owl/tree/main/" + "a/" * 40 + "#N.py "),
    "papers": numbered("See https://arxiv.org/abs/2401.#N and doi 10.1234/x.#N "),
    "bare urls": numbered("https://example.org/#N "),
    "scripts": repeated("[a](javascript:alert(1)) <a href='data:text/html,x'>b</a> "),
    "autolinks": numbered("<https://huggingface.co/acme/m-#N> "),
    "reference links": numbered("[a#N]: https://huggingface.co/acme/m-#N\n[x][a#N]\n\n"),
    "references undefined": numbered("[a#N][b#N] "),
    "footnotes": numbered("a[^#N]\n\n[^#N]: https://example.org\n\n"),
    "footnote open": repeated("[^a]: "),
    "tags": repeated("<a>"),
    "tag open": repeated("<"),
    "tag name": repeated("<a "),
    "attributes": repeated("<a b='"),
    "attributes same": lambda size: "<a " + filled("b=c ", size),
    "divs": repeated("<div>"),
    "tables html": repeated("<table><tr><td>"),
    "rows html": repeated("<tr><td>MMLU</td><td>41.0</td></tr>\n"),
    "list html": repeated("<ul><li>a"),
    "details": repeated("<details><summary>a</summary>\n\nb\n\n"),
    "links html": numbered("<a href='https://huggingface.co/acme/m-#N'>x</a>\n"),
    "script open": lambda size: "<script>" + filled("a<b ", size),
    "cdata": repeated("<![CDATA["),
    "declaration": repeated("<!A "),
    "processing": repeated("<?a "),
    "entities": repeated("&amp;"),
    "entity open": repeated("&"),
    "numeric entities": repeated("&#x202e;"),
    "backslashes": repeated("\\"),
    "escapes": repeated("\\*"),
    "ids": numbered("acme/owl-#N-7b "),
    "model names": numbered("Llama-#N-7B-Instruct "),
    "fine-tuned": numbered("Owl-7B is a fine-tuned version of acme/base-#N. "),
    "merge": lambda size: "Owl-7B is a merge of " + counted("acme/base-#N, ", size),
    "merge lines": lambda size: "This is a merge of the following models:\n" + counted("- acme/base-#N\n", size),
    "bibtex": numbered("```\n@misc{a#N, title={Owl 7B}, author={A and B}, eprint={2401.#N}}\n```\n"),
    "bibtex prose": numbered("@article{a#N, title={Owl"),
    "bibtex one": lambda size: "@misc{a,\n" + counted("k#N={Owl}, ", size) + "}",
    "datasets words": repeated("trained on the Pile dataset, C4 dataset and Wikipedia, "),
    "corpora": numbered("Owl-7B was trained on the Corpus#N dataset. "),
    "hashes": repeated("#"),
    "equals": repeated("="),
    "colons": repeated("a: "),
    "at": repeated("@"),
    "slashes": repeated("/"),
    "slashed words": repeated("a/"),
    "hyphens": repeated("-"),
    "hyphened": repeated("a-"),
    "plus": repeated("+"),
    "quoted": repeated('"a" '),
    "apostrophes": repeated("'"),
    "cjk": repeated("私たちはモデルを訓練しました。"),
    "cjk line": repeated("训练数据"),
    "arabic": repeated("نموذج اللغة "),
    "emoji": repeated("👩‍👩‍👧 "),
    "combining": repeated("e\u0301\u0302\u0303"),
    "zero width": repeated("\u200b"),
    "bidi": repeated("\u202e"),
    "controls": repeated("\x1b[31m\x07"),
    "nul": repeated("\x00"),
    "line separators": repeated("a\u2028b\u0085c\x0bd\x0c"),
    "carriage returns": repeated("a\r"),
    "licences": numbered("Owl-7B is released under the Apache License #N, and the MIT licence. "),
    "not": repeated("We do not release the training data. "),
    "gpu": numbered("trained on #N A100 GPUs for #N hours, "),
    "steps": numbered("step#N-tokens#NB "),
    "accuracy": numbered("accuracy: 0.#N, "),
    "hyperparameters": numbered("- learning_rate: 0.#N\n"),
    "commands": repeated("python train.py --data acme/x --lr 1\n"),
    "harness": repeated("lm_eval --model hf --tasks mmlu,arc "),
    "paths": numbered("./scripts/train_#N.sh "),
    "wikilinks": repeated("[[a]] "),
    "math": repeated("$$a_{1}$$ "),
    "jinja": repeated("{{ x }} {% y %} "),
    "more information": repeated("[More Information Needed]\n\n"),
}


def card(shape: str, size: int) -> str:
    """Give a card whose body is `size` characters of one shape."""
    return HEAD + SHAPES[shape](size)
