"""What a social-media team's work is made of: standard library only."""
