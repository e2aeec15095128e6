"""A bill of materials in no standard's words, from which those of every standard are written."""
