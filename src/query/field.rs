//! What a query asks of a mention beside its words: `lang:ja`, `from:@dell`, `followers>10000`.
//! What a mention does not tell matches no field.

use super::fault::Fault;
use super::find::folded;
use super::subject::{Subject, Tone};
use super::tokens::{Kind as Token, Tokens};
use crate::mention::{Country, Kind, Lang, Network};

/// A field as it is written: `followers>=10000`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written<'a> {
    pub name: &'a str,
    /// `:`, `=`, `<`, `>`, `<=` or `>=`.
    pub sign: &'a str,
    pub value: &'a str,
    /// Byte at which the value begins.
    pub value_at: usize,
}

const NAMES: [&str; 10] =
    ["lang", "from", "source", "country", "followers", "has", "is", "tag", "emotion", "sentiment"];
/// What other services call them.
const ALSO: [(&str, &str); 13] = [
    ("language", "lang"),
    ("author", "from"),
    ("user", "from"),
    ("by", "from"),
    ("network", "source"),
    ("feed", "source"),
    ("site", "source"),
    ("platform", "source"),
    ("location", "country"),
    ("geo", "country"),
    ("filter", "has"),
    ("hashtag", "tag"),
    ("mood", "sentiment"),
];
/// Codes that are taken for languages: the country's, and the language's.
const NO_LANG: [(&str, &str); 6] =
    [("jp", "ja"), ("cn", "zh"), ("cz", "cs"), ("dk", "da"), ("gr", "el"), ("ua", "uk")];

/// One field with what it must be; texts are folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    Lang(Lang),
    /// The author's handle, with or without its server, or id.
    From(String),
    /// What the handle or id begins with.
    FromPrefix(String),
    /// A feed's name or a network's.
    Source(String),
    Country(Country),
    Followers(Compare, u64),
    Has(Has),
    Is(Is),
    /// A tag that the source or the service's rules gave it.
    Tag(String),
    Emotion(String),
    Sentiment(Option<Tone>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$what:meta])* $variant:ident = $word:literal, $said:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$what])* $variant,)* }

        impl $name {
            pub const ALL: &'static [(&'static str, Self, &'static str)] =
                &[$(($word, Self::$variant, $said),)*];

            pub fn word(self) -> &'static str {
                Self::ALL.iter().find(|(_, one, _)| *one == self).map_or("", |(word, _, _)| word)
            }

            /// As a sentence about a mention says it.
            pub fn said(self) -> &'static str {
                Self::ALL.iter().find(|(_, one, _)| *one == self).map_or("", |(_, _, said)| said)
            }
        }
    };
}

choices! {
    /// What a mention may tell.
    Has {
        /// Coordinates; a country alone is none.
        Geo = "geo", "has a known place";
        Country = "country", "has a known country";
        Lang = "lang", "has a known language";
        Followers = "followers", "has a known follower count";
        Author = "author", "has a known author";
        Sentiment = "sentiment", "has a sentiment";
        /// An address in the text, or beside it.
        Link = "link", "links to a page";
        Tag = "tag", "has a hashtag in its text";
        Handle = "handle", "has a handle in its text";
    }
}

choices! {
    /// What a mention may be.
    Is {
        Post = "post", "is an original post";
        /// An answer; a comment too.
        Reply = "reply", "is a reply";
        Repost = "repost", "is a repost";
        Quote = "quote", "quotes another post";
        Comment = "comment", "is a comment";
        Article = "article", "is an article";
        Review = "review", "is a review";
        Chat = "chat", "is a chat message";
        Sensitive = "sensitive", "is marked as sensitive";
    }
}

/// Whether a word that begins like a field is meant as one.
pub fn is_meant(name: &str, sign: &str, value: &str) -> bool {
    match (sign, value) {
        (":", "") => called(&name.to_ascii_lowercase()).is_some(),
        (":", _) => true,
        _ => proper(name).is_some(),
    }
}

/// A field's name as it is written here.
fn proper(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    called(&name).or_else(|| nearest(&name, &NAMES, 0.85))
}

/// A field by its name or by what other services call it.
fn called(name: &str) -> Option<&'static str> {
    let own = NAMES.into_iter().find(|own| *own == name);
    own.or_else(|| ALSO.iter().find(|(also, _)| *also == name).map(|(_, own)| *own))
}

fn nearest(word: &str, names: &[&'static str], least: f64) -> Option<&'static str> {
    let near = names.iter().map(|name| (strsim::jaro_winkler(word, name), *name));
    near.filter(|(score, _)| *score >= least).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

impl Field {
    /// Reads what is written at byte `at`.
    pub fn read(at: usize, written: &Written<'_>) -> Result<Self, Fault> {
        let Written { name, sign, value, value_at } = *written;
        let lower = name.to_ascii_lowercase();
        let Some(own) = NAMES.into_iter().find(|own| *own == lower) else {
            return Err((at, unknown(name, sign, value)));
        };
        if own == "followers" {
            return followers(sign, value).map_err(|what| (value_at, what));
        }
        if sign != ":" {
            return Err((at + name.len(), format!("only numbers can be compared: write `{own}:{value}`")));
        }
        let text = folded(value);
        let read = match (own, text.as_str()) {
            (_, "") => Err(format!("add a value right after the `:`, for example `{}`", example(own))),
            ("lang", text) => lang(text),
            ("from", text) => from(text),
            ("source", _) => Ok(Self::Source(text)),
            ("country", text) => country(text),
            ("has", text) => choice("has", text, Has::ALL).map(Self::Has),
            ("is", text) => choice("is", text, Is::ALL).map(Self::Is),
            ("tag", _) => Ok(Self::Tag(text)),
            ("emotion", _) => Ok(Self::Emotion(text)),
            (_, text) => sentiment(text),
        };
        read.map_err(|what| (value_at, what))
    }

    /// Whether a mention tells it.
    pub fn holds(&self, mention: &Subject<'_>, text: &Tokens) -> bool {
        match self {
            Self::Lang(lang) => mention.languages().any(|own| own == *lang),
            Self::Country(country) => mention.country == Some(*country),
            Self::From(name) => mention.names().any(|own| folded(own) == *name),
            Self::FromPrefix(start) => mention.names().any(|own| folded(own).starts_with(start.as_str())),
            Self::Source(name) => folded(mention.source) == *name || network(mention.network) == name,
            Self::Tag(tag) => mention.tags.iter().any(|own| folded(own) == *tag),
            Self::Emotion(name) => mention.felt().any(|own| folded(own) == *name),
            flag => flag.is_set(mention, text),
        }
    }

    /// The same for what is asked of every mention, without a look-up.
    pub fn is_set(&self, mention: &Subject<'_>, text: &Tokens) -> bool {
        match self {
            Self::Followers(compare, than) => mention.followers.is_some_and(|own| compare.holds(own, *than)),
            Self::Has(what) => has(*what, mention, text),
            Self::Is(what) => is(*what, mention),
            Self::Sentiment(tone) => mention.tone == *tone,
            _ => false,
        }
    }
}

impl Compare {
    fn holds(self, own: u64, than: u64) -> bool {
        match self {
            Self::Less => own < than,
            Self::AtMost => own <= than,
            Self::Equal => own == than,
            Self::AtLeast => own >= than,
            Self::More => own > than,
        }
    }

    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }
}

fn has(what: Has, mention: &Subject<'_>, text: &Tokens) -> bool {
    let token = |kind| text.list().iter().any(|token| token.kind == kind);
    match what {
        Has::Geo => mention.has_geo,
        Has::Country => mention.country.is_some(),
        Has::Lang => mention.lang.is_some(),
        Has::Followers => mention.followers.is_some(),
        Has::Author => mention.names().next().is_some(),
        Has::Sentiment => mention.tone.is_some(),
        Has::Link => mention.has_link || text.has_link(),
        Has::Tag => token(Token::Tag),
        Has::Handle => token(Token::Handle),
    }
}

fn is(what: Is, mention: &Subject<'_>) -> bool {
    match what {
        Is::Post => mention.kind == Kind::Post,
        Is::Reply => matches!(mention.kind, Kind::Reply | Kind::Comment),
        Is::Repost => mention.kind == Kind::Repost,
        Is::Quote => mention.kind == Kind::Quote,
        Is::Comment => mention.kind == Kind::Comment,
        Is::Article => mention.kind == Kind::Article,
        Is::Review => mention.kind == Kind::Review,
        Is::Chat => mention.kind == Kind::Chat,
        Is::Sensitive => mention.sensitive,
    }
}

/// Networks with the names by which `source:` knows them.
pub const NETWORKS: [(&str, Network); 10] = [
    ("mastodon", Network::Mastodon),
    ("bluesky", Network::Bluesky),
    ("x", Network::X),
    ("reddit", Network::Reddit),
    ("news", Network::News),
    ("blog", Network::Blog),
    ("forum", Network::Forum),
    ("video", Network::Video),
    ("chat", Network::Chat),
    ("other", Network::Other),
];

/// The name of a network.
pub fn network(of: Network) -> &'static str {
    NETWORKS.iter().find(|(_, network)| *network == of).map_or("", |(name, _)| name)
}

fn unknown(name: &str, sign: &str, value: &str) -> String {
    let text = format!("in quotes to search for the text: `\"{name}{sign}{value}\"`");
    match proper(name) {
        Some(own) => format!("there is no field `{name}`: write `{own}{sign}{value}`, or {text}"),
        None => {
            let all: Vec<String> = NAMES.iter().map(|name| format!("`{name}`")).collect();
            format!("there is no field `{name}`; the fields are {}. Put it {text}", all.join(", "))
        }
    }
}

fn example(name: &str) -> &'static str {
    match name {
        "lang" => "lang:ja",
        "from" => "from:@dell",
        "source" => "source:bluesky",
        "country" => "country:US",
        "has" => "has:geo",
        "is" => "is:reply",
        "tag" => "tag:launch",
        "emotion" => "emotion:joy",
        _ => "sentiment:negative",
    }
}

fn lang(text: &str) -> Result<Field, String> {
    if let Some((_, right)) = NO_LANG.iter().find(|(wrong, _)| *wrong == text) {
        return Err(format!("`{text}` is a country; its language is `lang:{right}`"));
    }
    let code = Lang::new(text).map(Field::Lang);
    code.ok_or_else(|| "a language is a two- or three-letter code: `lang:ja`, `lang:en`".into())
}

fn country(text: &str) -> Result<Field, String> {
    if text == "uk" {
        return Err("the United Kingdom is `country:GB`".into());
    }
    let code = Country::new(text).map(Field::Country);
    code.ok_or_else(|| "a country is a two-letter code: `country:US`, `country:JP`".into())
}

fn from(text: &str) -> Result<Field, String> {
    let name = text.strip_prefix('@').unwrap_or(text);
    let (name, field): (_, fn(String) -> Field) = match name.strip_suffix('*') {
        Some(start) => (start, Field::FromPrefix),
        None => (name, Field::From),
    };
    if name.is_empty() || name.contains('*') {
        return Err("add a handle, an id, or how the handle starts: `from:@dell`, `from:dell*`".into());
    }
    Ok(field(name.into()))
}

fn sentiment(text: &str) -> Result<Field, String> {
    let tone = Tone::ALL.iter().find(|(word, _)| *word == text).map(|(_, tone)| Some(*tone));
    let unknown = (text == "unknown").then_some(None);
    let wrong = || "use `positive`, `neutral`, `negative` or `unknown`: `sentiment:negative`".into();
    tone.or(unknown).map(Field::Sentiment).ok_or_else(wrong)
}

/// What a follower count must be: `10000`, `10k`, `2m`.
fn followers(sign: &str, value: &str) -> Result<Field, String> {
    let example =
        || "write a number right after it: `followers>10000`, `followers>=10k`, `followers<2m`".to_owned();
    let compare = match sign {
        "<" => Compare::Less,
        "<=" => Compare::AtMost,
        ">=" => Compare::AtLeast,
        ">" => Compare::More,
        "=" => Compare::Equal,
        _ => return Err(example()),
    };
    let lower = value.to_ascii_lowercase();
    let (digits, times) = match (lower.strip_suffix('k'), lower.strip_suffix('m')) {
        (Some(digits), _) => (digits, 1_000),
        (_, Some(digits)) => (digits, 1_000_000),
        _ => (lower.as_str(), 1),
    };
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let number = digits.parse::<u64>().ok().filter(|_| plain).and_then(|n| n.checked_mul(times));
    number.map(|number| Field::Followers(compare, number)).ok_or_else(example)
}

fn choice<T: Copy>(field: &str, text: &str, all: &'static [(&'static str, T, &str)]) -> Result<T, String> {
    if let Some((_, one, _)) = all.iter().find(|(word, _, _)| *word == text) {
        return Ok(*one);
    }
    if field == "has" && ["media", "image", "images", "photo", "video", "videos"].contains(&text) {
        return Err("feeds do not report pictures: remove it, or use `has:link`".into());
    }
    let also =
        [("retweet", "repost"), ("rt", "repost"), ("url", "link"), ("location", "geo"), ("place", "geo")];
    let also = also.iter().find(|(also, _)| *also == text.trim_end_matches('s')).map(|(_, own)| *own);
    let words: Vec<&'static str> = all.iter().map(|(word, _, _)| *word).collect();
    match also.filter(|own| words.contains(own)).or_else(|| nearest(text, &words, 0.8)) {
        Some(near) => Err(format!("there is no `{field}:{text}`: did you mean `{field}:{near}`?")),
        None => Err(format!("there is no `{field}:{text}`; use one of `{}`", words.join("`, `"))),
    }
}
