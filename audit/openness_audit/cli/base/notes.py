"""Tell on standard error what the program's parts find worth a note, each once."""

from __future__ import annotations

import logging

from openness_audit.cli.base import output


class _Notes(logging.Handler):
    """Prints the messages of our own loggers as notes."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.quiet = False
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Print a message that was not printed before."""
        message = record.getMessage()
        if not self.quiet and message not in self._told:
            self._told.add(message)
            output.tell(f"note: {message}")


def listen(*, quiet: bool) -> None:
    """Print notes from now on, or keep quiet about them."""
    logger = logging.getLogger("openness_audit")
    for handler in [each for each in logger.handlers if isinstance(each, _Notes)]:
        logger.removeHandler(handler)
    notes = _Notes()
    notes.quiet = quiet
    logger.addHandler(notes)
