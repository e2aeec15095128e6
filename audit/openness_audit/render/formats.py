"""The formats a kind of document can be told in: one pure function each, loaded when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from openness_audit import render
from openness_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Formats(Generic[D]):
    """The formats of one kind of document.

    `modules` names for each format the module with `render(document) -> str`; the one for `text` also takes `width`,
    `color`, `verbose` and `encoding`. `of` says of what they are, as an error words it: "a comparison".
    """

    modules: Mapping[str, str]
    of: str

    def known(self, name: str) -> str:
        """Give the format's name back. Raises UsageError, which names what is available, for any other."""
        if name not in self.modules:
            offered = f"available formats: {', '.join(self.modules)}"
            raise UsageError(f"format {name!r} is not available for {self.of}", hint=offered)
        return name

    def of_path(self, path: str) -> str:
        """Tell the format by a file's ending. Raises UsageError where it names none that is available."""
        name = render.ending_without_batch(path)
        if name is None or name not in self.modules:
            offered = ", ".join(ending for ending, known in render.ENDINGS if known in self.modules)
            raise UsageError(
                f"the ending of {path!r} names no format of {self.of}", hint=f"available endings: {offered}"
            )
        return name

    def render(self, name: str, document: D, **page: Any) -> str:
        """Tell a document in a format. Raises UsageError for a format that is not available."""
        function: Callable[..., str] = import_module(self.modules[self.known(name)]).render
        return function(document, **page)
