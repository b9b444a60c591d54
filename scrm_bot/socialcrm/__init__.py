"""The adapter to the SocialCRM REST API."""
