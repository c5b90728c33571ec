//! The feed files of `feedparser`: each is read or refused with a reason, what their own
//! expectations say of titles, ids, links, authors and places is compared, and the table of
//! results in docs/feeds/rss.md is the result.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use super::expect::{Verdict, judge};
use crate::clock::Time;
use crate::feed::kinds::rss::charset;
use crate::feed::kinds::rss::context::DocumentContext;
use crate::feed::kinds::rss::document::{Document, read};
use crate::mention::Network;

const ARCHIVE: &[u8] = include_bytes!("../../../../../tests/data/feedparser/feeds.tar.zst");
const PAGE: &str = include_str!("../../../../../docs/feeds/rss.md");

/// One file of the archive.
struct File {
    name: String,
    bytes: Vec<u8>,
}

/// A tar archive: blocks of 512 bytes, a header before each file (POSIX ustar).
fn files() -> Vec<File> {
    let mut tar = Vec::new();
    let mut decoder = zstd::Decoder::new(ARCHIVE).expect("it is zstd");
    decoder.read_to_end(&mut tar).expect("it is whole");
    let (mut files, mut at) = (Vec::new(), 0);
    while tar.get(at).is_some_and(|first| *first != 0) {
        let field = |from: usize, length: usize| {
            let bytes = &tar[at + from..at + from + length];
            String::from_utf8_lossy(bytes).trim_matches(['\0', ' ']).to_owned()
        };
        let size = usize::from_str_radix(&field(124, 12), 8).expect("the size is octal");
        let (name, is_file) = (field(0, 100), field(156, 1) == "0");
        let bytes = tar[at + 512..at + 512 + size].to_vec();
        files.extend(is_file.then_some(File { name, bytes }));
        at += 512 + size.div_ceil(512) * 512;
    }
    files
}

/// What the comment at the head of a file says.
struct Head {
    content_type: Option<String>,
    base: Option<String>,
    expect: String,
}

impl Head {
    fn of(bytes: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(bytes).into_owned();
        let text = if raw.contains("Expect:") { raw } else { charset::text(bytes, None).unwrap_or(raw) };
        let line = |key: &str| Some(text.split_once(key)?.1.lines().next()?.trim().to_owned());
        Self {
            content_type: line("Content-type:"),
            base: line("Content-Location:").filter(|base| base.starts_with("http")),
            expect: line("Expect:").unwrap_or_default(),
        }
    }
}

fn open(file: &File, head: &Head) -> Result<Document, String> {
    let frame = DocumentContext {
        source: &Arc::from("f"),
        network: Network::News,
        base: head.base.as_deref().unwrap_or("http://127.0.0.1:8097/feed.xml"),
        site: "http://127.0.0.1:8097/feed.xml",
        scope: "s",
        received: Time::from_secs(1_800_000_000),
    };
    read(&file.bytes, head.content_type.as_deref(), &frame)
}

/// The results of one folder.
#[derive(Clone, Default)]
struct Row {
    read: usize,
    refused: usize,
    met: usize,
    missed: usize,
}

#[derive(Default)]
struct Results {
    folders: BTreeMap<String, Row>,
    reasons: BTreeMap<String, usize>,
    missed: Vec<String>,
}

impl Results {
    fn note(&mut self, file: &File) {
        let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let row = self.folders.entry(folder.to_owned()).or_default();
        let head = Head::of(&file.bytes);
        match open(file, &head) {
            Err(why) => {
                row.refused += 1;
                *self.reasons.entry(kind(&why)).or_default() += 1;
            }
            Ok(document) => {
                row.read += 1;
                match judge(&document, &head.expect) {
                    Verdict::Met => row.met += 1,
                    Verdict::Missed(why) => {
                        row.missed += 1;
                        self.missed.push(format!("{}: {why}", file.name));
                    }
                    Verdict::None => {}
                }
            }
        }
    }

    fn table(&self) -> String {
        let line = |name: &str, row: &Row| {
            format!("| {name} | {} | {} | {} | {} |\n", row.read, row.refused, row.met, row.missed)
        };
        let rows: String = self.folders.iter().map(|(name, row)| line(name, row)).collect();
        let head =
            "| Folder | Read | Refused | As expected | Otherwise |\n| --- | ---: | ---: | ---: | ---: |\n";
        format!("{head}{rows}{}", line("**all**", &self.all()))
    }

    fn all(&self) -> Row {
        self.folders.values().fold(Row::default(), |all, row| Row {
            read: all.read + row.read,
            refused: all.refused + row.refused,
            met: all.met + row.met,
            missed: all.missed + row.missed,
        })
    }

    fn reasons(&self) -> String {
        let rows = self.reasons.iter().map(|(why, count)| format!("| {why} | {count} |\n"));
        format!("| Refused because | Files |\n| --- | ---: |\n{}", rows.collect::<String>())
    }
}

/// The reason without what differs from file to file.
fn kind(why: &str) -> String {
    let kind = if why.contains(" is unknown") { "its encoding is unknown" } else { why };
    kind.split(": ").next().unwrap_or(kind).to_owned()
}

#[test]
fn every_feed_is_read_or_refused_as_the_documentation_says() {
    let files = files();
    assert_eq!(files.len(), 2_233, "the archive is whole");
    let mut results = Results::default();
    for file in &files {
        results.note(file);
    }
    assert_eq!(results.reasons.get("it crashed the parser"), None);
    let (table, reasons) = (results.table(), results.reasons());
    assert!(
        PAGE.contains(&table) && PAGE.contains(&reasons),
        "docs/feeds/rss.md is to say:\n{table}\n{reasons}\notherwise than expected:\n{}",
        results.missed.join("\n")
    );
}
