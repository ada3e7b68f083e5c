"""What a plant costs and gives."""
