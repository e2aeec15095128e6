"""Training data: what a card names, links, leaves unnamed and documents."""
