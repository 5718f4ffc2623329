//! The program.
#[allow(dead_code, unused_imports)]
mod demo;

fn main() {}
