"""What leaves Deskbell as a file: one export each."""
