"""Registers and calendars of others, read as they come: schools and school breaks from files.

Pure: `sheets` makes rows of bytes, `schools` and `breaks` make sense of them. What is then done to the municipality is
`tenants.setup.operations` (take_in_schools, add_break); `manage.py import_schools` and `import_breaks` call it.
"""
