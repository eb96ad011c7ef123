"""The only writes to receptionists and to the calls at the desk."""
