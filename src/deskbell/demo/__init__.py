"""The demo: a working day of data, a mailbox, and a receiver of webhooks."""
