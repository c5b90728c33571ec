//! The `fishbowl` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    fishbowl::cli::main(fishbowl::registry())
}
