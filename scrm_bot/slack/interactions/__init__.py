"""One file per thing a person touches."""
