"""Lines: the trunks of the deployment, the phones of its accounts, and what each may call."""
