use super::*;
use crate::mention::reading;

fn show(hit: Option<Hit>) -> String {
    match hit {
        None => "-".into(),
        Some(hit) if hit.precision == Precision::City => format!("{}, {}", hit.name, hit.country),
        Some(hit) if hit.precision == Precision::Region => format!("region {}, {}", hit.name, hit.country),
        Some(hit) => format!("{}", hit.country),
    }
}

fn profile(line: &str) -> String {
    show(Gazetteer::get().of_profile(line))
}

fn text(text: &str) -> String {
    show(Gazetteer::get().in_text(&reading(text), None))
}

#[track_caller]
fn agree(read: fn(&str) -> String, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(line, expected)| (line, expected, read(line)))
        .filter(|(_, expected, got)| got != *expected)
        .map(|(line, expected, got)| format!("{line:?}: {got} instead of {expected}"))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_profile_says_where_somebody_is() {
    agree(
        profile,
        &[
            ("Berlin", "Berlin, DE"),
            ("berlin", "Berlin, DE"),
            ("Berlin, Germany", "Berlin, DE"),
            ("Berlin 🇩🇪", "Berlin, DE"),
            ("🇧🇷", "BR"),
            ("Deutschland", "DE"),
            ("日本", "JP"),
            ("東京", "Tokyo, JP"),
            ("USA", "US"),
            ("UK", "GB"),
            ("Austin, TX", "Austin, US"),
            ("Austin TX", "Austin, US"),
            ("austin, tx", "Austin, US"),
            ("Texas, USA", "region Texas, US"),
            ("TX", "region Texas, US"),
            ("San Francisco, CA", "San Francisco, US"),
            ("London, ON", "London, CA"),
            ("Paris, Texas", "Paris, US"),
            ("Washington, D.C.", "Washington, US"),
            ("Washington DC", "Washington, US"),
            ("New York", "New York City, US"),
            ("NYC", "New York City, US"),
            ("Brooklyn, NY", "Brooklyn, US"),
            ("St. Louis, MO", "St. Louis, US"),
            ("Based in Amsterdam", "Amsterdam, NL"),
            ("North London", "London, GB"),
            ("Tbilisi, Georgia", "Tbilisi, GE"),
            ("Atlanta, Georgia", "Atlanta, US"),
            ("Cambridge, UK", "Cambridge, GB"),
            ("Cambridge, MA", "Cambridge, US"),
            ("Córdoba, Argentina", "Córdoba, AR"),
            ("Córdoba, España", "Córdoba, ES"),
            ("San José, Costa Rica", "San José, CR"),
            ("Valencia, Spain", "Valencia, ES"),
            ("Springfield", "US"),
            ("Ontario, Canada", "region Ontario, CA"),
            ("Singapore", "Singapore, SG"),
            ("Mexico", "MX"),
            ("Москва, Россия", "Moscow, RU"),
            ("القاهرة", "Cairo, EG"),
            ("São Paulo, Brasil", "São Paulo, BR"),
            ("Sao Paulo", "São Paulo, BR"),
            ("Barcelona", "Barcelona, ES"),
            ("Kreuzberg, Berlin", "Kreuzberg, DE"),
        ],
    );
}

#[test]
fn a_profile_that_may_mean_two_countries_or_none_says_nothing() {
    let lines = [
        "",
        "everywhere",
        "Earth",
        "the moon",
        "Worldwide 🌍",
        "the internet",
        "Georgia",
        "Victoria",
        "Cambridge",
        "Valencia",
        "CA",
        "de",
        "us",
        "she/her",
        "London / Paris",
        "🇩🇪🇫🇷",
        "London, Germany",
        "your heart",
        "Hogwarts",
        "somewhere over the rainbow",
        "Europe",
        "localhost",
        "127.0.0.1",
        "🏳️‍🌈",
        "my opinions are my own and retweets are not endorsements of anything in Berlin at all",
    ];
    let wrong: Vec<_> =
        lines.iter().map(|line| (line, profile(line))).filter(|(_, got)| got != "-").collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_text_names_a_place() {
    agree(
        text,
        &[
            ("The battery died in Berlin today", "Berlin, DE"),
            ("Greetings from Lyon!", "Lyon, FR"),
            ("We met in Austin, Texas, and it was hot", "Austin, US"),
            ("Power cut across Tokyo right now", "Tokyo, JP"),
            ("So schön ist es in Heidelberg", "Heidelberg, DE"),
            ("Je suis à Marseille demain", "Marseille, FR"),
            ("News from Germany: it rains", "DE"),
            ("#Tokyo is wonderful", "Tokyo, JP"),
            ("Vamos Argentina 🇦🇷", "AR"),
            ("昨日東京に行った", "Tokyo, JP"),
            ("我在北京工作", "Beijing, CN"),
            ("서울에서 만나요", "Seoul, KR"),
            ("ロンドンは雨", "London, GB"),
            ("I love New York", "New York City, US"),
            ("The office in St. Louis is closed", "St. Louis, US"),
            ("Rain in Rio de Janeiro again", "Rio de Janeiro, BR"),
            ("Berlin's winter", "Berlin, DE"),
            ("We saw Tokyo and Osaka", "JP"),
        ],
    );
}

#[test]
fn a_text_that_only_sounds_like_a_place_names_none() {
    let lines = [
        "Nice to see you",
        "Reading a book in May",
        "Mobile phones are great",
        "Aurora phone is out",
        "Paris Hilton was there",
        "Jack London wrote it",
        "The New York Times says",
        "Manchester United won",
        "Georgia on my mind",
        "Turkey for dinner",
        "Victoria called",
        "I like Charlotte",
        "of course Of",
        "BREAKING NEWS FROM LONDON NOW",
        "berlin is small here",
        "Jordan scored",
        "@berlin hello",
        "https://berlin.de/Berlin",
        "London and Paris",
        "日本語を勉強",
        "Essen ist fertig",
        "The Phoenix rises",
        "In English please",
        "Long Island iced tea",
        "🇩🇪 vs 🇫🇷",
        "Bank of America",
        "Kansas City Chiefs",
    ];
    let wrong: Vec<_> = lines.iter().map(|line| (line, text(line))).filter(|(_, got)| got != "-").collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn two_places_in_two_countries_are_none_and_in_one_that_country() {
    let none = [
        "London and Berlin",
        "Paris and Berlin",
        "from Berlin to Paris",
        "from London to Berlin",
        "Delhi to London delayed",
        "Berlin → Paris",
        "Berlin -> Paris",
        "Paris/Berlin",
        "Paris / Berlin",
        "Paris vs Madrid",
        "Berlin–London in two hours",
        "Berlin-Paris by train",
        "Tokyo ✈️ Sydney",
        "Berlin, London, Tokyo",
        "#London #Berlin",
        "London fog kept us in Berlin",
        "Vienna, Munich and Prague",
        "I moved from Boston to Graz",
        "Berlin or london?",
        "We flew from Paris to Austin, Texas",
        "Berlin and Nice",
        "Berlin and Reading",
        "Berlin and Cambridge",
        "Milan beat Berlin",
        "von Berlin nach Wien und Paris",
        "de Madrid a París",
        "東京からロンドンへ",
        "Berlin to New York, then Rome",
        "🇩🇪 Paris",
        "US and China",
        "Helsinki ja Tallinna",
        "Budapest és Bécs",
        "București și Chișinău",
        "서울에서 도쿄까지",
    ];
    agree(text, &none.map(|line| (line, "-")));
    let one = [
        ("Munich, Hamburg and Berlin", "DE"),
        ("Berlin, Munich and Hamburg", "DE"),
        ("in Lyon and Paris", "FR"),
        ("in Côte d’Ivoire", "CI"),
        ("from Boston to Austin", "US"),
        ("Tokyo is the capital of Japan", "Tokyo, JP"),
        ("Paris Hilton came to Berlin", "Berlin, DE"),
        ("I told Charlotte about Berlin", "Berlin, DE"),
        ("Jordan scored in Berlin", "Berlin, DE"),
        ("Berlin and friends", "Berlin, DE"),
        ("Berlin to go", "Berlin, DE"),
        ("in Manchester and Cambridge", "GB"),
        ("Berlin 🇩🇪", "Berlin, DE"),
    ];
    agree(text, &one);
    let homes = [
        ("London | Berlin", "-"),
        ("Paris ✈ Tokyo", "-"),
        ("Berlin → Paris", "-"),
        ("Berlin Paris", "-"),
        ("Paris/Berlin/NYC", "-"),
        ("NYC / LA", "US"),
        ("NYC / L.A.", "US"),
        ("LA", "Los Angeles, US"),
        ("New Orleans, LA", "New Orleans, US"),
        ("Born in Paris, living in Berlin", "-"),
        ("from Berlin to Paris", "-"),
        ("between Rome and Milan", "IT"),
        ("Berlin, Munich, Hamburg", "DE"),
        ("Berlin vs Paris", "-"),
    ];
    agree(profile, &homes);
}

#[test]
fn what_stands_in_brackets_tells_places_of_one_name_apart() {
    let lines = [
        ("Frankfurt (Oder)", "Frankfurt (Oder), DE"),
        ("Frankfurt/Oder", "Frankfurt (Oder), DE"),
        ("Frankfurt (Main)", "Frankfurt am Main, DE"),
        ("Halle (Saale)", "Halle (Saale), DE"),
        ("Newcastle (Australia)", "Newcastle, AU"),
        ("Paris (Texas)", "Paris, US"),
        ("Paris (TX)", "Paris, US"),
        ("Springfield, IL", "Springfield, US"),
        ("Frankfurt (Eder)", "-"),
    ];
    agree(profile, &lines);
    agree(text, &lines.map(|(line, place)| (line, place)));
    agree(text, &[("The bridge in Frankfurt (Oder) is closed", "Frankfurt (Oder), DE")]);
    let plain = [
        ("Berlin (Germany)", "Berlin, DE"),
        ("Berlin (she/her)", "Berlin, DE"),
        ("Berlin (Remote)", "Berlin, DE"),
        ("Berlin (Kreuzberg)", "Kreuzberg, DE"),
        ("Based in Halle (Saale)", "Halle (Saale), DE"),
        ("León (Guanajuato)", "León de los Aldama, MX"),
        ("León, Guanajuato", "León de los Aldama, MX"),
        ("Santiago (Querétaro)", "-"),
        ("Reading, London", "Reading, GB"),
        ("Springfield, Boston", "Boston, US"),
    ];
    agree(profile, &plain);
}

#[test]
fn places_are_read_however_they_are_written() {
    let lines = [
        ("Ber\u{ad}lin", "Berlin, DE"),
        ("Ｂｅｒｌｉｎ", "Berlin, DE"),
        ("𝐁𝐞𝐫𝐥𝐢𝐧", "Berlin, DE"),
        ("L’Aquila", "L'Aquila, IT"),
        ("DİYARBAKIR", "Diyarbakır, TR"),
        ("DIYARBAKIR", "Diyarbakır, TR"),
        ("diyarbakır", "Diyarbakır, TR"),
        ("تهران", "Tehran, IR"),
        ("کرمان", "Kerman, IR"),
        ("كرمان", "Kerman, IR"),
    ];
    agree(profile, &lines);
    agree(text, &[("Rain in Ber\u{ad}lin", "Berlin, DE"), ("Rain in\u{a0}Lyon", "Lyon, FR")]);
}

#[test]
fn points_get_the_country_they_lie_in_also_at_the_coast() {
    let of = |lat, lon| country_of(lat, lon).map(|c| c.to_string());
    assert_eq!(of(52.52, 13.40).as_deref(), Some("DE"));
    assert_eq!(of(1.35, 103.82).as_deref(), Some("SG"));
    assert_eq!(of(43.73, 7.42).as_deref(), Some("MC"));
    assert_eq!(of(22.30, 114.17).as_deref(), Some("HK"));
    assert_eq!(of(0.0, -150.0), None);
    let near = |lat, lon| Gazetteer::get().name_near((lat, lon)).map(|name| name.to_string());
    assert_eq!((near(52.50, 13.45).as_deref(), near(0.0, -150.0)), (Some("Berlin"), None));
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_written_breaks_it(line in "\\PC{0,60}", lat in -100f32..100.0, lon in -400f32..400.0) {
        let _ = Gazetteer::get().of_profile(&line);
        let _ = Gazetteer::get().in_text(&line, None);
        let _ = country_of(lat, lon);
    }
}
