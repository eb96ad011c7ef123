"""The audit log's pages, and the words for what is done in the portal."""
