"""What every command stands on: output and its end, services, progress, the words that name a model."""
