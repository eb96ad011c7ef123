"""The pages of blocked callers: the list, and blocking, changing and unblocking one."""
