"""One folder a platform; siblings never import each other."""
