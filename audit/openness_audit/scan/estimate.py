"""Estimate what a scan asks, from what is known of its models and from means measured on recorded ones. Pure."""

from __future__ import annotations

import math

from msgspec import Struct

from openness_audit.model.scan_plan import HostPlan, KnownModels, Range


class Mean(Struct, frozen=True):
    """A measured mean, and between what it lay for samples of one kind of models."""

    low: float
    mean: float
    high: float

    def times(self, count: float) -> Mean:
        """Give that of so many."""
        return Mean(self.low * count, self.mean * count, self.high * count)

    def plus(self, other: Mean) -> Mean:
        """Give the sum."""
        return Mean(self.low + other.low, self.mean + other.mean, self.high + other.high)

    def rounded(self) -> Range:
        """Give whole numbers, in order."""
        mean = round(self.mean)
        return Range(low=min(math.floor(self.low), mean), mean=mean, high=max(math.ceil(self.high), mean))


# measured over recorded models by tests/benchmarks/live.py (docs/registry.md, "Quota"): requests for each model, base
# model or data set; where the recorded world lacks what is linked, the higher bound is that of one which has it all
OWN_API = Mean(2.8, 3.1, 3.3)  # record, files, branches
OWN_FILES = Mean(1.2, 2.1, 3.5)  # card, configuration, licence ...
BASE_API = Mean(2.0, 4.5, 7.0)  # a base model has its own, and further ones are named in texts
BASE_FILES = Mean(0.7, 2.0, 3.5)
DATASET_API = Mean(0.8, 1.05, 1.6)
DATASET_FILES = Mean(0.1, 0.6, 1.0)
CODE = Mean(0.1, 0.5, 0.9)  # requests of GitHub's quota for each model: two for each repository, shared ones once
BASES_NAMED = Mean(0.05, 0.13, 0.5)  # distinct ones for each model, where no list says it
DATASETS_NAMED = Mean(0.2, 0.62, 1.0)
STALE_API = Mean(2.0, 2.0, 2.0)  # record and branches: what belongs to a commit does not change
LISTED_API = Mean(1.0, 1.1, 2.0)  # the branches alone, where the Hub's list tells that the record still holds


class Asked(Struct, frozen=True, kw_only=True):
    """Requests by kind of host."""

    api: Range
    files: Range
    code: Range
    api_conditional: int
    code_conditional: int


def asked(known: KnownModels) -> Asked:
    """Estimate the requests of a scan.

    Args:
        known: what is known of its models.

    Returns:
        The requests.
    """
    new, models = known.absent, known.absent + known.stale
    share = new / models if models else 0.0  # the rest of what is linked was read with the models in the cache
    bases = _count(known.bases, BASES_NAMED, models)
    datasets = _count(known.datasets, DATASETS_NAMED, models)
    linked = _each(BASE_API, bases).plus(_each(DATASET_API, datasets))
    stale = STALE_API if known.bases is None else LISTED_API
    again = stale.times(known.stale).plus(linked.times(1 - share))
    api = OWN_API.times(new).plus(linked.times(share)).plus(again)
    linked_files = _each(BASE_FILES, bases).plus(_each(DATASET_FILES, datasets))
    files = OWN_FILES.times(new).plus(linked_files.times(share))
    return Asked(
        api=api.rounded(),
        files=files.rounded(),
        code=CODE.times(models).rounded(),
        api_conditional=round(again.mean),
        code_conditional=round(CODE.times(known.stale).mean),
    )


def _count(told: int | None, named: Mean, models: int) -> Mean:
    return named.times(models) if told is None else Mean(told, told, told)


def _each(mean: Mean, count: Mean) -> Mean:
    return Mean(mean.low * count.low, mean.mean * count.mean, mean.high * count.high)


def minutes_for(requests: int, quota: int, window_s: float, left: int | None, opens_in_s: float) -> float:
    """Say how long a quota makes requests last.

    Args:
        requests: how many.
        quota: how many of them are allowed in a window.
        window_s: its length in seconds.
        left: how many are allowed in this window; None: all.
        opens_in_s: the seconds until the next one begins.

    Returns:
        The minutes until the last of them may go.
    """
    now = quota if left is None else min(left, quota)
    if requests <= now:
        return 0.0
    windows = math.ceil((requests - now) / max(1, quota))
    first = window_s if left is None else opens_in_s
    return (first + (windows - 1) * window_s) / 60


def slowest(hosts: tuple[HostPlan, ...]) -> Range | None:
    """Give the minutes of the host that makes the scan last longest; None where no host has a quota."""
    known = [host.minutes for host in hosts if host.minutes is not None]
    if not known:
        return None
    return Range(
        low=max(one.low for one in known), mean=max(one.mean for one in known), high=max(one.high for one in known)
    )
