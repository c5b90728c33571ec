//! Dates as publishers write them.

use super::*;

/// 2026-11-15T12:15:00Z.
const NOON: i64 = 1_794_744_900;

fn seconds(text: &str) -> Option<i64> {
    read(text).map(Time::as_secs)
}

#[track_caller]
fn all(texts: &[&str], at: i64) {
    let wrong: Vec<_> =
        texts.iter().map(|text| (text, seconds(text))).filter(|(_, s)| *s != Some(at)).collect();
    assert_eq!(wrong, []);
}

#[test]
fn dates_that_people_read_are_read() {
    all(
        &[
            "Sun, 15 Nov 2026 12:15:00 GMT",
            "Sun, 15 Nov 2026 12:15 PM",
            "Sun, 15 Nov 2026 12:15:00",
            "SUN,15 NOV 2026 12:15:00",
            "Sun, Nov 15 2026 12:15:00 +0000",
            "Sunday, November 15th, 2026 at 12:15 p.m.",
            "Sunday, 15-Nov-26 12:15:00 GMT",
            "Sun Nov 15 12:15:00 2026",
            "Sun Nov 15 12:15:00 UTC 2026",
            "Sun Nov 15 12:15:00 +0000 2026",
            "Sun Nov 15 2026 13:15:00 GMT+0100 (Central European Standard Time)",
            "15-Nov-2026 12:15:00",
            "15/Nov/2026:12:15:00 +0000",
            "11/15/2026 12:15:00 PM",
            "11/15/2026, 12:15\u{202f}PM",
            "11/15/26 12:15 PM",
            "15/11/2026 12:15",
            "15.11.2026 12:15",
            "15.11.26, 12.15 Uhr",
            "12:15, 15 November 2026",
            "12:15 · Nov 15, 2026",
            "2026-11-15 12.15.00",
            "2026-11-15 1215",
            "15 Nov 2026, 1315 +0100",
            "15-NOV-26 12.15.00.000000 PM",
            "Nov 15 2026 12:15:00:000PM",
            "2026/11/15 12:15:00",
            "2026:11:15 12:15:00",
            "2026-11-15 12:15:00",
            "2026-11-15 12:15:00.000000",
            "2026-11-15T12:15:00",
            "2026-11-15T12:15:00,000",
            "2026-11-15t12:15:00z",
            "2026-11-15T12:15",
            "20261115T121500Z",
            "20261115T131500+0100",
            "20261115121500",
            "20261115 121500",
            "2026-W46-7T12:15:00Z",
            "2026-319T12:15:00Z",
            "2026W467T121500Z",
            "2026319T121500Z",
            "\"2026-11-15T12:15:00Z\"",
            "domingo, 15 de noviembre de 2026, 12:15 hs",
            "2026年11月15日 午後0時15分",
            "יום ראשון, 15 בנובמבר 2026 12:15",
            "2026 Nov 15 12:15",
            "2026年11月15日 12:15",
            "2026年11月15日(日) 午後12:15",
            "2026년 11월 15일 오후 12:15",
            "٢٠٢٦-١١-١٥ ١٢:١٥",
            "  2026-11-15 12:15:00  ",
        ],
        NOON,
    );
}

#[test]
fn zones_are_heeded() {
    all(
        &[
            "Sun, 15 Nov 2026 13:15:00 +1",
            "Sun, 15 Nov 2026 13:15:00 +01:00",
            "Sun, 15 Nov 2026 13:15:00 GMT+0100",
            "Sun, 15 Nov 2026 13:15:00 GMT +01:00",
            "Sun, 15 Nov 2026 13:15:00 UTC+1",
            "Sun, 15 Nov 2026 13:15:00 +0100 (CET)",
            "Sun, 15 Nov 2026 13:15:00 (CET)",
            "Sun, 15 Nov 2026 14:15:00 CEST",
            "Sun, 15 Nov 2026 07:15:00 EST",
            "Nov 15, 2026, 7:15 AM ET",
            "Sun, 15 Nov 2026 07:15:00 America/New_York",
            "2026-11-15T13:15:00[Europe/Berlin]",
            "2026-11-15T13:15:00+01:00[Europe/Berlin]",
            "2026-11-15 14:15:00 +0200 CEST",
            "2026-11-15 09:15:00 -0300 -03 m=+0.000012",
            "Sun, 15 Nov 2026 17:45:00 +0530 IST",
            "Sun, 15 Nov 2026 07:15:00 \u{2212}0500",
            "/Date(1794744900000+0100)/",
            "/Date(1794744900000)/",
            "1794744900",
            "1794744900000",
            "1794744900000000",
            "1794744900000000000",
            "1794744900.0",
            "@1794744900",
        ],
        NOON,
    );
    assert_eq!(
        read("2026-11-15 14:15:00.364419679 +0200 CEST"),
        Some(Time::from_micros(NOON * 1_000_000 + 364_419))
    );
}

#[test]
fn months_and_days_of_other_languages_are_known() {
    all(
        &[
            "So, 15 Nov 2026 12:15:00",
            "Am 15. November 2026 um 12:15 Uhr",
            "dim., 15 nov. 2026 12:15:00",
            "dimanche 15 novembre 2026 à 12h15",
            "domingo, 15 de noviembre de 2026, 12:15",
            "15 de noviembre de 2026 a las 12:15 p. m.",
            "dom, 15 nov 2026 12:15",
            "15 de novembro de 2026 às 12:15",
            "zo 15 november 2026 12:15",
            "niedziela, 15 listopada 2026 12:15",
            "Вс, 15 ноя 2026 12:15:00",
            "15 ноября 2026 г. в 12:15",
            "15 Kasım 2026 Pazar 12:15",
            "sön 15 nov 2026 kl. 12.15",
            "lör, 15 nov 2026 12.15",
            "ma 15 november 2026 om 12.15",
            "søndag den 15. november 2026 kl. 12.15",
            "15. marraskuuta 2026 klo 12.15",
            "15. listopadu 2026 12:15",
            "15 noiembrie 2026, 12:15",
            "15 Νοεμβρίου 2026 12:15",
            "15 листопада 2026 12:15",
            "2026. november 15. 12:15",
            "2026. november 15., vasárnap 12:15",
            "15 novembre 2026, 12 h 15 min",
            "zondag 15 november 2026 12:15 uur",
            "15. studenoga 2026. 12:15",
            "2026. gada 15. novembris 12:15",
            "2026 m. lapkričio 15 d. 12:15",
            "15. november 2026 kell 12:15",
            "неділя, 15 листопада 2026 р. 12:15",
            "15 лістапада 2026 12:15",
            "ngày 15 tháng 11 năm 2026, 12:15",
            "15 พฤศจิกายน 2026 12:15",
            "15 พ.ย. 2569 12:15 น.",
            "15 नवंबर 2026 12:15",
            "१५ नवंबर २०२६ १२:१५",
            "১৫ নভেম্বর ২০২৬ ১২:১৫",
            "15 ನವೆಂಬರ್ 2026 12:15",
            "15 நவம்பர் 2026 12:15",
            "15 నవంబర్ 2026 12:15",
            "15 نوفمبر 2026م 12:15",
            "15 تشرين الثاني 2026 12:15 م",
            "الأحد، 15 نوفمبر 2026، الساعة 12:15",
            "۱۵ نوامبر ۲۰۲۶ ۱۲:۱۵",
            "令和8年11月15日 12:15",
            "15 noyabr 2026 12:15",
            "15 nëntor 2026 12:15",
            "15 ნოემბერი 2026 12:15",
            "Linggo, Nobyembre 15, 2026 12:15",
        ],
        NOON,
    );
    for (text, month) in [
        ("15 janv. 2026", 1),
        ("15. Jänner 2026", 1),
        ("15 févr. 2026", 2),
        ("15 Şubat 2026", 2),
        ("mar. 17 mars 2026", 3),
        ("15. März 2026", 3),
        ("17 Mar 2026", 3),
        ("ma 16 mrt 2026", 3),
        ("15 kwietnia 2026", 4),
        ("15 mai 2026", 5),
        ("15 мая 2026", 5),
        ("15 maja 2026", 5),
        ("15 juin 2026", 6),
        ("15. června 2026", 6),
        ("15 juillet 2026", 7),
        ("15. července 2026", 7),
        ("15 августа 2026", 8),
        ("15 août 2026", 8),
        ("15 Eylül 2026", 9),
        ("Mar 13 ott 2026", 10),
        ("15 paź 2026", 10),
        ("Paz, 18 Eki 2026", 10),
        ("15 Aralık 2026", 12),
        ("15 déc. 2026", 12),
        ("15 diciembre 2026", 12),
        ("15 ม.ค. 2026", 1),
        ("15 มี.ค. 2026", 3),
        ("15 มิ.ย. 2026", 6),
        ("15 มิถุนายน 2569", 6),
        ("15 जनवरी 2026", 1),
        ("15 जून 2026", 6),
        ("15 ژانویهٔ 2026", 1),
        ("15 مه 2026", 5),
        ("15 ژوئن 2026", 6),
        ("15 ژوئیه 2026", 7),
        ("15 آب 2026", 8),
        ("15 كانون الأول 2026", 12),
        ("15 ಜೂನ್ 2026", 6),
        ("15 ಜುಲೈ 2026", 7),
        ("15 జులై 2026", 7),
        ("15. siječnja 2026.", 1),
        ("15. srpnja 2026.", 7),
        ("15. srpna 2026", 8),
        ("15. rujna 2026.", 9),
        ("15. listopada 2026.", 10),
        ("15 listopada 2026", 11),
        ("2026 m. vasario 15 d.", 2),
        ("05 tháng 06 2026", 6),
    ] {
        let found = read(text).and_then(|at| Timestamp::from_microsecond(at.as_micros()).ok());
        assert_eq!(found.map(|at| at.to_zoned(TimeZone::UTC).month()), Some(month), "{text}");
    }
}

#[test]
fn a_day_begins_with_its_first_moment_and_ends_with_its_24th_hour() {
    let midnight = NOON - 12 * 3_600 - 15 * 60;
    all(
        &["Nov 15, 2026", "2026-11-15", "20261115", "15 November 2026", "11/15/2026", "2026-11-15Z"],
        midnight,
    );
    all(&["November 15, 2026, 12 noon", "Nov 15, 2026 noon", "2026年11月15日 正午12時"], NOON - 15 * 60);
    all(&["2026年11月15日 午前9時5分", "2026년 11월 15일 오전 9시 5분 0초"], midnight + 9 * 3_600 + 5 * 60);
    all(&["Sun, 15 Nov 2026 24:00:00 GMT", "16 Nov 2026 12:00 AM"], midnight + 86_400);
    all(&["2026-11-15+01:00"], midnight - 3_600);
    all(&["Sun, 15 Nov 2026 12:14:60 GMT"], NOON - 1);
    all(&["05/06/2026 1:00 PM"], 1_778_072_400);
}

#[test]
fn the_names_of_months_are_in_the_form_in_which_they_are_looked_up() {
    for stem in super::names::MONTHS.iter().flat_map(|names| names.split(' ')) {
        assert_eq!(super::lexer::plain(stem), stem);
    }
    for day in 1..=31 {
        assert!(read(&format!("2026-10-{day:02}T12:15:00Z")).is_some(), "{day}");
        assert!(read(&format!("2026-10-{day:02}T12:15:00-05:00")).is_some(), "{day}");
    }
}

#[test]
fn what_is_not_understood_to_the_last_word_is_refused() {
    for text in [
        "",
        "now",
        "yesterday 12:15",
        "3 hours ago",
        "0000-00-00 00:00:00",
        "2026-13-45",
        "2026-11-15T12:15:00+25:00",
        "15 тхт 2026",
        "31 Feb 2026",
        "05/06/2026",
        "05/06/2026 12:15:00",
        "05-06-2026",
        "26/11/15",
        "15 Nov",
        "2026-11",
        "2026",
        "12:15:00",
        "15 Foo 2026 12:15:00",
        "Sun, 15 Nov 2026 25:15:00 GMT",
        "Sun, 15 Nov 2026 12:75:00 GMT",
        "Sun, 15 Nov 2026 12:15:00 XYZ",
        "Sun, 15 Nov 2026 12:15:00 IST",
        "Sun, 15 Nov 2026 12:15:00 (IST)",
        "Sun, 15 Nov 2026 12:15:00 +9900",
        "Sun, 15 Nov 2026 12:15:00 Mars/Olympus",
        "Sun, 15 Nov 2026 13:15 AM",
        "1405-08-24",
        "-2026-11-15T12:15:00Z",
        "-2026-11-15",
        "2026319",
        "2026366T121500Z",
        "2026W540T121500Z",
        "Nov 15, 2026 midnight",
        "Nov 15, 2026 9 noon",
        "639303417000000000",
        "15 Nov 2569",
        "15 Nov 2026 15 Nov 2026",
        "{{ page.date }}",
        "%Y-%m-%d",
        "20261304T143806Z",
        "2026070é143806Z",
        "99990704T143806Z",
        "NaN",
        "inf",
        "-1",
        "99999999999999999999",
        "2026-11-15T12:15:00Z garbage",
        "2026-11-15T12:15:00+0000 garbage",
        "\u{0}",
    ] {
        assert_eq!(seconds(text), None, "{text}");
    }
    assert_eq!(read(&"1 ".repeat(5_000)), None);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", date in "[0-9]{0,9}[-/.: ][A-Za-zä]{0,9}[-+/.: ][0-9]{0,4}[ Tt,]?[0-9:.]{0,12}[ +-]?[A-Z0-9:]{0,6}") {
        let _ = (read(&text), read(&date));
    }
}
