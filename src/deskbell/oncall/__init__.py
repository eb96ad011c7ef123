"""On call: calendars, who is on call when, and escalation until somebody acknowledges."""
