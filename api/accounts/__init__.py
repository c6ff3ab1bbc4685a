"""Accounts (アカウント): who works here, how they prove it, and what each role may do."""
