//! The rules: pure types and functions, no I/O, no clock of its own
