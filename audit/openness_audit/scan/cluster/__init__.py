"""A run on a Dask cluster: pieces of the source go to its workers, rows come back to the one process that writes."""
