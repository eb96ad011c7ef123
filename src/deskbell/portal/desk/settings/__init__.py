"""What the operator sets for the desk: receptionists, skills, and how numbers are answered."""
