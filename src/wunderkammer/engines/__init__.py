"""Engines: where batches run; submit and as-completed, nothing more."""
