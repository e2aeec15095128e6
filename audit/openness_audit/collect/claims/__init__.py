"""What a card claims of its own openness."""
