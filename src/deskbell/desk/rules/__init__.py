"""What follows what at the desk: pure decisions, without Django."""
