"""The exceptions of the program, each with the exit code it ends in.

AuditError                      4  something went wrong inside
├── UsageError                  2  the call's words cannot be carried out
│   ├── PolicyError             2  a policy cannot be used: every problem with file and line
│   └── BundleError             2  a file is no evidence bundle that can be read
├── TamperedError               1  the digests of an evidence bundle do not hold
├── RuleError                   4  a rule, vocabulary or licence file is malformed (path:line in the message)
├── NoVerdictError              3  the subject could not be audited
│   ├── SubjectNotFoundError    3  not found, or private
│   ├── SubjectDisabledError    3  disabled or withheld for legal reasons
│   └── SourceUnreachableError  3  the Hub did not answer in time
└── OutputError                 4  the result could not be written
"""

from __future__ import annotations

__all__ = [
    "AuditError",
    "BundleError",
    "NoVerdictError",
    "OutputError",
    "PolicyError",
    "RuleError",
    "SourceUnreachableError",
    "SubjectDisabledError",
    "SubjectNotFoundError",
    "TamperedError",
    "UsageError",
]


class AuditError(Exception):
    """Base of all errors of this program; `hint` says what to do next."""

    exit_code = 4

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Keep what happened and to what in `message`, the next step in `hint`."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AuditError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


class PolicyError(UsageError):
    """A policy, a file it extends, or a file of waivers cannot be used."""

    def __init__(self, problems: tuple[str, ...], *, hint: str = "") -> None:
        """Keep every problem, each with its file and line."""
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}", hint=hint or "`modelaudit policy validate` tells all that is wrong")
        self.problems = problems


class BundleError(UsageError):
    """A file is no evidence bundle, is damaged, is not safe to read, or is of a version that cannot be read."""


class TamperedError(AuditError):
    """An evidence bundle is not what its manifest says: something was changed, added or taken away."""

    exit_code = 1


class RuleError(AuditError):
    """A data file of the program or of `--rules` is malformed."""

    def __init__(
        self, message: str, *, hint: str = "correct the file; without --rules, install modelaudit anew"
    ) -> None:
        """Keep what happened and to what in `message`, the next step in `hint`."""
        super().__init__(message, hint=hint)


class NoVerdictError(AuditError):
    """No audit could be made of the subject."""

    exit_code = 3


class SubjectNotFoundError(NoVerdictError):
    """The Hub knows no such model, or does not show it to this caller."""


class SubjectDisabledError(NoVerdictError):
    """The Hub withholds the model."""


class SourceUnreachableError(NoVerdictError):
    """The Hub could not be reached, refused, or did not answer in time."""


class OutputError(AuditError):
    """The result could not be written."""
