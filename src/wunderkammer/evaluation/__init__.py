"""Evaluation: every encoder of a collection put through the same examination."""
