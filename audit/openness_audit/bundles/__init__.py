"""Evidence bundles: what an audit was answered, in one file that can be read again without a network. Pure."""
