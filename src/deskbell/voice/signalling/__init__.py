"""SIP for the gateway: messages in and out, transactions, and the dialog of each call."""
