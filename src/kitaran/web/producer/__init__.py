"""The maker: models, passports in bulk, keys."""
