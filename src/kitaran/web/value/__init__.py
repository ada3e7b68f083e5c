"""What a used battery is worth."""
