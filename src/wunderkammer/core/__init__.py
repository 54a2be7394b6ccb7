"""What a collection is: columns, stages, keys, plans, runs, and nothing about images."""
