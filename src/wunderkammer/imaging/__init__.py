"""Pure functions on arrays: resampling, shadows, masks; no files, no paths."""
