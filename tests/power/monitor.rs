//! A fake monitor that speaks DDC/CI on a fake I2C bus, and can be odd in the ways in which real ones are.

// Each test uses its part of it.
#![allow(dead_code)]

use std::io::{Error, Read, Result, Write};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fishbowl::power::Reached;

/// How it is odd.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Odd {
    #[default]
    No,
    /// Nobody takes its messages: its DDC/CI is off in its menu.
    Off,
    /// It says that it cannot answer now.
    Null,
    /// It says something else.
    Garbage,
    /// It says that more follows than is there.
    TooLong,
    /// Every second answer is damaged, and every second order is lost.
    Noisy,
    /// It has no such feature.
    Lacks,
    /// It chooses its brightness itself.
    Stubborn,
    /// It knows tens only.
    Rounds,
    /// Its bus never returns.
    Hangs,
}

#[derive(Debug)]
pub struct Inside {
    pub odd: Odd,
    pub level: u16,
    /// What it was set to, in order, as it understood it.
    pub writes: Vec<u16>,
    messages: usize,
    asked: bool,
}

#[derive(Clone, Debug)]
pub struct Monitor(Arc<Mutex<Inside>>);

impl Monitor {
    /// One whose brightness is this, of 100.
    pub fn new(level: u16) -> Self {
        let inside = Inside { odd: Odd::No, level, writes: Vec::new(), messages: 0, asked: false };
        Self(Arc::new(Mutex::new(inside)))
    }

    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("no one panicked with it")
    }

    /// It, at the end of its cable.
    pub fn reached(&self, identity: &str) -> Reached {
        Reached { bus: Box::new(self.clone()), monitor: identity.into() }
    }

    fn hang(&self) {
        while self.inside().odd == Odd::Hangs {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn sum(to: u8, bytes: &[u8]) -> u8 {
    bytes.iter().fold(to, |sum, byte| sum ^ byte)
}

impl Write for Monitor {
    fn write(&mut self, message: &[u8]) -> Result<usize> {
        self.hang();
        let mut inside = self.inside();
        inside.messages += 1;
        let (body, seal) = message.split_at(message.len() - 1);
        assert_eq!((body[0], seal[0]), (0x51, sum(0x6E, body)), "{message:x?}");
        assert_eq!(usize::from(body[1]), 0x80 | (body.len() - 2), "{message:x?}");
        let is_lost = inside.odd == Odd::Noisy && inside.messages.is_multiple_of(2);
        match body[2..] {
            _ if inside.odd == Odd::Off => return Err(Error::from_raw_os_error(6)),
            [0x01, 0x10] => inside.asked = true,
            [0x03, 0x10, ..] if is_lost => return Err(Error::from_raw_os_error(5)),
            [0x03, 0x10, high, low] => {
                let level = u16::from_be_bytes([high, low]);
                assert!(level <= 100, "{level} is more than it has");
                inside.writes.push(level);
                match inside.odd {
                    Odd::Stubborn => {}
                    Odd::Rounds => inside.level = (level + 5) / 10 * 10,
                    _ => inside.level = level,
                }
            }
            _ => panic!("it is asked for nothing else: {message:x?}"),
        }
        Ok(message.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Read for Monitor {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        self.hang();
        let mut inside = self.inside();
        assert!(std::mem::take(&mut inside.asked), "it was asked before");
        let [high, low] = inside.level.to_be_bytes();
        let mut said = match inside.odd {
            Odd::Null => vec![0x6E, 0x80],
            Odd::Garbage => b"SSH-2.0-Op".to_vec(),
            Odd::TooLong => vec![0x6E, 0x89, 0x02, 0, 0x10, 0, 0, 100, high, low],
            Odd::Lacks => vec![0x6E, 0x88, 0x02, 1, 0x10, 0, 0, 0, 0, 0],
            _ => vec![0x6E, 0x88, 0x02, 0, 0x10, 0, 0, 100, high, low],
        };
        let is_damaged = inside.odd == Odd::Noisy && inside.messages.is_multiple_of(2);
        said.push(sum(0x50, &said) ^ u8::from(is_damaged));
        said.resize(into.len(), 0);
        into.copy_from_slice(&said);
        Ok(said.len())
    }
}
