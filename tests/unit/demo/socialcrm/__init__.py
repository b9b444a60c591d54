"""Tests of the SocialCRM sandbox."""
