//! What README.md and docs/ tell people to type works: their layouts are good, their commands
//! exist, their links lead somewhere.
//!
//! A fence ```` ```toml ```` holds a whole layout and must have no error. A fence
//! ```` ```toml,part ```` holds a part of one: it must be read without a problem, while rules
//! about the whole (such as that a tile of the picture is described) are not asked.
//! In fences of shell (`sh`, `bash`, `console` or nothing) every line that begins with
//! `fishbowl`, also behind `$` or a path, must be taken by the command line, and every line that
//! begins with `make` must name a target of the Makefile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fishbowl::layout::{self, read};
use fishbowl::registry;

#[path = "readme/extending.rs"]
mod extending;
#[path = "readme/kinds.rs"]
mod kinds;

/// The README's own heading over the commands that need nothing but the repository.
const COMMANDS: &str = "## The commands";

const SHELLS: [&str; 5] = ["", "sh", "bash", "shell", "console"];

/// A block of text between two lines of three backticks.
struct Fence {
    /// What stands behind the opening backticks.
    kind: String,
    /// The line that opens it, from 1.
    line: usize,
    text: String,
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// README.md and every page of docs/ and docs/feeds/.
fn pages() -> Vec<PathBuf> {
    let folders = ["docs", "docs/feeds"];
    let docs = folders.iter().flat_map(|folder| repository(folder).read_dir().into_iter().flatten());
    let docs = docs.map(|entry| entry.expect("docs/ can be listed").path());
    let docs = docs.filter(|path| path.extension().is_some_and(|e| e == "md"));
    std::iter::once(repository("README.md")).chain(docs).collect()
}

/// The faults that `look` finds on all pages, with the page's name.
fn faults(look: fn(&str) -> Vec<String>) -> Vec<String> {
    let on = |page: PathBuf| {
        let text = fs::read_to_string(&page).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        look(&text).into_iter().map(move |fault| format!("{name}:{fault}"))
    };
    pages().into_iter().flat_map(on).collect()
}

fn fences(page: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for (i, line) in page.lines().enumerate() {
        let mark = line.trim_start().strip_prefix("```");
        match (mark, &mut open) {
            (Some(kind), None) => {
                open = Some(Fence { kind: kind.trim().into(), line: i + 1, text: String::new() });
            }
            (Some(_), Some(_)) => fences.extend(open.take()),
            (None, Some(fence)) => fence.text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    fences
}

fn wrong_layouts(page: &str) -> Vec<String> {
    fences(page)
        .iter()
        .filter_map(|fence| Some(format!("{}: {}", fence.line, wrong_layout(fence)?)))
        .collect()
}

fn wrong_layout(fence: &Fence) -> Option<String> {
    // Files that it names stand where the shipped ones do.
    let path = repository("layouts/readme.toml");
    let report = match fence.kind.as_str() {
        "toml" => {
            let loaded = layout::load_text(&fence.text, &path, &[], &registry());
            if let Some(wall) = loaded.wall(&[]) {
                return wall.scenes.is_empty().then(|| "it shows nothing".into());
            }
            loaded.report
        }
        "toml,part" => {
            let text: std::sync::Arc<str> = fence.text.as_str().into();
            let (_, problems) = read::read(&text, &path, &registry());
            layout::problem::Report { file: "README".into(), text, problems }
        }
        // For the kinds of an example; see `extending`.
        "toml,own" => return None,
        kind if kind.starts_with("toml") => return Some(format!("what is a fence of `{kind}`?")),
        _ => return None,
    };
    (!report.problems.is_empty()).then(|| format!("\n{}", report.draw(100, false)))
}

/// The lines of the page's shell fences with their numbers, comments off and continued ones joined.
fn typed(page: &str) -> Vec<(usize, String)> {
    let mut typed = Vec::new();
    for fence in fences(page).iter().filter(|fence| SHELLS.contains(&fence.kind.as_str())) {
        let mut whole = String::new();
        for (i, line) in fence.text.lines().enumerate() {
            let line = line.split(" #").next().unwrap_or_default();
            whole += line.strip_suffix('\\').unwrap_or(line);
            if !line.ends_with('\\') {
                typed.push((fence.line + 1 + i, std::mem::take(&mut whole)));
            }
        }
    }
    typed
}

/// The words of each command in a line: what stands between `;`, `|` and `&&`, without a prompt,
/// variables before it and redirections behind it.
fn commands(line: &str) -> Vec<Vec<&str>> {
    let mut commands = vec![Vec::new()];
    for word in line.split_whitespace() {
        match word {
            ";" | "|" | "&&" | "||" => commands.push(Vec::new()),
            _ => {
                commands.last_mut().expect("there is one from the start").push(word.trim_matches(['"', '\'']))
            }
        }
    }
    for words in &mut commands {
        let redirected = words.iter().position(|word| word.starts_with(['>', '<']) || word.starts_with("2>"));
        words.truncate(redirected.unwrap_or(words.len()));
        let before = |word: &&&str| **word == "$" || (word.contains('=') && !word.starts_with('-'));
        words.drain(..words.iter().take_while(before).count());
    }
    commands
}

fn wrong_commands(page: &str) -> Vec<String> {
    let lines = typed(page);
    let all = lines.iter().flat_map(|(n, line)| commands(line).into_iter().map(move |words| (n, words)));
    all.filter_map(|(n, words)| Some(format!("{n}: {}", wrong_command(&words)?))).collect()
}

fn wrong_command(words: &[&str]) -> Option<String> {
    let (program, args) = words.split_first()?;
    match program.rsplit('/').next() {
        Some("fishbowl") => refused(args).or_else(|| missing_file(args)),
        Some("cargo") if args.first() == Some(&"run") => {
            let args = args.split(|word| *word == "--").nth(1).unwrap_or_default();
            refused(args).or_else(|| missing_file(args))
        }
        Some("make") => no_target(args),
        _ => None,
    }
}

/// What the command line says against these arguments. With `--help` at the end it reads them and
/// does nothing; a missing argument is told by the words of the help.
fn refused(args: &[&str]) -> Option<String> {
    let said =
        Command::new(env!("CARGO_BIN_EXE_fishbowl")).args(args).arg("--help").output().expect("it runs");
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    if !said.status.success() {
        return Some(format!("fishbowl {}: {words}", args.join(" ")));
    }
    let help = String::from_utf8_lossy(&said.stdout).into_owned();
    let usage = help.lines().find_map(|line| line.strip_prefix("Usage: fishbowl ")).unwrap_or_default();
    let needed = usage.split_whitespace().filter(|word| word.starts_with("--") || word.starts_with('<'));
    let bare = args.iter().skip(1).filter(|word| **word == "-" || !word.starts_with('-')).count();
    let missing = needed.filter(|need| match need.strip_prefix("--") {
        Some(_) => !args.iter().any(|arg| arg.split('=').next() == Some(need)),
        None => bare == 0 && !args.is_empty() && !args.contains(&"--help"),
    });
    missing.map(|need| format!("fishbowl {}: {need} is missing", args.join(" "))).next()
}

/// A shipped layout that the arguments name and that is not there.
fn missing_file(args: &[&str]) -> Option<String> {
    let named = args.iter().filter(|arg| arg.starts_with("layouts/") && !arg.contains('*'));
    named.filter(|path| !repository(path).exists()).map(|path| format!("there is no {path}")).next()
}

fn no_target(args: &[&str]) -> Option<String> {
    let makefile = fs::read_to_string(repository("Makefile")).expect("there is a Makefile");
    let mut targets = args.iter().filter(|arg| !arg.contains('=') && !arg.starts_with('-'));
    let missing =
        targets.find(|target| !makefile.lines().any(|line| line.starts_with(&format!("{target}:"))))?;
    Some(format!("the Makefile has no {missing}"))
}

/// Links and pictures of the repository that are not there; those elsewhere are not followed.
fn dead_links(page: &str) -> Vec<String> {
    let mut dead = Vec::new();
    for (i, line) in page.lines().enumerate() {
        let links = line.split("](").skip(1).chain(line.split("src=\"").skip(1));
        let targets = links.filter_map(|rest| rest.split([')', '"', '#', ' ']).next());
        let here = targets.filter(|target| !target.is_empty() && !target.contains(':'));
        let missing = here.filter(|target| {
            ["", "docs", "docs/feeds"].iter().all(|dir| !repository(dir).join(target).exists())
        });
        dead.extend(missing.map(|target| format!("{}: {target} is not there", i + 1)));
    }
    dead
}

#[test]
fn every_layout_is_good() {
    let faults = faults(wrong_layouts);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_command_exists() {
    let faults = faults(wrong_commands);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_link_leads_somewhere() {
    let faults = faults(dead_links);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_readme_has_a_picture_commands_and_a_layout() {
    let page = fs::read_to_string(repository("README.md")).expect("there is a README.md");
    assert!(page.contains("!["), "it shows no wall");
    assert!(typed(&page).iter().any(|(_, line)| line.contains("make run")), "it does not say how to begin");
    assert!(fences(&page).iter().any(|fence| fence.kind == "toml"), "it has no whole layout");
}

/// What a command of the README says when it is typed in a copy of the repository without screens;
/// walls end after a second.
fn type_in(folder: &Path, line: &str) -> std::process::Output {
    let line = line.replacen("fishbowl", env!("CARGO_BIN_EXE_fishbowl"), 1);
    let line = match line.contains(" run") {
        true => line + " --mirror 127.0.0.1:0 --for 1s",
        false => line.replace("--seconds 60", "--seconds 1 --warmup 0").replace("30s", "1s"),
    };
    let mut command = Command::new("bash");
    for name in ["WAYLAND_DISPLAY", "DISPLAY"] {
        command.env_remove(name);
    }
    command.args(["-c", &line]).current_dir(folder).env("XDG_STATE_HOME", folder);
    command.output().expect("bash runs")
}

#[test]
fn the_commands_of_the_readme_work_as_written() {
    let page = fs::read_to_string(repository("README.md")).expect("there is a README.md");
    let from = page.find(COMMANDS).expect("they have a heading");
    let fence = fences(&page[from..]).into_iter().next().expect("they stand in a fence");
    let desk = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(repository("layouts"), desk.path().join("layouts")).expect("a link");
    for (_, line) in typed(&format!("```sh\n{}```\n", fence.text)) {
        let done = type_in(desk.path(), &line);
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        let needs_screens = line.contains("displays") || line.contains("--windowed");
        let is_right =
            done.status.success() || (needs_screens && words.contains("no display server was found"));
        assert!(is_right, "{line}: {words}");
    }
    assert!(desk.path().join("out/wall.png").exists() && desk.path().join("layout.schema.json").exists());
}

fn page(kind: &str, text: &str) -> String {
    format!("# Page\n```{kind}\n{text}\n```\nEnd\n")
}

#[test]
fn a_wrong_layout_is_found() {
    let whole = fs::read_to_string(repository("layouts/portrait.toml")).expect("it ships");
    assert_eq!(wrong_layouts(&page("toml", &whole)), [""; 0]);
    assert_eq!(wrong_layouts(&page("toml", &whole.replace("\"ticker\"", "\"tikcer\""))).len(), 1);
    assert_eq!(wrong_layouts(&page("toml", "[topic.a]\nquery = 'a'\n[topic.a]\nquery = 'b'")).len(), 1);
    let part = "[feed.public]\nkind = \"ndjson\"\nurl = \"https://example.org/\"\nmap = { id = \"$.id\" }";
    assert_eq!(wrong_layouts(&page("toml,part", part)), [""; 0]);
    assert_eq!(wrong_layouts(&page("toml,part", &part.replace("url", "ulr"))).len(), 1);
    assert_eq!(wrong_layouts(&page("toml,fragment", part)).len(), 1);
}

#[test]
fn a_wrong_command_is_found() {
    for good in [
        "fishbowl",
        "$ fishbowl run --windowed --mirror off",
        "FISHBOWL_LOG=debug target/release/fishbowl check layouts/*.toml --format json | jq .",
        "fishbowl render layouts/demo.toml \\\n  --out out --at 30s   # half a minute",
        "fishbowl schema > layout.schema.json && make test",
        "cargo run --release -- bench layouts/reference.toml --json",
        "make run LAYOUT=mine.toml",
        "git clone somewhere && cd fishbowl",
    ] {
        assert_eq!(wrong_commands(&page("sh", good)), [""; 0], "{good}");
    }
    for wrong in [
        "fishbowl show",
        "fishbowl run --fullscreen",
        "cat a | fishbowl check",
        "fishbowl render layouts/demo.toml",
        "fishbowl run layouts/nothing.toml",
        "fishbowl render a.toml --out b --at soon",
        "cargo run -- displays --all",
        "make wall",
    ] {
        assert_eq!(wrong_commands(&page("console", wrong)).len(), 1, "{wrong}");
    }
    assert_eq!(wrong_commands(&page("text", "fishbowl show")), [""; 0]);
}

#[test]
fn a_dead_link_is_found() {
    assert_eq!(dead_links("![Wall](layouts/demo.toml) and [x](https://example.org/nothing)"), [""; 0]);
    assert_eq!(dead_links("See [x](#below), [y](docs/nothing.md#part).").len(), 1);
}
