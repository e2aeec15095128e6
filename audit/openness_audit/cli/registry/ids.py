"""Find out which models a scan is of: by the Hub's lists, or by a file of ids of any length."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from openness_audit.cli.audit.lists import read_list
from openness_audit.cli.base import output
from openness_audit.cli.base.progress import progress
from openness_audit.cli.base.target import parse_target
from openness_audit.errors import SourceUnreachableError, SubjectNotFoundError, UsageError
from openness_audit.model.batch import STDIN
from openness_audit.render.escape import clean
from openness_audit.scan.id_list import ListRead, Skipped, read_ids
from openness_audit.scan.outcome import Known
from openness_audit.wording import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openness_audit.cli.base.services import Services
    from openness_audit.cli.common.options import How
    from openness_audit.model.registry import SourceDoc
    from openness_audit.settings import Target

_SHOWN = 40  # characters of a line that is passed over
_STRUCTURED = (".json", ".yaml", ".yml")


@contextlib.contextmanager
def planning(
    how: How, services: Services, source: SourceDoc
) -> Iterator[tuple[Iterator[Known], Callable[[int], None], ListRead]]:
    """Give the models of a source, what shows how many there are so far, and what is met on the way.

    Args:
        how: the options that every audit has.
        services: the environment.
        source: the Hub's lists, or a list.

    Yields:
        All three; lines that name no model are told when the block ends. The models raise NoVerdictError where the Hub
        cannot list them, UsageError where a list cannot be read.
    """
    found = ListRead()
    with progress("listing models", services.environ, wanted=how.progress) as show:
        models = _from_file(how, source, found) if source.kind == "list" else _from_hub(how, source, show)
        yield models, lambda count: show(f"{count:,} so far"), found
    name = "standard input" if source.path == STDIN else clean(Path(source.path or "").name)
    if not how.quiet:
        _say(name, found.junk, "without a model")
        _say(name, found.repeated, "with a model named before")


def _say(name: str, skipped: Skipped, what: str) -> None:
    if not skipped.count:
        return
    first = "; ".join(f"line {line:,}: {clean(said)[:_SHOWN]!r}" for line, said in skipped.first)
    more = skipped.count - len(skipped.first)
    rest = f"; and {more:,} more" if more else ""
    output.tell(f"note: {name}: passed over {plural(skipped.count, 'line')} {what} ({first}{rest})")


def _from_file(how: How, source: SourceDoc, found: ListRead) -> Iterator[Known]:
    def parse(word: str) -> Target | None:
        try:
            target = parse_target(word, is_directory=lambda _: False, endpoint=how.settings.endpoint)
        except UsageError:
            return None
        return target if target.kind == "hub" else None

    name = source.path or STDIN
    if name.lower().endswith(_STRUCTURED):
        lines = "\n".join("" if one.problem else one.text for one in read_list(name)).encode("utf-8", "replace")
        for target in read_ids(io.BytesIO(lines), parse, found):
            yield Known(id=target.id, revision=target.revision)
        return
    try:
        with contextlib.nullcontext(sys.stdin.buffer) if name == STDIN else Path(name).open("rb") as stream:
            for target in read_ids(stream, parse, found):
                yield Known(id=target.id, revision=target.revision)
    except OSError as problem:
        raise UsageError(
            f"the list {clean(name)} cannot be read: {problem.strerror}", hint="--list takes a file, or -"
        ) from problem


def _from_hub(how: How, source: SourceDoc, show: Callable[[str], None]) -> Iterator[Known]:
    from openness_audit.sources.hub_list import ListFailedError, Query, list_models  # noqa: PLC0415 - the network stack
    from openness_audit.sources.settings import SourceSettings  # noqa: PLC0415 - likewise
    from openness_audit.sources.shared import SharedSources  # noqa: PLC0415 - likewise

    shared = SharedSources(SourceSettings.of(how.settings), on_wait=show)
    query = Query(author=source.author, search=source.search, tags=source.tags, sort=source.sort, top=source.top)
    count = 0
    try:
        for one in list_models(shared.hub(), query):
            count += 1
            yield Known(
                id=one.id, downloads=one.downloads, likes=one.likes, created_at=one.created_at, state=one.state,
                listed_at=one.listed_at,
            )  # fmt: skip
    except ListFailedError as problem:
        offline = "--offline knows no list of the Hub that was not asked for before: name the models by --list FILE"
        raise SourceUnreachableError(
            f"the models of the Hub could not be listed: {problem.cause.detail}",
            hint=offline
            if how.settings.offline
            else "check HF_TOKEN, HF_ENDPOINT and the network, then go on with --resume",
        ) from problem
    finally:
        shared.close()
    if not count:
        raise SubjectNotFoundError(
            f"the Hub lists no model{_asked(source)}",
            hint="check the spelling; private models are listed only with HF_TOKEN",
        )


def _asked(source: SourceDoc) -> str:
    """Word what the Hub was asked for."""
    said = [f" of {clean(source.author)}"] if source.author else []
    said += [f" with {clean(source.search)!r} in its id"] if source.search else []
    said += [f" with the tag {clean(tag)!r}" for tag in source.tags]
    return ",".join(said)
