"""What every component must do."""
