"""What the models of a finished scan are like together, and what changed since another: read from its folder."""
