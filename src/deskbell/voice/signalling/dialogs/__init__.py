"""The parts of a dialog: what is asked, confirmed, offered, refreshed and transferred in it."""
