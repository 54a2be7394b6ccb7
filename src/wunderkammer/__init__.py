"""Clean, measured, explorable natural-history image collections."""
