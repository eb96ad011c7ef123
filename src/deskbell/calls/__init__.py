"""Call records: the calls, their recordings, and what usage is counted from."""
