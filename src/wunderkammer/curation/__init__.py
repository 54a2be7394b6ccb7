"""Curation: sorting media with little labelling, and how far to trust the result."""
