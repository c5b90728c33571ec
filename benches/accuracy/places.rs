//! How right the gazetteer is about names of places: alternate names of GeoNames' cities, drawn by
//! `assets/places/bake.py`, in the forms in which profiles have them; names that several places
//! have; profiles that mean none; and sentences, labelled by hand.

use fishbowl::mention::{Lang, reading};
use fishbowl::place::{Gazetteer, Hit, Precision};

/// Name, country's letters, country's name, latitude, longitude, weight.
const NAMES: &str = include_str!("places.tsv");
/// A city counts as found when the point lies so near, degrees of latitude.
const NEAR: f32 = 0.5;

/// Line and expected place: a city by its country and degrees, a country, or none.
const AMBIGUOUS: &[(&str, Expected)] = &[
    ("Springfield", Land("US")),
    ("Cambridge", Nothing),
    ("Cambridge, England", City("GB", 52.2, 0.1)),
    ("Cambridge, MA", City("US", 42.4, -71.1)),
    ("Victoria", Nothing),
    ("Victoria, BC", City("CA", 48.4, -123.4)),
    ("San José", Nothing),
    ("San Jose, California", City("US", 37.3, -121.9)),
    ("San José, Costa Rica", City("CR", 9.9, -84.1)),
    ("Córdoba", City("AR", -31.4, -64.2)),
    ("Córdoba, España", City("ES", 37.9, -4.8)),
    ("Valencia", Nothing),
    ("Valencia 🇪🇸", City("ES", 39.5, -0.4)),
    ("Valencia, Venezuela", City("VE", 10.2, -68.0)),
    ("Georgia", Nothing),
    ("Atlanta, Georgia", City("US", 33.7, -84.4)),
    ("Tbilisi, Georgia", City("GE", 41.7, 44.8)),
    ("London", City("GB", 51.5, -0.1)),
    ("London, Ontario", City("CA", 43.0, -81.2)),
    ("Paris", City("FR", 48.9, 2.4)),
    ("Paris, TX", City("US", 33.7, -95.6)),
    ("Birmingham", City("GB", 52.5, -1.9)),
    ("Birmingham, AL", City("US", 33.5, -86.8)),
    ("Manchester", City("GB", 53.5, -2.2)),
    ("Portland", City("US", 45.5, -122.7)),
    ("Portland, Maine", City("US", 43.7, -70.3)),
    ("Hyderabad, Pakistan", City("PK", 25.4, 68.4)),
    ("Hyderabad", City("IN", 17.4, 78.5)),
    ("Santiago", City("CL", -33.5, -70.7)),
    ("Santiago de Compostela", City("ES", 42.9, -8.5)),
    ("Barcelona", City("ES", 41.4, 2.2)),
    ("Barcelona, Anzoátegui, Venezuela", City("VE", 10.1, -64.7)),
    ("Mérida", Nothing),
    ("Mérida, Yucatán, México", City("MX", 21.0, -89.6)),
    ("Guadalajara", City("MX", 20.7, -103.4)),
    ("Guadalajara, España", City("ES", 40.6, -3.2)),
    ("León", Nothing),
    ("Trujillo, Perú", City("PE", -8.1, -79.0)),
    ("Columbia", Land("US")),
    ("Columbus", Land("US")),
    ("Columbus, OH", City("US", 40.0, -83.0)),
    ("Kingston, Jamaica", City("JM", 18.0, -76.8)),
    ("Hamilton", Nothing),
    ("Perth", City("AU", -31.9, 115.9)),
    ("Perth, Scotland", City("GB", 56.4, -3.4)),
    ("Newcastle", Nothing),
    ("Newcastle, NSW", City("AU", -32.9, 151.8)),
    ("Sydney, Nova Scotia", City("CA", 46.1, -60.2)),
    ("Vancouver, WA", City("US", 45.6, -122.7)),
    ("Vancouver", City("CA", 49.2, -123.1)),
    ("Frankfurt", City("DE", 50.1, 8.7)),
    ("Frankfurt (Oder)", City("DE", 52.3, 14.5)),
    ("Washington", Land("US")),
    ("New York", City("US", 40.7, -74.0)),
    ("Ontario", Land("CA")),
    ("Quebec", Land("CA")),
    ("Mexico", Land("MX")),
    ("Luxembourg", City("LU", 49.6, 6.1)),
    ("Singapore", City("SG", 1.3, 103.9)),
    ("Jordan", Land("JO")),
    ("Lebanon", Land("LB")),
    ("Punjab", Nothing),
    ("Tripoli", Nothing),
    ("Alexandria", City("EG", 31.2, 29.9)),
    ("CA", Nothing),
    ("IN", Nothing),
    ("London / Paris", Nothing),
    ("Berlin & Hamburg", Land("DE")),
];

const JOKES: &[&str] = &[
    "everywhere",
    "Earth",
    "planet earth 🌍",
    "the moon",
    "worldwide",
    "the internet",
    "Internet",
    "in your heart",
    "Hogwarts",
    "Gotham",
    "Wakanda",
    "Narnia",
    "Middle Earth",
    "Bikini Bottom",
    "outer space",
    "behind you",
    "home",
    "my bed",
    "here",
    "there",
    "she/her",
    "they/them",
    "127.0.0.1",
    "localhost",
    "/dev/null",
    "404",
    "Europe",
    "Asia",
    "global",
    "remote",
    "nomad",
    "on the road",
    "Fediverse",
    "heaven",
    "hell",
    "paradise",
    "somewhere over the rainbow",
    "in a galaxy far far away",
    "up to no good",
    "under your bed",
    "the void",
    "dreamland",
    "Hyrule",
    "Azeroth",
    "Mars",
    "Milky Way",
    "Utopia",
    "wherever I may roam",
    "cloud nine",
    "🇩🇪🇫🇷🇮🇹",
    "🏳️‍🌈",
    "ur mom's house",
    "the kitchen",
    "at work",
    "in bed",
    "a coffee shop",
    "not here",
    "London, Germany",
    "Westeros",
    "Neverland",
    "the matrix",
    "en tu corazón",
    "dans ta tête",
    "im Internet",
    "en todas partes",
    "partout",
    "überall",
    "ovunque",
    "весь мир",
    "世界",
    "地球",
];

/// Sentence, language, expected place.
const SENTENCES: &[(&str, &str, Expected)] = &[
    ("The lights went out in Nairobi an hour ago", "en", City("KE", -1.3, 36.8)),
    ("Just landed, greetings from Kraków", "en", City("PL", 50.1, 19.9)),
    ("Nobody answers the phone in Toronto", "en", City("CA", 43.7, -79.4)),
    ("Our flat near Utrecht has no internet", "en", City("NL", 52.1, 5.1)),
    ("Tornado warning for Tulsa, Oklahoma tonight", "en", City("US", 36.2, -95.9)),
    ("The queue in Leeds is a mile long", "en", City("GB", 53.8, -1.5)),
    ("Why is Mumbai always first?", "en", City("IN", 19.1, 72.9)),
    ("I miss Buenos Aires", "en", City("AR", -34.6, -58.4)),
    ("Earthquake felt across Istanbul", "en", City("TR", 41.0, 29.0)),
    ("Does it work in Japan yet?", "en", Land("JP")),
    ("Shipping to New Zealand takes weeks", "en", Land("NZ")),
    ("The store in Nice, France was lovely", "en", City("FR", 43.7, 7.3)),
    ("Traffic in Phoenix, AZ is awful", "en", City("US", 33.4, -112.1)),
    ("Go team 🇳🇬", "en", Land("NG")),
    ("In Köln regnet es schon wieder", "de", City("DE", 50.9, 7.0)),
    ("Der Laden in Graz hat zu", "de", City("AT", 47.1, 15.4)),
    ("Viele Grüße aus Zürich", "de", City("CH", 47.4, 8.5)),
    ("Wann kommt das nach Österreich?", "de", Land("AT")),
    ("Panne géante à Toulouse ce matin", "fr", City("FR", 43.6, 1.4)),
    ("Il pleut à Bruxelles", "fr", City("BE", 50.8, 4.4)),
    ("Sin servicio en Bogotá desde ayer", "es", City("CO", 4.7, -74.1)),
    ("Saludos desde Montevideo", "es", City("UY", -34.9, -56.2)),
    ("Chove muito em Lisboa", "pt", City("PT", 38.7, -9.1)),
    ("A loja em Curitiba fechou", "pt", City("BR", -25.4, -49.3)),
    ("Piove a Milano, niente treni", "it", City("IT", 45.5, 9.2)),
    ("De winkel in Rotterdam is dicht", "nl", City("NL", 51.9, 4.5)),
    ("Strömavbrott i Göteborg", "sv", City("SE", 57.7, 12.0)),
    ("Пробки: Казань стоит", "ru", City("RU", 55.8, 49.1)),
    ("В Москве дождь", "ru", City("RU", 55.8, 37.6)),
    ("大阪のお店に行きました", "ja", City("JP", 34.7, 135.5)),
    ("ベルリンから届いた", "ja", City("DE", 52.5, 13.4)),
    ("我在上海等了三个小时", "zh", City("CN", 31.2, 121.5)),
    ("부산에서 잘 쓰고 있어요", "ko", City("KR", 35.1, 129.0)),
    ("الجو جميل في القاهرة اليوم", "ar", City("EG", 30.0, 31.2)),
    ("Nice phone, I was reading about it", "en", Nothing),
    ("Reading is my hobby, Bath time is next", "en", Nothing),
    ("Mobile data is slow again", "en", Nothing),
    ("Aurora is the best phone of 2026", "en", Nothing),
    ("Of all the phones, this one", "en", Nothing),
    ("Paris Hilton bought one", "en", Nothing),
    ("Jackson called me, then Austin did", "en", Nothing),
    ("A review by the New York Times", "en", Nothing),
    ("Dallas Cowboys fans are angry", "en", Nothing),
    ("Real Madrid played well", "en", Nothing),
    ("Turkey sandwich for lunch", "en", Nothing),
    ("I speak China-related nonsense, says Jordan", "en", Nothing),
    ("Charlotte and Victoria love it", "en", Nothing),
    ("Split the bill, Deal or no Deal", "en", Nothing),
    ("ORDER NOW AND SAVE IN MAY", "en", Nothing),
    ("My friend from Hope sends love", "en", Nothing),
    ("Berlin or Madrid, which is better?", "en", Nothing),
    ("Essen und Trinken, dann Halle 4", "de", Nothing),
    ("Wer Regen will, kommt im Mai", "de", Nothing),
    ("Bonne tour de table, Tours de magie", "fr", Nothing),
    ("La Victoria fue de Santiago", "es", Nothing),
    ("Leon no contesta, ¿y Mercedes?", "es", Nothing),
    ("Orlando Bloom gostou", "pt", Nothing),
    ("日本語が好きです", "ja", Nothing),
    ("中国人的手机", "zh", Nothing),
    ("@tokyo please call https://tokyo.example/Tokyo", "en", Nothing),
    ("the berlin wall of text", "en", Nothing),
    ("Bank of America refused my card", "en", Nothing),
    ("Georgia sang, then Florence sang", "en", Nothing),
    ("General Motors and Columbia Records", "en", Nothing),
];

use Expected::{City, Land, Nothing};

/// What is to be found.
#[derive(Clone, Copy, Debug)]
enum Expected {
    City(&'static str, f32, f32),
    Land(&'static str),
    Nothing,
}

/// How a kind of cases came out.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    cases: u32,
    right: u32,
    /// The right country where a city was to be found.
    coarse: u32,
    wrong: u32,
    none: u32,
}

impl Score {
    fn add(&mut self, expected: Expected, hit: Option<&Hit>) {
        self.cases += 1;
        let to = match (expected, hit) {
            (Nothing, None) => &mut self.right,
            (_, None) => &mut self.none,
            (City(country, lat, lon), Some(hit)) if hit.country.as_str() == country => match hit.point {
                Some(point) if is_near(point, (lat, lon)) => &mut self.right,
                None => &mut self.coarse,
                Some(_) => &mut self.wrong,
            },
            (Land(country), Some(hit)) if hit.country.as_str() == country => match hit.precision {
                Precision::City | Precision::Point => &mut self.wrong,
                Precision::Region | Precision::Country => &mut self.right,
            },
            _ => &mut self.wrong,
        };
        *to += 1;
    }

    fn row(&self, kind: &str) -> String {
        let Self { cases, right, coarse, wrong, none } = self;
        let part = |n: &u32| format!("{n} ({:.1} %)", f64::from(*n) * 100.0 / f64::from((*cases).max(1)));
        format!(
            "| {kind} | {cases} | {} | {} | {} | {} |\n",
            part(right),
            part(coarse),
            part(wrong),
            part(none)
        )
    }
}

fn is_near(a: (f32, f32), b: (f32, f32)) -> bool {
    (a.0 - b.0).abs() < NEAR && ((a.1 - b.1) * b.0.to_radians().cos()).abs() < NEAR
}

/// What stands above the rows.
const HEAD: &str = "## Places

The profiles are one alternate name (in any language and script) of every seventeenth of GeoNames' cities of
15,000 people or more, on its own and with its country. A name counts as right if the point is within half a
degree of the city. The names are those of the gazetteer, so this measures how ambiguous names are and how
the rules handle them, not whether the gazetteer has all cities. The name of a small town often also means a
larger place: the right answer is then the larger one, or none. The other lines and sentences were labelled
by hand; if no place is meant, the right answer is none. *Only the country* is the right country, where a
city should have been found.

| places | cases | right | only the country | wrong | none |
| --- | --- | --- | --- | --- | --- |
";

/// Markdown: for each kind of cases how many were found right, only to their country, wrong, and not
/// at all.
pub fn table() -> String {
    let gazetteer = Gazetteer::get();
    let mut out = String::from(HEAD);
    type Form = fn(&Name) -> String;
    let forms: [(&str, Form); 4] = [
        ("profile: alternate name", |n| n.name.into()),
        ("profile: alternate name, country", |n| format!("{}, {}", n.name, n.land)),
        ("profile: alternate name, country's code", |n| format!("{}, {}", n.name, n.country)),
        ("profile: 📍 alternate name in small letters and a flag", |n| n.adorned()),
    ];
    for (kind, form) in forms {
        let score = of(names().map(|name| (name.expected(), gazetteer.of_profile(&form(&name)))));
        out += &score.row(kind);
    }
    let large = names().filter(|name| name.weight >= 126);
    out += &of(large.map(|name| (name.expected(), gazetteer.of_profile(name.name))))
        .row("profile: alternate name, the 10 % best known cities");
    out += &of(AMBIGUOUS.iter().map(|(line, expected)| (*expected, gazetteer.of_profile(line))))
        .row("profile: names of several places");
    out += &of(JOKES.iter().map(|line| (Nothing, gazetteer.of_profile(line)))).row("profile: no place");
    let (some, nothing): (Vec<_>, Vec<_>) = SENTENCES.iter().partition(|(.., e)| !matches!(e, Nothing));
    let read = |(text, lang, expected): &&(&str, &str, Expected)| {
        (*expected, gazetteer.in_text(&reading(text), Lang::new(lang)))
    };
    out += &of(some.iter().map(read)).row("text: names a place");
    out + &of(nothing.iter().map(read)).row("text: sounds like a place")
}

fn of(cases: impl Iterator<Item = (Expected, Option<Hit>)>) -> Score {
    let mut score = Score::default();
    cases.for_each(|(expected, hit)| score.add(expected, hit.as_ref()));
    score
}

/// One line of the sample.
struct Name {
    name: &'static str,
    country: &'static str,
    land: &'static str,
    point: (f32, f32),
    weight: u32,
}

fn names() -> impl Iterator<Item = Name> {
    NAMES.lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let (name, country, land) = (fields.next()?, fields.next()?, fields.next()?);
        let point = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some(Name { name, country, land, point, weight: fields.next()?.parse().ok()? })
    })
}

impl Name {
    fn expected(&self) -> Expected {
        City(self.country, self.point.0, self.point.1)
    }

    fn adorned(&self) -> String {
        let letter = |b: u8| char::from_u32(0x1_f1e6 + u32::from(b - b'A')).unwrap_or(' ');
        let flag: String = self.country.bytes().map(letter).collect();
        format!("📍 {} {flag}", self.name.to_lowercase())
    }
}
