//! `fishbowl setup`: from the monitors of a machine, and what someone in front of them knows, to a layout that `check`
//! accepts.

mod ask;
mod found;
mod plan;
mod questions;
mod read;
mod scene;
mod text;

use std::fs::OpenOptions;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::failure::Failure;
use super::terminal::Terminal;
use super::{check, output};
use ask::{Interview, Stop};
use found::{Found, Numbers};

#[derive(clap::Args)]
#[command(after_help = SETUP)]
pub struct SetupArgs {
    /// File to write the layout to; one that exists is replaced only if you say so
    #[arg(long, value_name = "FILE", default_value = "wall.toml")]
    pub out: PathBuf,
    /// Ask about the monitors instead of reading those of this machine: for a wall that is elsewhere
    #[arg(long)]
    pub elsewhere: bool,
}

const SETUP: &str = "\
It reads the monitors (their identity, pixels and millimetres), and asks what it cannot know: where they hang, the \
bezels, how far away the viewer is, and what the wall listens to. On a question, `?` explains it and `back` returns to \
the one before. It works over ssh, too. Exit status: 0 if the layout was written, 2 if the input ended before.

Examples:
  fishbowl setup
  fishbowl setup --out lobby.toml
  fishbowl setup --elsewhere";

const HELLO: &str = "\
This makes a layout for a wall. Enter takes the answer in brackets, `?` explains a question, and `back` returns to the one \
before. Nothing is written before the last answer.
";

/// Asks, and writes the layout; the status is 2 if the input ends before the last answer.
pub fn setup(args: &SetupArgs) -> Result<ExitCode, Failure> {
    if let Some(folder) =
        args.out.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
    {
        return Err(format!(
            "cannot write to {}: the folder {} does not exist",
            args.out.display(),
            folder.display()
        )
        .into());
    }
    let found = if args.elsewhere {
        Found { words: "The wall is elsewhere".into(), ..Found::default() }
    } else {
        found::look()
    };
    output::print(HELLO)?;
    let mut ask = Interview::new(io::stdin().lock(), !io::stdin().is_terminal());
    let mut numbers = Numbers::default();
    let answered = ask.run(|ask| questions::survey(ask, (&found, &mut numbers), &args.out));
    let ((path, replaces), plan) = match answered {
        Ok(answered) => answered,
        Err(Stop::Failed(failure)) => return Err(failure),
        Err(Stop::Back | Stop::Ended) => {
            output::eprint(
                "fishbowl: the input ended before the last question was answered; nothing was written\n",
            );
            return Ok(ExitCode::from(2));
        }
    };
    let (text, _) = text::layout(&plan, &path);
    write(&path, &text, replaces)?;
    finish(&path)
}

/// What was written, as `check` sees it, and what to do next.
fn finish(path: &Path) -> Result<ExitCode, Failure> {
    let name = path.display();
    output::print(format_args!("\nWrote {name}.\n"))?;
    match check::read(path) {
        Ok((_, report)) => {
            let words = if report.problems.is_empty() { "no problems" } else { "no errors, and this" };
            output::print_raw(format_args!("fishbowl check: {words}\n{}", Terminal::out().report(&report)))?;
        }
        Err(report) => {
            output::print_raw(Terminal::out().report(&report))?;
            return Err(format!("{name} has errors; correct them, or run `fishbowl setup` again").into());
        }
    }
    output::print(format_args!(
        "Next:\n  fishbowl render {name} --out pictures    pictures of the wall, to look at\n  \
         fishbowl doctor {name}                   whether this machine can run it\n  \
         fishbowl run {name}                      the wall itself\n\
         The file is yours to edit; its comments explain it, and docs/layout.md has the rest.\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the whole file or nothing.
fn write(path: &Path, text: &str, replaces: bool) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::from(format!("cannot write {}: {error}", path.display()));
    let new =
        if replaces { path.with_extension(format!("toml-{}", std::process::id())) } else { path.to_owned() };
    let mut file = OpenOptions::new().write(true).create_new(true).open(&new).map_err(failed)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let written = written.and_then(|()| if replaces { std::fs::rename(&new, path) } else { Ok(()) });
    written.map_err(|error| {
        // Half a layout helps no one.
        let _ = std::fs::remove_file(&new);
        failed(error)
    })
}
