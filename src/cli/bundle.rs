//! `fishbowl report`: one file with what someone who helps needs to know, without secrets and without what people wrote.
//! What is in it is listed here, part by part; nothing else gets in.

mod bare;
mod log;
mod running;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::doctor::ask::Door;
use super::doctor::{self, Looked};
use super::failure::Failure;
use super::kinds::registry;
use super::output;
use crate::clock::Clock;
use crate::layout::remote::TokenSource;
use crate::layout::{self, Loaded, veil};
use bare::Bare;

#[derive(clap::Args)]
#[command(after_help = REPORT)]
pub struct ReportArgs {
    /// Layout file of the wall
    pub layout: Option<PathBuf>,
    /// File to write [default: fishbowl-report-<time>.json]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

const REPORT: &str = "\
The file is JSON: read it before you send it to anyone. Nothing is sent by this command. Secrets, addresses beyond their \
host, the texts of the layout, and what people wrote are left out.

Examples:
  fishbowl report wall.toml
  fishbowl report wall.toml --out report.json";

/// Shortest secret that is looked for in what was found, bytes.
const SHORTEST: usize = 4;

/// Looks at everything, writes it and says what is in it.
pub fn report(args: &ReportArgs) -> Result<(), Failure> {
    let looked = doctor::look(args.layout.as_deref(), false);
    let loaded = args.layout.as_deref().map(|path| layout::load(path, &[], registry()));
    let text = loaded.as_ref().map(|loaded| loaded.report.text.to_string()).unwrap_or_default();
    let bare = Bare::of(&text);
    let now = jiff::Timestamp::from_microsecond(Clock::system().now().as_micros()).unwrap_or_default();
    let mut report = json!({
        "fishbowl": env!("CARGO_PKG_VERSION"),
        "made": now.to_string(),
        "system": system(),
        "monitors": monitors(&looked),
        "findings": looked.found.iter().map(finding).collect::<Vec<_>>(),
        "problems": loaded.as_ref().map(problems),
        "running": running(loaded.as_ref()).unwrap_or_else(|why| json!({ "unknown": why })),
        "log": log::lines().map_or_else(|why| json!({ "unknown": why }), Value::from),
    });
    let hidden = Hidden::of(&bare, loaded.as_ref());
    hidden.scrub(&mut report);
    report["layout"] = bare.layout;
    let path = args
        .out
        .clone()
        .unwrap_or_else(|| format!("fishbowl-report-{}.json", now.strftime("%Y%m%d-%H%M%S")).into());
    write(&path, &(serde_json::to_string_pretty(&report)? + "\n"))?;
    output::print(contents(&path, &report))
}

/// The machine, by what it says of itself.
fn system() -> Value {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let release = read("/etc/os-release").unwrap_or_default();
    let os = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map(|name| name.trim_matches('"').to_owned());
    let session = |name| {
        std::env::var(name)
            .ok()
            .filter(|value| value.chars().all(|c| c.is_ascii_alphanumeric() || "-:_".contains(c)))
    };
    json!({
        "os": os.unwrap_or_else(|| std::env::consts::OS.into()),
        "kernel": read("/proc/sys/kernel/osrelease").map(|release| release.trim().to_owned()),
        "processor": std::env::consts::ARCH,
        "session": session("XDG_SESSION_TYPE"),
        "desktop": session("XDG_CURRENT_DESKTOP"),
    })
}

fn monitors(looked: &Looked) -> Value {
    let Some(Ok((_, lines))) = &looked.there else { return Value::Null };
    let line = |line: &crate::kiosk::screens::Line| {
        json!({
            "connector": line.connector, "edid": line.edid, "mode": line.mode, "position": line.position,
            "scale": line.scale, "size": line.size,
        })
    };
    lines.iter().map(line).collect()
}

/// What `doctor` found. What is wrong with a layout quotes it, and is told by the names of the rules instead.
fn finding(found: &doctor::Finding) -> Value {
    let mut told = doctor::told(found);
    if found.of == "layout" && !found.remedy.is_empty() {
        told["words"] = "see `problems`".into();
    }
    told
}

/// What `check` found: which rules, and where.
fn problems(loaded: &Loaded) -> Value {
    let records = loaded.report.records();
    let problem = |record: &crate::layout::problem::Record<'_>| json!({ "severity": record.severity, "code": record.code, "line": record.line, "column": record.column });
    records.iter().map(problem).collect()
}

fn running(loaded: Option<&Loaded>) -> Result<Value, String> {
    let wall = loaded.and_then(|loaded| loaded.wall(&[]));
    let door = Door::of(wall.as_ref().map(|wall| &wall.remote));
    running::look(&door.map_err(|why| format!("the wall was not asked, because [remote] tls: {why}"))?)
}

/// What must not be in a report, wherever it comes from: the last line of defence.
struct Hidden {
    texts: Vec<String>,
    people: Vec<String>,
    home: Option<String>,
}

impl Hidden {
    fn of(bare: &Bare, loaded: Option<&Loaded>) -> Self {
        let mut texts = bare.private.clone();
        texts.extend(loaded.into_iter().flat_map(secrets));
        texts.retain(|text| text.len() >= SHORTEST);
        // Longer ones first: one may contain another.
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        let home = std::env::var("HOME").ok().filter(|home| home.len() > 1);
        Self { texts, people: bare.people.clone(), home }
    }

    fn scrub(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.scrubbed(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.scrub(item)),
            Value::Object(entries) => entries.values_mut().for_each(|item| self.scrub(item)),
            _ => {}
        }
    }

    fn scrubbed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let texts: Vec<&str> = self.texts.iter().map(String::as_str).collect();
        veil::hide(&mut text, &texts);
        let home = self.home.iter().fold(text, |text, home| text.replace(home.as_str(), "~"));
        let part = |part: &str| match self.people.iter().any(|name| name == part) {
            true => "***".to_owned(),
            false => bare::host(part)
                .map_or_else(|| part.to_owned(), |host| if part == host { host } else { host + "/…" }),
        };
        let is_end = |c: char| c.is_whitespace() || "`'\"(),;".contains(c);
        home.split_inclusive(is_end)
            .map(|piece| {
                let word = piece.trim_end_matches(is_end);
                // `name:` as a list of persons has it.
                let bare = word.trim_end_matches(':');
                part(bare) + &word[bare.len()..] + &piece[word.len()..]
            })
            .collect()
    }
}

/// The secrets themselves, where this user can read them: in the environment and in files.
fn secrets(loaded: &Loaded) -> Vec<String> {
    let Some(wall) = loaded.wall(&[]) else { return Vec::new() };
    let feeds = wall.feeds.iter().filter_map(|feed| feed.spec.asked()).flat_map(|asked| {
        let env = asked.token_env.cloned().map(TokenSource::Env);
        env.into_iter().chain(asked.token_file.cloned().map(TokenSource::File))
    });
    let people = wall.remote.people.iter().map(|person| person.token.clone());
    let panels = wall.power.panels.iter().filter_map(|(_, panel)| panel.secret().cloned());
    feeds.chain(people).chain(panels).filter_map(|source| source.read().ok()).collect()
}

/// Readable by this user alone, and never in place of another file.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}

/// What is in a report, for whoever is about to send it.
fn contents(path: &Path, report: &Value) -> String {
    let parts = [
        ("system", "operating system, kernel, processor, session"),
        ("monitors", "what each monitor reports: model, serial number, size, mode"),
        ("findings", "what `fishbowl doctor` found"),
        ("layout", "displays, kinds of feeds and tiles; without texts, queries and full addresses"),
        ("problems", "which rules of `fishbowl check` the layout breaks, and in which line"),
        ("running", "numbers of the wall that runs here"),
        ("log", "the last lines of the log: time, level, and what Fishbowl says of itself"),
    ];
    let mut text = format!("Wrote {}. It contains:\n", path.display());
    for (part, words) in parts {
        let value = &report[part];
        let amount = match value {
            Value::Null => "unknown".into(),
            Value::Object(entries) if entries.contains_key("unknown") => "unknown".into(),
            Value::Array(items) => output::plural(items.len() as u64, "item"),
            other => format!("{} bytes", other.to_string().len()),
        };
        text += &format!("  {part:<9} {amount:<12} {words}\n");
    }
    text + "Nothing was sent. Read the file before you send it to anyone: it is plain text.\n"
}
