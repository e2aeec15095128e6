"""An audit on a terminal."""
