"""Find the models that commands name: shell scripts, the commands of Dockerfiles and CI files, environment files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from openness_audit.scan.code.lines import addresses, arguments, calls, pairs
from openness_audit.scan.code.positions import Lines
from openness_audit.scan.code.python_file import read_python
from openness_audit.scan.code.shell_words import Word, assigned, commands, filled, filled_in
from openness_audit.scan.code.vocabulary import Command, meaning_of, plain_key, words, worth_reading

if TYPE_CHECKING:
    from openness_audit.model.rules import Confidence
    from openness_audit.scan.code.gather import Sheet

_HANDED = re.compile(r"\bpython[\w.]{0,8}[^\n<]{0,80}<<-?[ \t]{0,8}[\"']?([A-Za-z_]\w{0,40})[\"']?[^\n]{0,80}\n")
_ONE_LETTER = 2  # `-m`


class Shell:
    """One reading of the commands of one file; variables are known from where they are set."""

    def __init__(self, sheet: Sheet) -> None:
        """Start with no variable set."""
        self._sheet = sheet
        self._known: dict[str, list[str]] = {}
        self._set: list[tuple[str, Word]] = []
        self._loaded: set[str] = set()

    def text(self, text: str, *, line: int = 1, column: int = 1, continued: str = "\\") -> None:
        """Read commands as a script holds them."""
        if not worth_reading(text) and "/" not in text:
            return
        found = list(commands(text, line=line, column=column, continued=continued))
        for words_ in found:
            self._learn(words_)
        for words_ in found:
            self.command(words_)
        lines = Lines(text, line=line, column=column)
        addresses(self._sheet, text, lines)  # comments too, with low confidence
        calls(self._sheet, text, lines)
        for found_, start in _python_in(text):
            where = lines.at(start)
            read_python(self._sheet, filled_in(found_, self._known), line=where[0], column=where[1])

    def _learn(self, found: Sequence[Word]) -> None:
        for word in found:
            pair = assigned(word)
            if pair is not None and pair[1].text:
                self.set(*pair)

    def set(self, name: str, value: Word) -> None:
        """Note a variable that is set."""
        given, _ = filled(value, {})
        self._known.setdefault(name, []).extend(given)
        self._set.append((name, value))

    def finish(self) -> None:
        """Note the variables that hold ids and that no command was seen to use."""
        for name, value in self._set:
            meaning = meaning_of(name)
            if meaning is None or name in self._loaded:
                continue
            given, _ = filled(value, {})
            for text in given:
                self._sheet.name(
                    text,
                    value.line,
                    value.column,
                    name,
                    confidence="medium",
                    kind=meaning.kind,
                    loose=True,
                    bare="old" if meaning.sure else "local",
                )

    def command(self, found: Sequence[Word]) -> None:
        """Read the words of one command."""
        revision = self._value(found, words().revision_flags)
        for word in found:
            if word.text.startswith("{") and '"' in word.text:
                pairs(self._sheet, word.text, Lines(word.text, line=word.line, column=word.column), confidence="medium")
            if "/" in word.text:
                own = Lines(word.text, line=word.line, column=word.column)
                addresses(self._sheet, word.text, own, confidence="medium", pages="medium")
        starts = [i for i, w in enumerate(found) if w.text.rpartition("/")[2] in _programs()]
        for start in starts:
            for row in words().commands:
                if [w.text.rpartition("/")[2] for w in found[start : start + len(row.words)]] == list(row.words):
                    self._row(row, found[start + len(row.words) :], revision)
        self._flags(found, words().any_flags, " ".join(w.text for w in found[:1]), revision, "high", tagged=True)
        for at, word in enumerate(found[:-1]):
            if word.text == "-c" and at and found[at - 1].text.rpartition("/")[2].startswith("python"):
                said = filled_in(_unescaped(found[at + 1].text), self._known)
                read_python(self._sheet, said, line=found[at + 1].line, column=found[at + 1].column)
        self._named_options(found, revision)

    def _row(self, row: Command, rest: Sequence[Word], revision: str | None) -> None:
        how = " ".join(row.words)
        revision = revision or self._value(rest, frozenset(row.revision_flags))
        kind = self._value(rest, frozenset(row.type_flags))
        if kind == "space":
            return
        self._flags(rest, frozenset(row.flags), how, revision, "high", tagged=row.tagged)
        if row.at is None:
            return
        plain = list(_plain(rest, row.revision_flags))
        if len(plain) > row.at:
            word = plain[row.at]
            self._note(
                word, how, revision, "high", tagged=row.marked, marked=row.marked, dataset=kind == "dataset", bare="hub"
            )

    def _value(self, found: Sequence[Word], flags: frozenset[str]) -> str | None:
        """Give the value of the first of some options."""
        for at, word in enumerate(found):
            name, given, value = word.text.partition("=")
            if name in flags:
                chosen = (
                    Word(value, word.line, word.column) if given else found[at + 1] if at + 1 < len(found) else None
                )
                texts = filled(chosen, self._known)[0] if chosen else []
                return texts[0] if len(texts) == 1 else None
        return None

    def _flags(
        self,
        found: Sequence[Word],
        flags: frozenset[str],
        how: str,
        revision: str | None,
        confidence: Confidence,
        *,
        tagged: bool = False,
    ) -> None:
        for name, value in _options(found):
            if name in flags:
                self._note(value, f"{how} {name}".strip(), revision, confidence, tagged=tagged, bare="local")

    def _named_options(self, found: Sequence[Word], revision: str | None) -> None:
        """Read options whose names hold ids, whichever program they are given to."""
        for name, value in _options(found):
            meaning = meaning_of(name) if name.startswith("-") and len(name) > _ONE_LETTER else None
            if plain_key(name.lstrip("-")) in words().argument_keys:
                arguments(self._sheet, value.text, value.line, value.column, name)
                continue
            if meaning is None:
                continue
            given, why = filled(value, self._known)
            if why and meaning.sure:
                self._sheet.unresolved(value.line, value.column, name, why, kind=meaning.kind)
            if given:
                self._note(value, name, revision, "medium", dataset=meaning.kind == "dataset", bare="old")

    def _note(
        self,
        word: Word,
        how: str,
        revision: str | None,
        confidence: Confidence,
        *,
        tagged: bool = False,
        marked: bool = False,
        dataset: bool = False,
        bare: str = "local",
    ) -> None:
        given, why = filled(word, self._known)
        if why and confidence == "high":
            self._sheet.unresolved(word.line, word.column, how, why, kind="dataset" if dataset else "model")
        for text in given:
            if text != word.text:
                self._loaded.add(word.text.strip("${}").partition(":")[0])
            self._sheet.name(
                text,
                word.line,
                word.column,
                how,
                confidence=confidence if len(given) == 1 else "medium",
                kind="dataset" if dataset else "model",
                bare=bare,
                revision=revision,
                tagged=tagged,
                marked=marked,
                loose=confidence != "high",
            )


def _programs() -> frozenset[str]:
    return frozenset(row.words[0] for row in words().commands)


def _options(found: Sequence[Word]) -> Iterable[tuple[str, Word]]:
    """Give options with their values: `--name value`, `--name=value`, and every further value up to the next option."""
    for at, word in enumerate(found):
        name, given, value = word.text.partition("=")
        if not name.startswith("-"):
            continue
        if given:
            yield name, Word(value.strip("\"'"), word.line, word.column + len(name) + 1, word.literal)
            continue
        for after in found[at + 1 :]:
            if after.text.startswith("-"):
                break
            yield name, after


def _plain(found: Sequence[Word], valued: Sequence[str]) -> Iterable[Word]:
    """Give the words that are no options and no values of options; a value follows an option of two hyphens."""
    skip = False
    for at, word in enumerate(found):
        if at and found[at - 1].text in valued:
            continue
        if word.text.startswith("-"):
            skip = word.text.startswith("--") and "=" not in word.text
        elif skip and "/" not in word.text:
            skip = False
        else:
            skip = False
            yield word


def _python_in(text: str) -> Iterable[tuple[str, int]]:
    """Give the code that a script hands to Python as a text of several lines, with where it begins."""
    for opening in _HANDED.finditer(text):
        word = opening.group(1)
        at = opening.end()
        while at < len(text):
            stop = text.find("\n", at)
            line = text[at : stop if stop >= 0 else len(text)]
            if line.strip() == word:
                yield text[opening.end() : at], opening.end()
                break
            at = stop + 1 if stop >= 0 else len(text)


def _unescaped(code: str) -> str:
    return code.replace('\\"', '"')  # a line that is continued is continued in Python, too


def read_shell(sheet: Sheet, text: str) -> str:
    """Read a script or an environment file."""
    shell = Shell(sheet)
    shell.text(text)
    shell.finish()
    return ""
