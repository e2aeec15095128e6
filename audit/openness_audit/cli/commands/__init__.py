"""The commands: one module each, loaded by name when it is called."""
