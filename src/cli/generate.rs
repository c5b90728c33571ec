//! `fishbowl generate`: man pages and completions, from the command line's own description.

use std::path::{Path, PathBuf};

use clap::{Command, ValueEnum};
use clap_complete::Shell;

use super::failure::Failure;

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

/// Writes the files of one kind for what `all` describes.
pub fn generate(args: &GenerateArgs, all: Command) -> Result<(), Failure> {
    let folder = &args.folder;
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(failed)?;
    let shown = shown(&all);
    match args.what {
        What::Man => clap_mangen::generate_to(shown, folder),
        What::Completions => completions(shown, folder),
    }
    .map_err(failed)?;
    Ok(())
}

/// The command line without what is hidden.
fn shown(all: &Command) -> Command {
    let commands: Vec<_> = all.get_subcommands().filter(|command| !command.is_hide_set()).cloned().collect();
    let [short, long, after] = [all.get_about(), all.get_long_about(), all.get_after_help()]
        .map(|words| words.cloned().unwrap_or_default());
    Command::new("fishbowl")
        .version(env!("CARGO_PKG_VERSION"))
        .about(short)
        .long_about(long)
        .after_help(after)
        .subcommand_required(true)
        .subcommands(commands)
}

fn completions(mut shown: Command, folder: &Path) -> std::io::Result<()> {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut shown, "fishbowl", folder)?;
    }
    Ok(())
}
