//! PJLink, class 1 and 2, as far as power needs it (JBMIA, "PJLink Specifications", version 2.00, sections 2, 4 and
//! 5): lines of ASCII that end with a carriage return, over TCP. A panel of class 2 understands all that is sent here.

use std::fmt::Write as _;

use md5::{Digest as _, Md5};

use super::said::{Actual, Trouble};

/// Longest line that is read, bytes. The longest answer of the specification has 136.
pub const MAX_LINE: usize = 256;

/// What the parts of an answer to `ERST` are about.
const PARTS: [&str; 6] = ["fan", "lamp", "temperature", "cover", "filter", "something else"];

/// Reads the line with which a panel greets; gives the random number of a panel that wants a password.
///
/// # Errors
/// For anything else.
pub fn greeting(line: &str) -> Result<Option<&str>, Trouble> {
    let mut words = line.split_ascii_whitespace();
    let is_pjlink = words.next().is_some_and(|word| word.eq_ignore_ascii_case("PJLINK"));
    match (words.next(), words.next()) {
        (Some("0"), None) if is_pjlink => Ok(None),
        (Some("1"), Some(random)) if is_pjlink => Ok(Some(random)),
        (Some(refused), None) if is_pjlink && refused.eq_ignore_ascii_case("ERRA") => Err(wrong_password()),
        (Some(_), _) if is_pjlink => {
            Err(Trouble::Password("it wants a kind of sign-in that is not known".into()))
        }
        _ => Err(strange(line)),
    }
}

/// A command, for example `POWR` with `?`.
pub fn command(body: &str, parameter: &str) -> String {
    format!("%1{body} {parameter}\r")
}

/// What stands before the first command for a panel that wants a password.
pub fn seal(random: &str, password: &str) -> String {
    let digest = Md5::new().chain_update(random).chain_update(password).finalize();
    digest.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The value in the answer to the command `body`. Panels are lenient with the class and with capitals, and so is
/// this.
///
/// # Errors
/// For a refusal, and for anything else.
pub fn answer<'l>(line: &'l str, body: &str) -> Result<&'l str, Trouble> {
    if line.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("PJLINK ")) {
        return match line[7..].trim().eq_ignore_ascii_case("ERRA") {
            true => Err(wrong_password()),
            false => Err(strange(line)),
        };
    }
    let value = line
        .strip_prefix('%')
        .and_then(|rest| rest.get(1..))
        .and_then(|rest| rest.split_once('='))
        .filter(|(said, _)| said.eq_ignore_ascii_case(body))
        .map(|(_, value)| value.trim());
    match value.ok_or_else(|| strange(line))? {
        "ERR1" => Err(Trouble::Refused(format!("it does not know the command `{body}`"))),
        "ERR2" => Err(Trouble::Refused("it does not know the parameter".into())),
        "ERR3" => Err(Trouble::Busy),
        "ERR4" => Err(Trouble::Refused("it reports a failure".into())),
        value => Ok(value),
    }
}

/// What the answer to `POWR ?` says.
///
/// # Errors
/// For what the specification does not have.
pub fn power(value: &str) -> Result<Actual, Trouble> {
    match value {
        "0" => Ok(Actual::Off),
        "1" => Ok(Actual::On),
        "2" => Ok(Actual::CoolingDown),
        "3" => Ok(Actual::WarmingUp),
        other => Err(strange(other)),
    }
}

/// The class in the answer to `CLSS ?`. Some panels write it out: `Class 1`
/// (<https://github.com/gaetano-guerriero/pypjlink/issues/1>).
pub fn class(value: &str) -> Option<u8> {
    value.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What is wrong by the answer to `ERST ?`, in words; empty where nothing is.
pub fn faults(value: &str) -> String {
    let fault = |(part, digit): (&&str, char)| match digit {
        '1' => Some(format!("{part} (warning)")),
        '2' => Some(format!("{part} (error)")),
        _ => None,
    };
    PARTS.iter().zip(value.chars()).filter_map(fault).collect::<Vec<_>>().join(", ")
}

fn wrong_password() -> Trouble {
    Trouble::Password("the password is wrong".into())
}

/// What someone else may have sent is not repeated whole.
fn strange(line: &str) -> Trouble {
    let start: String = line.chars().filter(|c| !c.is_control()).take(24).collect();
    Trouble::Silent(format!("`{start}` is not an answer of PJLink"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_sealed_as_the_specification_does_it() {
        // Section 5.2 of the specification: random number 498e4a67, password JBMIAProjectorLink.
        let sealed = seal("498e4a67", "JBMIAProjectorLink") + &command("POWR", "1");
        assert_eq!(sealed, "5d8409bc1c3fa39749434aa3a5c38682%1POWR 1\r");
    }

    #[test]
    fn greetings_and_answers_are_read() {
        assert_eq!(greeting("PJLINK 0"), Ok(None));
        assert_eq!(greeting("PJLINK 1 498e4a67"), Ok(Some("498e4a67")));
        for (line, is_password) in
            [("PJLINK ERRA", true), ("PJLINK 2 a b", true), ("SSH-2.0", false), ("", false)]
        {
            let why = greeting(line).expect_err(line);
            assert_eq!(matches!(why, Trouble::Password(_)), is_password, "{line}: {why:?}");
        }
        let said = |line: &str| answer(line, "POWR").and_then(power);
        let states = [Actual::Off, Actual::On, Actual::CoolingDown, Actual::WarmingUp];
        for (n, state) in states.into_iter().enumerate() {
            assert_eq!(said(&format!("%1POWR={n}")), Ok(state));
        }
        assert_eq!((said("%2powr=1"), said("%1POWR=ERR3")), (Ok(Actual::On), Err(Trouble::Busy)));
        assert_eq!(said("PJLINK ERRA"), Err(wrong_password()));
        for line in ["%1POWR=ERR1", "%1POWR=ERR2", "%1POWR=ERR4"] {
            assert!(matches!(said(line), Err(Trouble::Refused(_))), "{line}");
        }
        for line in ["%1INPT=1", "%1POWR=7", "%1POWR=", "POWR=1", "%", "%é", "PJLINK 0", "\u{7}"] {
            assert!(matches!(said(line), Err(Trouble::Silent(_))), "{line}");
        }
    }

    #[test]
    fn the_class_is_read_however_it_is_written() {
        assert_eq!(
            ["1", "2", "Class 1", "class2", "", "x"].map(class),
            [Some(1), Some(2), Some(1), Some(2), None, None]
        );
        assert_eq!(faults("000000"), "");
        assert_eq!(faults("020001"), "lamp (error), something else (warning)");
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_read(line in "(%|1|POWR|=|ERR3|PJLINK |é|.){0,12}") {
            let _ = (greeting(&line), answer(&line, "POWR").and_then(power), class(&line), faults(&line));
        }
    }
}
