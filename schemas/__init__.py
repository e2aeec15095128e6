"""JSON Schemas of everything the program promises."""
