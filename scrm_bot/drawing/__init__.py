"""From SVG to PNG."""
