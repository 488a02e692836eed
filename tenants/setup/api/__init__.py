"""Set-up as JSON: list, create, change, close, on the same operations as the pages. Administrators, scope
`setup`."""
