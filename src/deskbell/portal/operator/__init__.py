"""The operator's pages: all accounts, the staff, and how the deployment is."""
