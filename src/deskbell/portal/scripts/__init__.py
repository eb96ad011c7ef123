"""The pages of scripts: what receptionists say and ask, to read and to write."""
