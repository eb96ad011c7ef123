"""What every room stands on and what needs no Django: clock, HTTP, errors, numbers, secrets."""
