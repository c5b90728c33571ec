//! What somebody meant who gave no command: `fishbowl wall.toml`.

use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap::error::ErrorKind;

use super::args::Cli;
use super::output;

/// Ends as a wrong command line does, with a word about what was meant when that can be known.
pub fn refuse(error: &clap::Error) -> ExitCode {
    let args: Vec<String> =
        std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let is_wrong = matches!(
        error.kind(),
        ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument | ErrorKind::MissingSubcommand
    );
    match meant(&args).filter(|_| is_wrong) {
        Some(words) => {
            output::eprint(format_args!("fishbowl: {words}\n"));
            ExitCode::from(2)
        }
        None => {
            // Nobody is left to be told when it cannot be printed.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

/// In words; nothing for a command line that begins with a command.
fn meant(args: &[String]) -> Option<String> {
    let first = args.first()?;
    let commands = Cli::command();
    if commands.get_subcommands().any(|command| command.get_name() == first.as_str()) {
        return None;
    }
    let run = commands.find_subcommand("run")?;
    let typed = args.iter().map(|arg| quoted(arg)).collect::<Vec<_>>().join(" ");
    if let Some(file) = args.iter().find(|arg| !arg.starts_with('-') && is_file(arg)) {
        let (path, name) = (Path::new(file), quoted(file));
        return Some(if path.is_dir() {
            format!(
                "`{file}` is a folder, and the command is missing; to check the layouts in it, use `fishbowl check {name}`"
            )
        } else if path.extension().is_some_and(|e| e == "journal") {
            format!(
                "`{file}` is a journal, and the command is missing; to play it, use `fishbowl replay {typed}`"
            )
        } else {
            format!(
                "`{file}` is a layout, and the command is missing; to show it, use `fishbowl run {typed}`; \
                to check it, use `fishbowl check {name}`"
            )
        });
    }
    let option = first.strip_prefix("--")?.split('=').next()?;
    let is_of_run = run.get_arguments().any(|arg| arg.get_long() == Some(option));
    is_of_run.then(|| format!("`--{option}` needs a command: `fishbowl run {typed}`"))
}

fn is_file(arg: &str) -> bool {
    let path = Path::new(arg);
    path.exists() || path.extension().is_some_and(|e| e == "toml" || e == "journal")
}

/// As a shell takes it.
fn quoted(arg: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%~".contains(c);
    if !arg.is_empty() && arg.chars().all(is_plain) {
        arg.into()
    } else {
        format!("'{}'", arg.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_told_as_it_would_be_typed() {
        let meant = |args: &[&str]| meant(&args.iter().map(|arg| (*arg).into()).collect::<Vec<String>>());
        let told = meant(&["my wall.toml", "--windowed"]).expect("a layout");
        assert!(told.contains("`fishbowl run 'my wall.toml' --windowed`"), "{told}");
        let told = meant(&["--headless", "a.toml"]).expect("a layout");
        assert!(told.contains("`fishbowl run --headless a.toml`"), "{told}");
        assert!(meant(&["wall.journal", "--speed", "60"]).is_some_and(|told| told.contains("replay")));
        assert!(meant(&["src"]).is_some_and(|told| told.contains("`fishbowl check src`")));
        assert!(meant(&["--windowed"]).is_some_and(|told| told.contains("`fishbowl run --windowed`")));
        for other in [&["chek"][..], &["check", "a.toml"], &["--colour"], &[]] {
            assert_eq!(meant(other), None, "{other:?}");
        }
    }
}
