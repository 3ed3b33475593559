"""What every generator must do."""
