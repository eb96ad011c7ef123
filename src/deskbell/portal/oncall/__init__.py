"""On call in the portal: the calendar, and all that it is made of."""
