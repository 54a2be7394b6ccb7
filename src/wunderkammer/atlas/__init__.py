"""What an atlas is: the only description of its files."""
