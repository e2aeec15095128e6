"""What the card, its metadata and the configuration disclose of the model: settings, results, limits, energy, kind."""
