"""Social media where the team talks: scrm-bot for Slack."""
