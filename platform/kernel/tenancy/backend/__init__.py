"""The guarded database backend: ENGINE = "kernel.tenancy.backend"."""
