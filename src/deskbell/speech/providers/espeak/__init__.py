"""eSpeak NG, as a program of the system."""
