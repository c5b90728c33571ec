//! Who may steer the wall from elsewhere: the table `[remote]`.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::disk;

/// Most people in one layout.
pub const MAX_PEOPLE: usize = 64;
/// Longest file with a token, bytes.
const MAX_FILE: u64 = 4_096;

/// Remote control: where the wall listens, and who may do what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RemoteTable {
    /// IP address and port of the mirror and the remote, for example `"0.0.0.0:8460"` for all of the
    /// machine's networks. Default: `"127.0.0.1:8460"`. `--mirror` on the command line takes precedence.
    pub listen: Option<String>,
    /// Whether connections are encrypted: with `cert_file` and `key_file`, or else with a certificate that the
    /// wall makes for itself, whose fingerprint it prints. Programs on this machine can also connect without.
    pub tls: bool,
    /// File with a certificate and its chain (PEM), relative to the layout file.
    pub cert_file: Option<PathBuf>,
    /// File with the certificate's private key (PEM), relative to the layout file.
    pub key_file: Option<PathBuf>,
    /// Whether the keyboard at the wall controls it: arrows, Page Up and Page Down change the scene,
    /// `b` blacks out, the space bar holds, digits choose a scene. Default: yes for staff, no where the
    /// audience is `public`.
    pub keys: Option<bool>,
    /// What other keys do, or these instead: a key (`F1`, `home`, `x`) and `next`, `back`, `hold`, `black`,
    /// `identify`, `scene NAME`, `mode NAME`, or `none`.
    pub key: BTreeMap<String, String>,
    /// Whether the wall prints a short code at the start with which a phone can sign in as presenter.
    /// Default: only if no person is listed.
    pub code: Option<bool>,
    /// The people who may sign in, by name. At most 64.
    pub person: BTreeMap<String, PersonTable>,
}

/// Someone who may use the remote from another machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonTable {
    /// What they may do.
    pub role: Role,
    /// Environment variable that holds their token.
    #[serde(default)]
    pub token_env: Option<String>,
    /// File that holds their token, relative to the layout file.
    #[serde(default)]
    pub token_file: Option<PathBuf>,
}

/// What someone may do: `viewer` looks, `moderator` also acknowledges alerts, `presenter` also chooses
/// scenes and shows banners, `admin` may do everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Viewer,
    Moderator,
    Presenter,
    Admin,
}

impl Role {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Moderator => "moderator",
            Self::Presenter => "presenter",
            Self::Admin => "admin",
        }
    }
}

/// Who may steer the wall, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteSpec {
    pub listen: Option<SocketAddr>,
    pub tls: Option<Tls>,
    /// The keyboard at the wall controls it.
    pub keys: bool,
    /// What keys do, by their names in small letters, beside the usual ones.
    pub bound: Vec<(String, KeyAct)>,
    /// A short code is printed with which somebody can sign in.
    pub code: bool,
    pub people: Vec<Person>,
}

/// What a key does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyAct {
    Next,
    Back,
    Hold,
    Black,
    Identify,
    Scene(String),
    Mode(String),
    /// Nothing, in place of what it usually does.
    Nothing,
}

impl KeyAct {
    /// `scene overview` and the like.
    pub fn read(text: &str) -> Option<Self> {
        let (verb, name) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let name = name.trim();
        Some(match (verb, name.is_empty()) {
            ("next", true) => Self::Next,
            ("back", true) => Self::Back,
            ("hold", true) => Self::Hold,
            ("black", true) => Self::Black,
            ("identify", true) => Self::Identify,
            ("none", true) => Self::Nothing,
            ("scene", false) => Self::Scene(name.into()),
            ("mode", false) => Self::Mode(name.into()),
            _ => return None,
        })
    }
}

/// Keys that have a name rather than a sign.
pub const NAMED_KEYS: [&str; 14] = [
    "left",
    "right",
    "up",
    "down",
    "page up",
    "page down",
    "home",
    "end",
    "insert",
    "delete",
    "enter",
    "tab",
    "space",
    "backspace",
];

/// The name of a key as it is compared: one of [`NAMED_KEYS`], `f1` to `f24`, or a single sign; `None` for none.
pub fn key_name(text: &str) -> Option<String> {
    let small = text.trim().to_lowercase().replace(['_', '-'], " ");
    let small = match small.as_str() {
        "pageup" => "page up".to_owned(),
        "pagedown" => "page down".to_owned(),
        _ if text.trim().chars().count() == 1 => text.trim().to_lowercase(),
        _ => small,
    };
    let function = small.strip_prefix('f').and_then(|number| number.parse::<u8>().ok());
    let known = NAMED_KEYS.contains(&&*small) || function.is_some_and(|number| (1..=24).contains(&number));
    (known || small.chars().count() == 1).then_some(small)
}

/// How connections are encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// With a certificate that the wall makes once.
    SelfMade,
    /// With these files.
    Files { cert: PathBuf, key: PathBuf },
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub role: Role,
    pub token: TokenSource,
}

/// Where a token is read from; the layout never holds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// Name of an environment variable.
    Env(String),
    File(PathBuf),
}

impl TokenSource {
    /// Reads it, without the space around it.
    ///
    /// # Errors
    /// Where it should be, and why it is not there.
    pub fn read(&self) -> Result<String, String> {
        let (from, text) = match self {
            Self::Env(name) => (self.words(), std::env::var(name).unwrap_or_default()),
            Self::File(path) => {
                let mut text = String::new();
                let read = disk::open(path).and_then(|file| file.take(MAX_FILE).read_to_string(&mut text));
                read.map_err(|error| format!("{} cannot be read: {error}", self.words()))?;
                (self.words(), text)
            }
        };
        match text.trim() {
            "" => Err(format!("{from} is empty")),
            text => Ok(text.to_owned()),
        }
    }

    /// Where it is.
    pub fn words(&self) -> String {
        match self {
            Self::Env(name) => format!("environment variable `{name}`"),
            Self::File(path) => format!("file {}", path.display()),
        }
    }
}

impl Default for RemoteSpec {
    fn default() -> Self {
        RemoteTable::default().spec(false, std::path::Path::new(""))
    }
}

impl RemoteTable {
    /// What the wall knows of it; what is wrong in it is left out. Files are relative to `dir`.
    pub fn spec(&self, public: bool, dir: &std::path::Path) -> RemoteSpec {
        let people: Vec<Person> =
            self.person.iter().filter_map(|(name, table)| table.person(name, dir)).collect();
        RemoteSpec {
            listen: self.listen.as_ref().and_then(|listen| listen.parse().ok()),
            tls: self.tls.then(|| self.certificate(dir)),
            keys: self.keys.unwrap_or(!public),
            bound: self
                .key
                .iter()
                .filter_map(|(key, act)| Some((key_name(key)?, KeyAct::read(act)?)))
                .collect(),
            code: self.code.unwrap_or(people.is_empty()),
            people,
        }
    }
}

impl RemoteTable {
    fn certificate(&self, dir: &std::path::Path) -> Tls {
        match (&self.cert_file, &self.key_file) {
            (Some(cert), Some(key)) => Tls::Files { cert: dir.join(cert), key: dir.join(key) },
            _ => Tls::SelfMade,
        }
    }
}

impl PersonTable {
    /// `None` unless it names exactly one place for the token.
    fn person(&self, name: &str, dir: &std::path::Path) -> Option<Person> {
        let token = match (&self.token_env, &self.token_file) {
            (Some(env), None) => TokenSource::Env(env.clone()),
            (None, Some(file)) => TokenSource::File(dir.join(file)),
            _ => return None,
        };
        Some(Person { name: name.into(), role: self.role, token })
    }
}
