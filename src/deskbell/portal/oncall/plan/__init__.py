"""Looking ahead: who would be reached, and where nobody is."""
