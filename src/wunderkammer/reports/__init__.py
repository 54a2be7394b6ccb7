"""Reports: what a collection shows about the data it came from, for the people who keep them."""
