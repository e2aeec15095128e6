"""Code: the repositories a card links, and the commands, harnesses and frameworks it names."""
