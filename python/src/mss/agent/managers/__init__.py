"""What all setup modules share."""
