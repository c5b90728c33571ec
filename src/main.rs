//! The `fishbowl` command: the one place that ties all rooms of the house together.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
