"""Remember what many models of a run share: base models, data sets, code; each looked up once, the oldest forgotten."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class Memo(Generic[T]):
    """What was found, by key; whoever wants what another thread is looking up waits for it."""

    def __init__(self, most: int) -> None:
        """Remember `most` answers."""
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Future[T]] = OrderedDict()

    def get(self, key: Hashable, look: Callable[[], T], keep: Callable[[T], bool] = lambda _: True) -> T:
        """Give what is remembered, else what `look` finds.

        Args:
            key: what is asked for.
            look: looks it up.
            keep: says whether an answer is worth remembering; a failure that may pass is not.

        Returns:
            The answer. Raises whatever `look` raises; that is not remembered.
        """
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
            mine: Future[T] = Future()
            if known is None:
                self._known[key] = mine
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
        if known is not None:
            return known.result()
        try:
            found = look()
        except BaseException as problem:
            self._forget(key)
            mine.set_exception(problem)
            raise
        if not keep(found):
            self._forget(key)
        mine.set_result(found)
        return found

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            self._known.pop(key, None)
