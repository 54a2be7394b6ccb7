"""The parts of the drawing: taxonomy, wings, beetles, leaves, scenes, pages."""
