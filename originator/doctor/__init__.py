"""What `originator doctor` looks at: a file for each verdict, I/O in the `*_side` modules alone."""
