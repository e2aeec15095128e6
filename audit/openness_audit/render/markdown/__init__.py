"""An audit in GitHub Markdown."""
