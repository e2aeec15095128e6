"""What is kept on record of a model: statements and their envelopes, notices, the MOT's file, rows of a table."""
