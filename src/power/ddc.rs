//! DDC/CI, as far as brightness needs it (VESA, "Display Data Channel Command Interface Standard", version 1.1,
//! sections 1.4 to 4.4; feature 10h of the "Monitor Control Command Set", version 2.2a): short messages over the I2C bus
//! in a monitor's cable, each with a checksum. Monitors miss and garble some, so each is tried three times.

use std::io::{Error, Read, Write};
use std::time::Duration;

use super::said::Trouble;

/// Where a monitor listens on its bus, seven bits.
pub const ADDRESS: u8 = 0x37;

/// What both sides count into their checksums: where a message to the monitor and one to the host are sent.
const TO_MONITOR: u8 = 0x6E;
const TO_HOST: u8 = 0x50;
/// Who sends a message to the monitor, and how a monitor begins.
const FROM_HOST: u8 = 0x51;
const FROM_MONITOR: u8 = 0x6E;
/// Stands before the length of what follows.
const LENGTH: u8 = 0x80;

const GET: u8 = 0x01;
const GET_REPLY: u8 = 0x02;
const SET: u8 = 0x03;
/// "Luminance".
const BRIGHTNESS: u8 = 0x10;

/// A reply, from the monitor's own address to the checksum.
const REPLY: usize = 11;

/// A monitor thinks for so long before it replies, and before it hears the next message (section 4.4).
const THINKS: Duration = Duration::from_millis(40);
const RESTS: Duration = Duration::from_millis(50);

const TRIES: u32 = 3;

/// A bus, to the monitor at address 37h on it: one message a call.
pub trait Bus: Read + Write + Send {}

impl<T: Read + Write + Send> Bus for T {}

/// How bright a monitor is, as it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    pub now: u16,
    pub most: u16,
}

/// Asks a monitor how bright it is.
///
/// # Errors
/// When it does not say.
pub fn brightness(bus: &mut dyn Bus) -> Result<Level, Trouble> {
    tried(|| {
        bus.write_all(&message(&[GET, BRIGHTNESS])).map_err(|error| silent(&error))?;
        std::thread::sleep(THINKS);
        let mut said = [0; REPLY];
        let length = bus.read(&mut said).map_err(|error| silent(&error))?;
        reply(&said[..length.min(REPLY)])
    })
}

/// Sets how bright a monitor is. Whether it obeys, [`brightness`] tells.
///
/// # Errors
/// When it does not listen.
pub fn set_brightness(bus: &mut dyn Bus, level: u16) -> Result<(), Trouble> {
    let [high, low] = level.to_be_bytes();
    tried(|| bus.write_all(&message(&[SET, BRIGHTNESS, high, low])).map_err(|error| silent(&error)))
}

/// The result of the first try that succeeds, or of the last.
fn tried<T>(mut work: impl FnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
    let mut tries = 0;
    loop {
        let done = work();
        std::thread::sleep(RESTS);
        tries += 1;
        match done {
            Err(Trouble::Silent(_) | Trouble::Busy) if tries < TRIES => {}
            done => return done,
        }
    }
}

fn message(body: &[u8]) -> Vec<u8> {
    let mut message = vec![FROM_HOST, LENGTH | body.len() as u8];
    message.extend(body);
    message.push(checksum(TO_MONITOR, &message));
    message
}

/// All bytes, one over the other.
fn checksum(to: u8, bytes: &[u8]) -> u8 {
    bytes.iter().fold(to, |sum, byte| sum ^ byte)
}

/// What a reply says of the brightness.
fn reply(said: &[u8]) -> Result<Level, Trouble> {
    // A message without a body: it cannot answer now.
    if let [FROM_MONITOR, LENGTH, sum, ..] = *said
        && sum == checksum(TO_HOST, &said[..2])
    {
        return Err(Trouble::Busy);
    }
    let [FROM_MONITOR, length, GET_REPLY, result, BRIGHTNESS, _, most_high, most_low, high, low, sum] = *said
    else {
        return Err(strange());
    };
    if length != LENGTH | 8 || sum != checksum(TO_HOST, &said[..REPLY - 1]) {
        return Err(strange());
    }
    let level =
        Level { now: u16::from_be_bytes([high, low]), most: u16::from_be_bytes([most_high, most_low]) };
    match result {
        0 if level.most > 0 && level.now <= level.most => Ok(level),
        0 => Err(Trouble::Refused(format!(
            "the monitor says that its brightness is {} of {}, which cannot be",
            level.now, level.most
        ))),
        _ => Err(Trouble::Refused("the brightness of this monitor cannot be set through DDC/CI".into())),
    }
}

fn strange() -> Trouble {
    Trouble::Silent("the monitor's answer is not one of DDC/CI, or was damaged".into())
}

fn silent(error: &Error) -> Trouble {
    Trouble::Silent(format!("the monitor does not answer to DDC/CI ({error}); turn DDC/CI on in its menu"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 70 of 100.
    const SEVENTY: [u8; REPLY] = [0x6E, 0x88, 0x02, 0x00, 0x10, 0x00, 0x00, 0x64, 0x00, 0x46, 0x86];

    #[test]
    fn messages_are_as_the_standard_has_them() {
        assert_eq!(message(&[GET, BRIGHTNESS]), [0x51, 0x82, 0x01, 0x10, 0xAC]);
        assert_eq!(message(&[SET, BRIGHTNESS, 0, 50]), [0x51, 0x84, 0x03, 0x10, 0x00, 0x32, 0x9A]);
    }

    #[test]
    fn replies_are_read_and_damaged_ones_are_not_believed() {
        assert_eq!(reply(&SEVENTY), Ok(Level { now: 70, most: 100 }));
        for at in 0..REPLY {
            let mut damaged = SEVENTY;
            damaged[at] ^= 0x01;
            assert!(matches!(reply(&damaged), Err(Trouble::Silent(_))), "byte {at}");
            assert!(matches!(reply(&SEVENTY[..at]), Err(Trouble::Silent(_))), "{at} bytes");
        }
        let sealed = |mut said: [u8; REPLY]| {
            said[REPLY - 1] = checksum(TO_HOST, &said[..REPLY - 1]);
            reply(&said)
        };
        let refused = |said| matches!(said, Err(Trouble::Refused(_)));
        assert!(refused(sealed([0x6E, 0x88, 0x02, 0x01, 0x10, 0, 0, 0, 0, 0, 0])), "it has no such feature");
        assert!(refused(sealed([0x6E, 0x88, 0x02, 0x00, 0x10, 0, 0, 0, 0, 0, 0])), "of nothing");
        assert!(refused(sealed([0x6E, 0x88, 0x02, 0x00, 0x10, 0, 0, 100, 1, 0, 0])), "more than the most");
        let strange = |said| matches!(said, Err(Trouble::Silent(_)));
        assert!(strange(sealed([0x6E, 0x88, 0x02, 0x00, 0x12, 0, 0, 100, 0, 50, 0])), "another feature");
        // A length beyond what was read.
        assert!(strange(sealed([0x6E, 0xFF, 0x02, 0x00, 0x10, 0, 0, 100, 0, 50, 0])));
        assert_eq!(reply(&[0x6E, 0x80, 0xBE, 0, 0, 0, 0, 0, 0, 0, 0]), Err(Trouble::Busy));
        assert!(strange(reply(&[0; REPLY])) && strange(reply(&[0xFF; REPLY])));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>) {
            let _ = reply(&bytes);
        }
    }
}
