//! The certificate with which a wall encrypts its pages: `doctor` says when it ends, before browsers do.

use jiff::{ToSpan as _, Zoned};

use super::Desk;
use super::doctor::{doctor, free, live, of, private, stands};

/// What a layout says of a certificate that begins and ends so many days from now, with this key or its own.
fn layout(desk: &Desk, (from, until): (i64, i64), key: Option<&str>) -> String {
    let day = |days: i64| {
        let day = Zoned::now().date().checked_add(days.days()).expect("a day");
        rcgen::date_time_ymd(day.year().into(), day.month() as u8, day.day() as u8)
    };
    let mut params = rcgen::CertificateParams::new(vec!["wall.example".to_owned()]).expect("a name");
    (params.not_before, params.not_after) = (day(from), day(until));
    let own = rcgen::KeyPair::generate().expect("a key");
    let cert = desk.put("cert.pem", &params.self_signed(&own).expect("a certificate").pem());
    let key = desk.put("key.pem", key.unwrap_or(&own.serialize_pem()));
    private(&key, 0o600);
    let files = format!("cert_file = \"{cert}\"\nkey_file = \"{key}\"");
    live(&format!("[remote]\nlisten = \"{}\"\ntls = true\n{files}\n", free()))
}

#[test]
fn a_certificate_that_ends_is_told_before_it_does_and_after() {
    let desk = Desk::new();
    let look = |days| doctor(&desk, &layout(&desk, days, None), &[], &[]);
    let (found, is_well) = look((-30, 60));
    assert!(is_well, "{found}");
    stands(&found, "certificate", "ok", "it is valid until", "");
    let (found, is_well) = look((-30, 10));
    assert!(is_well, "{found}");
    assert!(of(&found, "certificate")["words"].to_string().contains("more days"), "{found}");
    stands(&found, "certificate", "warning", "for ", "Renew it, and restart the wall");
    let (found, is_well) = look((-90, -1));
    assert!(!is_well, "{found}");
    stands(&found, "certificate", "fault", "it expired on", "Renew it, and restart the wall");
    let (found, _) = look((3, 60));
    stands(&found, "certificate", "fault", "it is not valid before", "clock of this machine");
    // 4096 is when most programs that make certificates for themselves let them end.
    let (found, _) = look((-30, 700_000));
    stands(&found, "certificate", "ok", "does not expire in this century", "");
}

#[test]
fn a_key_of_another_certificate_and_a_file_that_is_missing_are_told() {
    let desk = Desk::new();
    let other = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    let (found, is_well) = doctor(&desk, &layout(&desk, (-30, 60), Some(&other)), &[], &[]);
    assert!(!is_well, "{found}");
    stands(&found, "certificate", "fault", "certificate and key do not fit", "from the same place");
    let missing = layout(&desk, (-30, 60), None).replace("cert.pem", "nothing.pem");
    let (found, _) = doctor(&desk, &missing, &[], &[]);
    stands(&found, "certificate", "fault", "nothing.pem cannot be read", "Let the wall's user read");
    let (found, _) = doctor(&desk, &live(&format!("[remote]\nlisten = \"{}\"\n", free())), &[], &[]);
    assert!(!found.to_string().contains("certificate"), "nothing is encrypted: {found}");
}
