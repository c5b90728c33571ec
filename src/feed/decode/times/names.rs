//! Names of months, weekdays and zones, in small letters without accents.

/// A zone by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// East of UTC.
    Minutes(i32),
    /// A place of the tz database, where the name says nothing of summer.
    Place(&'static str),
}

/// Half of a day of twelve hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noon {
    Before,
    After,
}

/// How the names of a month begin, of each from January on, in the languages of Europe, of the Middle
/// East and of South and Southeast Asia that are written with an alphabet. Of two that fit the longer
/// counts. `listopad` is the November of Poles and Czechs; see [`is_croatian_october`].
pub const MONTHS: [&str; 12] = [
    "jan ene gen sty янв oca led tammi ian ιαν січ яну јан ינואר يناير sijec saus yan студ جانفي ژانو जन जान জান ஜன జన ಜನ იან հունվ มค มกรา",
    "feb fev lut фев sub helmi unor φεβ лют феб פברואר فبراير شباط velj vasari veebr pebr shk فيفري فور फर फ़र फेब ফেব பிப் ఫిబ ಫೆಬ თებ փետ กพ กุมภา",
    "mar maa mrt mrz maerz мар maalis bre μαρ берез бер марс מרץ مارس اذار ozuj kov сакав मार মার மார் మార్ ಮಾರ მარ մարտ มีค มีนา",
    "apr abr avr kwi апр nis huhti dub απρ квіт кві אפריל ابريل نيسان travanj travnj bal pri красав افريل اوريل अप्र एप्र এপ্র ஏப் ఏప్ ಏಪ್ აპრ ապր เมย เมษา",
    "may mai mag mei maj маи мая мај touko kve μαι трав тра מאי مايو ايار svib geg ماي مه मई मे মে மே మే ಮೇ მაი մայ พค พฤษภา",
    "jun juin giu cze июн haz kesa cerven cervn cvn iun ιουν черв јун юни יוני يونيو حزيران lipanj lipnj birz iyun qer hun чэрв جوان ژوين जून জুন ஜூன் జూన్ ಜೂನ್ ივნ հունիս มิย มิถุ",
    "jul juil lug lip июл tem heina cervenc cvc iul ιουλ лип јул юли יולי يوليو تموز srpanj srpnj liep iyul kor hul ліп جويلي يوليوز ژويي जुल জুল ஜூலை జులై జూలై ಜುಲೈ ივლ հուլ กค กรกฎา",
    "aug ago aou sie авг agu ags agt elo srp αυγ серп אוגוסט اغسطس kolov rugp avg gush ogos жнів жни اب اوت غشت اگوست अग ऑग আগ ஆக ఆగ ಆಗ აგვ օգոս สค สิงหา",
    "sep set wrz сен сеп eyl syys zar szept σεπ вер ספטמבר سبتمبر ايلول ruj rugs sent shta شتنبر سپتا सित सप्ट সেপ செப் సెప్ ಸೆಪ್ სექ սեպ กย กันยา",
    "oct okt ott out paz окт eki loka rij οκτ жов אוקטובר اكتوبر spal tet кастр اكتب अक्ट अक्त ऑक्ट অক্ট அக் అక్ ಅಕ್ ოქტ հոկ ตค ตุลา",
    "nov nop lis ноя ное нов kas marras noi νοε лист נובמבר نوفمبر stud lapk noy nent nob ліст نونبر نوامب नव नोव নভে நவ నవ ನವೆ ნოე նոյ พย พฤศจิ",
    "dec dez des dic gru дек дец ara joulu pro δεκ груд דצמבר ديسمبر dek dhje dis снеж دجنبر دسام दिस डिस ডিস டிச డిస ಡಿಸೆ დეკ դեկ ธค ธันวา",
];

/// How weekdays begin, where they might be taken for a month or stand behind the time.
const WEEKDAYS: &str = "sun mon tue wed thu fri sat son die mit don fre sam lun mardi martes marted marti mer jeu \
    ven dim mie jue vie gio sab dom seg ter qua qui sex maand din woe vri zat zon pon wto sro czw pia sob nie \
    пон вто сре чет пят суб вос вс пн вт ср чт пт сб man tir ons tor lor paz pazar pzt sal car per cum cmt \
    het kedd sze csut pen szo vasarn";

/// Words that say nothing.
const FILLERS: &str = "t at on of the um uhr de del d a à las le la les den der dem am kl klo h hrs hs o godz g r в года г ob di \
    alle ore om els al st nd rd th er i e os as da do och og ja time το στις uur min mn kell gada m р року рік ад \
    น พศ คศ م الساعة في در ساعت";

const ZONES: [(&str, i32); 59] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("zulu", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("sast", 120),
    ("cat", 120),
    ("eest", 180),
    ("msk", 180),
    ("trt", 180),
    ("eat", 180),
    ("idt", 180),
    ("msd", 240),
    ("pkt", 300),
    ("npt", 345),
    ("ict", 420),
    ("wib", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("myt", 480),
    ("pht", 480),
    ("awst", 480),
    ("wita", 480),
    ("jst", 540),
    ("kst", 540),
    ("wit", 540),
    ("acst", 570),
    ("aest", 600),
    ("acdt", 630),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("nst", -210),
    ("ndt", -150),
    ("adt", -180),
    ("brt", -180),
    ("art", -180),
    ("clst", -180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
];

const PLACES: [(&str, &str); 4] = [
    ("et", "America/New_York"),
    ("ct", "America/Chicago"),
    ("mt", "America/Denver"),
    ("pt", "America/Los_Angeles"),
];

/// The month that a word names, 1 to 12; 0 for a weekday.
pub fn month(word: &str) -> Option<u64> {
    // Hebrew writes its "in" at the beginning of the month.
    let word = word.strip_prefix('ב').unwrap_or(word);
    let stems = (1..).zip(MONTHS).chain([(0, WEEKDAYS)]);
    let fitting = stems.flat_map(|(month, names)| names.split_whitespace().map(move |stem| (stem, month)));
    let fitting = fitting.filter(|(stem, _)| word.starts_with(stem));
    // Of a month and a weekday that begin alike it is the month.
    fitting.max_by_key(|(stem, month)| (stem.len(), *month)).map(|(_, month)| month)
}

/// Whether it is the October of Croatians, who write a point behind the day; the November of Poles
/// has the same letters.
pub fn is_croatian_october(word: &str, behind_day: Option<char>) -> bool {
    word == "listopada" && behind_day == Some('.')
}

/// Zones by their names. Those with several meanings (`IST`) are not known, but for the American
/// ones of RFC 5322 and the British `BST`.
pub fn zone(word: &str) -> Option<Zone> {
    let minutes = ZONES.iter().find(|(name, _)| *name == word).map(|(_, minutes)| Zone::Minutes(*minutes));
    minutes.or_else(|| PLACES.iter().find(|(name, _)| *name == word).map(|(_, place)| Zone::Place(place)))
}

pub fn noon(word: &str) -> Option<Noon> {
    match word {
        "am" | "πμ" | "ص" | "صباحا" | "قظ" => Some(Noon::Before),
        "pm" | "μμ" | "م" | "مساء" | "بظ" => Some(Noon::After),
        _ => None,
    }
}

pub fn is_filler(word: &str) -> bool {
    FILLERS.split_whitespace().any(|filler| filler == word)
}

/// Chinese, Japanese or Korean, as the weekdays behind a date are.
pub fn is_ideographic(word: &str) -> bool {
    word.chars()
        .all(|c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
}
