"""Migrations of the workspace's database, run by Alembic from inside the installed package."""
