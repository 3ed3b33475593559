"""What a training did, as one HTML file that needs nothing else."""
