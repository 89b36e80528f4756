//! The program: everything it does stands in the library.

use std::process::ExitCode;

/// An import's rows are made by one thread and dropped by another, for which the system's allocator takes locks.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    twentyweeks::cli::run()
}
