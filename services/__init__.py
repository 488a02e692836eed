"""What students and helpers use. Every table here lives in a municipality's own schema."""
