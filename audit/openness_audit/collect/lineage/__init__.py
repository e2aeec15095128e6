"""What a model is made from."""
