"""Pay Your Bill: the form, its confirm page, receipts, and what is paid by itself."""
