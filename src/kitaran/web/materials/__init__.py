"""What is recovered and returns to demand."""
