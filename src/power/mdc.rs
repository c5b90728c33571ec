//! Samsung's MDC, as far as power needs it (Samsung Electronics, "MDC Protocol", version 13.7c of 2016, sections 1 and
//! 2.1): binary frames over TCP, which newer panels can require to be encrypted.

use super::said::{Actual, Trouble};

const HEADER: u8 = 0xAA;
const ANSWER: u8 = 0xFF;
const POWER: u8 = 0x11;
const ACK: u8 = b'A';
const NAK: u8 = b'N';

/// Bytes before the data of a frame; the last of them is the length of the data, after which a checksum follows.
pub const HEAD: usize = 4;

/// How a panel begins that wants an encrypted connection: `MDCSTART<<TLS>>`.
const SECURED: &[u8] = b"MDCS";

/// Asks panel `id` whether it is on.
pub fn ask(id: u8) -> Vec<u8> {
    frame(POWER, id, &[])
}

/// Switches panel `id`.
pub fn switch(id: u8, on: bool) -> Vec<u8> {
    frame(POWER, id, &[u8::from(on)])
}

fn frame(command: u8, id: u8, data: &[u8]) -> Vec<u8> {
    let mut frame = vec![HEADER, command, id, data.len() as u8];
    frame.extend(data);
    frame.push(checksum(&frame[1..]));
    frame
}

/// The sum of all bytes but the header, modulo 256.
fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte))
}

/// How many bytes follow the head of an answer.
///
/// # Errors
/// For what is not a head.
pub fn rest(head: [u8; HEAD]) -> Result<usize, Trouble> {
    if head == SECURED {
        let why = "it wants a PIN: set `pin_env` or `pin_file`, or turn `Secured Protocol` off in its menu";
        return Err(Trouble::Password(why.into()));
    }
    match head {
        [HEADER, ANSWER, _, length] if length >= 3 => Ok(usize::from(length) + 1),
        _ => Err(strange()),
    }
}

/// What panel `id` says of its power, in a whole answer.
///
/// # Errors
/// For a refusal, and for what is not an answer of this panel.
pub fn answer(frame: &[u8], id: u8) -> Result<Actual, Trouble> {
    let [HEADER, ANSWER, from, _, said, POWER, value, .., sum] = *frame else { return Err(strange()) };
    if from != id || checksum(&frame[1..frame.len() - 1]) != sum {
        return Err(strange());
    }
    match (said, value) {
        (ACK, 0) => Ok(Actual::Off),
        (ACK, 1) => Ok(Actual::On),
        (NAK, code) => Err(Trouble::Refused(format!("it rejects the command (code {code})"))),
        _ => Err(strange()),
    }
}

fn strange() -> Trouble {
    Trouble::Silent("its answer is not one of MDC, or was damaged".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_as_the_specification_has_them() {
        assert_eq!(ask(1), [0xAA, 0x11, 0x01, 0x00, 0x12]);
        assert_eq!(switch(1, true), [0xAA, 0x11, 0x01, 0x01, 0x01, 0x14]);
        assert_eq!(switch(0xFD, false), [0xAA, 0x11, 0xFD, 0x01, 0x00, 0x0F]);
    }

    #[test]
    fn answers_are_read_and_damaged_ones_are_not_believed() {
        let on = [0xAA, 0xFF, 0x01, 0x03, b'A', 0x11, 0x01, 0x56];
        assert_eq!((rest([0xAA, 0xFF, 1, 3]), answer(&on, 1)), (Ok(4), Ok(Actual::On)));
        let off = [0xAA, 0xFF, 0x01, 0x03, b'A', 0x11, 0x00, 0x55];
        assert_eq!(answer(&off, 1), Ok(Actual::Off));
        let nak = [0xAA, 0xFF, 0x01, 0x03, b'N', 0x11, 0x02, 0x64];
        assert!(matches!(answer(&nak, 1), Err(Trouble::Refused(why)) if why.contains("code 2")));
        for at in 0..on.len() {
            let mut damaged = on;
            damaged[at] ^= 0x40;
            assert!(matches!(answer(&damaged, 1), Err(Trouble::Silent(_))), "byte {at}");
        }
        assert!(matches!(answer(&on, 2), Err(Trouble::Silent(_))), "another panel");
        assert!(matches!(rest(*b"MDCS"), Err(Trouble::Password(_))));
        assert!(matches!(rest(*b"HTTP"), Err(Trouble::Silent(_))));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>, head: [u8; 4]) {
            let _ = (answer(&bytes, 1), rest(head));
        }
    }
}
