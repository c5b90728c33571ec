//! `fishbowl generate`: man pages and completions, from the command line's own description.

use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, ValueEnum};
use clap_complete::Shell;

use super::{Cli, Failure};

#[derive(clap::Args)]
pub struct GenerateArgs {
    what: What,
    /// Folder to write them to, created if missing
    folder: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// One page per command
    Man,
    /// For bash, zsh and fish
    Completions,
}

/// Writes the files of one kind.
pub fn generate(args: &GenerateArgs) -> Result<(), Failure> {
    let folder = &args.folder;
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(failed)?;
    match args.what {
        What::Man => clap_mangen::generate_to(shown(), folder),
        What::Completions => completions(folder),
    }
    .map_err(failed)?;
    Ok(())
}

/// The command line without what is hidden.
fn shown() -> clap::Command {
    let all = Cli::command();
    let commands: Vec<_> = all.get_subcommands().filter(|command| !command.is_hide_set()).cloned().collect();
    let [short, long, after] = [all.get_about(), all.get_long_about(), all.get_after_help()]
        .map(|words| words.cloned().unwrap_or_default());
    clap::Command::new("fishbowl")
        .version(env!("CARGO_PKG_VERSION"))
        .about(short)
        .long_about(long)
        .after_help(after)
        .subcommand_required(true)
        .subcommands(commands)
}

fn completions(folder: &Path) -> std::io::Result<()> {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut shown(), "fishbowl", folder)?;
    }
    Ok(())
}
