//! A text to try, with what else is known about it.

use std::sync::Arc;

use super::failure::Failure;
use crate::clock::Time;
use crate::mention::{Author, Kind, Lang, Mention, Origin, Sentiment};
use crate::query::field::{Field, Has, Is, NETWORKS};
use crate::query::tree::What;
use crate::query::{Query, Tone};

/// What else is known about the text to try.
#[derive(clap::Args)]
#[command(next_help_heading = "What else is known about the text to try")]
pub struct Told {
    /// Its language [default: detected as on the wall]
    #[arg(long, value_name = "CODE", requires = "text")]
    pub lang: Option<String>,
    /// The author's handle or id
    #[arg(long, value_name = "HANDLE", requires = "text")]
    pub from: Option<String>,
    /// The feed it comes from, or its network
    #[arg(long, value_name = "NAME", requires = "text")]
    pub source: Option<String>,
    /// The country it comes from
    #[arg(long, value_name = "CODE", requires = "text")]
    pub country: Option<String>,
    /// How many followers the author has
    #[arg(long, value_name = "N", requires = "text")]
    pub followers: Option<u64>,
    /// Anything else a query can ask for: is:repost, is:sensitive, has:geo, has:link, tag:launch,
    /// emotion:joy, sentiment:negative
    #[arg(long, value_name = "FIELD", requires = "text")]
    pub with: Vec<String>,
    /// It is a reply; short for --with is:reply
    #[arg(long, requires = "text")]
    pub reply: bool,
}

const WITH: &str = "is:repost, is:sensitive, has:geo, has:link, tag:launch, emotion:joy, sentiment:negative";

/// The text as a mention, and whether it tells its place.
pub fn mention(told: &Told, text: &str) -> Result<(Mention, bool), Failure> {
    let source = told.source.as_deref().unwrap_or("try");
    let mut mention = Mention::new(&Arc::from(source), "1", Time::default(), Time::default()).with_text(text);
    let from: Option<Arc<str>> = told.from.as_deref().map(|from| from.trim_start_matches('@').into());
    if from.is_some() || told.followers.is_some() {
        let id = from.clone().unwrap_or_default();
        mention.author = Some(Author { id, handle: from, followers: told.followers, ..Author::default() });
    }
    let network = NETWORKS.iter().find(|(name, _)| source.eq_ignore_ascii_case(name));
    mention.network = network.map(|(_, network)| *network).unwrap_or_default();
    if let Some(code) = &told.lang {
        Lang::new(code).ok_or("a language is a two- or three-letter code: --lang ja")?;
        mention.lang = Some(code.as_str().into());
    }
    let mut has_geo = false;
    for field in told.with.iter().map(String::as_str).chain(told.reply.then_some("is:reply")) {
        tell(&mut mention, &mut has_geo, field)?;
    }
    Ok((mention, has_geo))
}

/// Gives the mention what a field asks for.
fn tell(mention: &mut Mention, has_geo: &mut bool, field: &str) -> Result<(), Failure> {
    let query = Query::parse(field).map_err(|(_, why)| format!("--with {field}: {why}"))?;
    match &query.tree().what {
        What::Field(Field::Is(Is::Sensitive)) => mention.sensitive = true,
        What::Field(Field::Is(is)) => mention.kind = kind(*is),
        What::Field(Field::Has(Has::Geo)) => *has_geo = true,
        What::Field(Field::Has(Has::Link)) => mention.links.push("https://example.org".into()),
        What::Field(Field::Tag(tag)) => mention.tags.push(tag.as_str().into()),
        What::Field(Field::Emotion(name)) => mention.emotions.push((name.as_str().into(), 1.0)),
        What::Field(Field::Sentiment(Some(tone))) => {
            let score = match tone {
                Tone::Positive => 1.0,
                Tone::Neutral => 0.0,
                Tone::Negative => -1.0,
            };
            mention.sentiment = Some(Sentiment { score, origin: Origin::Source });
        }
        _ => {
            return Err(
                format!("--with {field}: must be one of {WITH}; the others have their own options").into()
            );
        }
    }
    Ok(())
}

fn kind(is: Is) -> Kind {
    match is {
        Is::Reply => Kind::Reply,
        Is::Repost => Kind::Repost,
        Is::Quote => Kind::Quote,
        Is::Comment => Kind::Comment,
        Is::Article => Kind::Article,
        Is::Review => Kind::Review,
        Is::Chat => Kind::Chat,
        Is::Post | Is::Sensitive => Kind::Post,
    }
}
