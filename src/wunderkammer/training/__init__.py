"""Training: examples, augmentation, losses, the Lightning modules, and the weights they end in."""
