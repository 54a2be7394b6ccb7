"""Exports: what a collection made, as files for others, each with its licence and its holder."""
