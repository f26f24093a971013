"""What is measured: one module a subject, each with a function `measure`."""
