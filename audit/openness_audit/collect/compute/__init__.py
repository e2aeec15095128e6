"""What a card says of the compute that trained the model."""
