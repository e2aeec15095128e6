"""The uses of a model that buyers ask about (`rules/vocabulary/license-terms.yaml` says what each means)."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

UseId: TypeAlias = Literal["internal", "serve", "redistribute", "fine-tune-publish", "train-on-outputs", "relicense"]
USES: tuple[UseId, ...] = get_args(UseId)
