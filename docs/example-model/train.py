"""The training loop that the example card speaks of; it is here to be listed, not to be run."""

from __future__ import annotations

import argparse


def main() -> None:
    """Read the options the card's command gives, and say what a real loop would do with them."""
    parser = argparse.ArgumentParser()
    for name in ("--dataset", "--config", "--learning-rate", "--batch-size", "--epochs"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    print(f"would train on {options.dataset} for {options.epochs} epoch(s)")  # noqa: T201 - an example script


if __name__ == "__main__":
    main()
