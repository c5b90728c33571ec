//! A kind of feed that Fishbowl does not ship, added from outside the crate. It follows a text file, and
//! turns each new line into a mention. The program is `fishbowl` with one more kind:
//!
//! ```sh
//! cargo run --release --example own_feed -- run examples/own_feed.toml
//! echo "Hello wall" >> examples/guestbook.txt
//! ```
//!
//! `docs/extending.md` explains it step by step.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::SeekFrom;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::Time;
use fishbowl::feed::{Adapter, AdapterTable, BoxFuture, Decoded, FeedError, MentionSender, Pace, entry};
use fishbowl::layout::feed::{Fault, FeedKind};
use fishbowl::layout::kind::Registry;
use fishbowl::mention::Mention;
use fishbowl::pulse::snapshot::Health;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncSeekExt as _, BufReader};

/// Time between two checks of a file that has no new line.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Bytes after which a line is cut.
const MAX_LINE: u64 = 64 * 1024;

fn main() -> ExitCode {
    fishbowl::cli::main(registry())
}

/// The kinds that Fishbowl ships, and one more.
pub fn registry() -> Registry {
    fishbowl::registry().with_feed(entry::<TailTable>())
}

/// A text file to follow; each new line is a mention.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TailTable {
    /// The file. Relative to the layout file.
    pub file: PathBuf,
}

impl FeedKind for TailTable {
    fn silence(&self) -> Duration {
        Duration::from_secs(3_600)
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        vec![&mut self.file]
    }

    fn faults(&self) -> Vec<Fault> {
        let fault = Fault {
            key: "file",
            what: "`file` is missing".into(),
            help: "Name the file to follow: `file = \"guestbook.txt\"`.".into(),
        };
        if self.file.as_os_str().is_empty() { vec![fault] } else { Vec::new() }
    }
}

impl AdapterTable for TailTable {
    const KIND: &'static str = "tail";

    fn adapter(&self, _pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Tail { file: self.file.clone() })
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        mention(bytes, 0, source, now).into()
    }
}

struct Tail {
    file: PathBuf,
}

impl Adapter for Tail {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        Box::pin(self.follow(sender))
    }
}

impl Tail {
    /// Follows the file from where it stopped; after an error it is called again.
    async fn follow(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let failed = |error| FeedError::failed(format!("cannot read {}: {error}", self.file.display()));
        let mut file = File::open(&self.file).await.map_err(failed)?;
        let length = file.metadata().await.map_err(failed)?.len();
        let left = sender.cursor().and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        // A file that has become shorter is a different one.
        let mut at: u64 = if left <= length { left } else { 0 };
        file.seek(SeekFrom::Start(at)).await.map_err(failed)?;
        let (mut file, mut line) = (BufReader::new(file), Vec::new());
        sender.tell(Health::Live).await?;
        loop {
            let mut rest = (&mut file).take(MAX_LINE - line.len() as u64);
            sender.meanwhile(rest.read_until(b'\n', &mut line)).await?.map_err(failed)?;
            sender.hear();
            if !line.ends_with(b"\n") && (line.len() as u64) < MAX_LINE {
                sender.meanwhile(tokio::time::sleep(LOOK_EVERY)).await?;
                continue;
            }
            if let Some(mention) = mention(&line, at, &sender.source().clone(), sender.clock.now()) {
                sender.push(mention).await?;
            }
            at += line.len() as u64;
            sender.mark(at.to_string());
            line.clear();
        }
    }
}

/// The mention in the line that starts at byte `at`; `None` for an empty line. Its id is made from position
/// and text, so a line that is read twice counts once.
fn mention(line: &[u8], at: u64, source: &Arc<str>, now: Time) -> Option<Mention> {
    let text = String::from_utf8_lossy(line).trim().to_owned();
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let id = format!("{at}-{:x}", hasher.finish());
    let mention = Mention::new(source, &id, now, now);
    (!text.is_empty()).then(|| Mention { text: Some(text.into()), ..mention })
}
