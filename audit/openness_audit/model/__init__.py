"""The nouns of the program: frozen Structs, from which the JSON Schemas are generated."""
