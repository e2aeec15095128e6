"""Bills of materials of others: which models of the Hub they name, and what they claim of them, against an audit."""
