"""A stand-in for the SocialCRM API: a server of its own that imports nothing of the product."""
