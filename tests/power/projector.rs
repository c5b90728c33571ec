//! A fake projector that speaks PJLink, class 1, over a real socket: it warms up and cools down, rejects what comes
//! meanwhile (ERR3), and can be odd in the ways in which real ones are.

// Each test uses its part of it.
#![allow(dead_code)]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use md5::{Digest as _, Md5};

/// What every connection of it is greeted with.
const RANDOM: &str = "498e4a67";

/// How it is odd.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Odd {
    #[default]
    No,
    /// It accepts connections, and says nothing.
    Mute,
    /// It speaks another protocol.
    Garbage,
    /// It speaks without end.
    Endless,
    /// It closes every connection at once.
    Closes,
    /// It takes its time for every byte.
    Slow,
    /// It answers in class 2, in small letters, and with line feeds.
    Lenient,
    /// It is broken.
    Fails,
}

/// What it does and what it was asked.
#[derive(Debug)]
pub struct Inside {
    pub odd: Odd,
    pub password: Option<String>,
    /// As its digit: off, on, cooling down, warming up.
    power: char,
    until: Option<Instant>,
    /// How long it warms up and cools down.
    pub takes: Duration,
    pub commands: Vec<String>,
    is_over: bool,
}

pub struct Projector {
    pub addr: SocketAddr,
    inside: Arc<Mutex<Inside>>,
}

impl Inside {
    pub fn power(&mut self) -> char {
        if self.until.is_some_and(|until| until <= Instant::now()) {
            (self.until, self.power) = (None, if self.power == '3' { '1' } else { '0' });
        }
        self.power
    }

    /// Someone presses a button on it.
    pub fn press(&mut self, power: char) {
        (self.power, self.until) = (power, None);
    }

    fn answer(&mut self, command: &str) -> String {
        self.commands.push(command.into());
        let power = self.power();
        match command {
            "%1ERST ?" => "%1ERST=020000".into(),
            _ if self.odd == Odd::Fails => "%1POWR=ERR4".into(),
            "%1POWR ?" => format!("%1POWR={power}"),
            "%1CLSS ?" => "%1CLSS=Class 1".into(),
            "%1POWR 0" | "%1POWR 1" if "23".contains(power) => "%1POWR=ERR3".into(),
            "%1POWR 0" | "%1POWR 1" => {
                let wanted = if command.ends_with('1') { '1' } else { '0' };
                if power != wanted {
                    self.power = if wanted == '1' { '3' } else { '2' };
                    self.until = Some(Instant::now() + self.takes);
                }
                "%1POWR=OK".into()
            }
            _ => "%1POWR=ERR1".into(),
        }
    }
}

impl Projector {
    pub fn start(password: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let inside = Inside {
            odd: Odd::No,
            password: password.map(Into::into),
            power: '1',
            until: None,
            takes: Duration::from_millis(200),
            commands: Vec::new(),
            is_over: false,
        };
        let inside = Arc::new(Mutex::new(inside));
        let shared = inside.clone();
        std::thread::spawn(move || serve(&listener, &shared));
        Self { addr, inside }
    }

    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("no one panicked with it")
    }
}

impl Drop for Projector {
    fn drop(&mut self) {
        self.inside.lock().unwrap_or_else(std::sync::PoisonError::into_inner).is_over = true;
        // Wakes the one who accepts.
        let _ = TcpStream::connect(self.addr);
    }
}

fn serve(listener: &TcpListener, inside: &Mutex<Inside>) {
    let mut held = Vec::new();
    for stream in listener.incoming() {
        let mut stream = stream.expect("a connection");
        let (odd, is_over) = {
            let inside = inside.lock().expect("no one panicked with it");
            (inside.odd, inside.is_over)
        };
        if is_over {
            return;
        }
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("can be set");
        // Whoever hung up hears nothing more.
        let _ = match odd {
            Odd::Mute => {
                held.push(stream);
                Ok(())
            }
            Odd::Garbage => stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\0\xff"),
            Odd::Endless => stream.write_all(&[b'x'; 4_096]),
            Odd::Closes => Ok(()),
            _ => talk(&mut stream, inside),
        };
    }
}

fn talk(stream: &mut TcpStream, inside: &Mutex<Inside>) -> std::io::Result<()> {
    let lock = || inside.lock().expect("no one panicked with it");
    // Each lets go of it before the next takes it.
    let password = lock().password.clone();
    let odd = lock().odd;
    let greeting = match &password {
        Some(_) => format!("PJLINK 1 {RANDOM}\r"),
        None => "PJLINK 0\r".into(),
    };
    say(stream, &greeting, odd)?;
    let mut seal = password.map(|password| {
        let digest = Md5::new().chain_update(RANDOM).chain_update(password).finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    });
    while let Some(line) = line(stream)? {
        let command = match seal.take() {
            Some(seal) => match line.strip_prefix(&seal) {
                Some(command) => command.to_owned(),
                None => return say(stream, "PJLINK ERRA\r", odd),
            },
            None => line,
        };
        let answer = lock().answer(&command);
        say(stream, &format!("{answer}\r"), odd)?;
    }
    Ok(())
}

fn say(stream: &mut TcpStream, line: &str, odd: Odd) -> std::io::Result<()> {
    match odd {
        Odd::Slow => line.bytes().try_for_each(|byte| {
            std::thread::sleep(Duration::from_millis(20));
            stream.write_all(&[byte])
        }),
        Odd::Lenient => stream.write_all((line.replace("%1POWR", "%2powr") + "\n").as_bytes()),
        _ => stream.write_all(line.as_bytes()),
    }
}

/// A line without its end; `None` when the other side hung up.
fn line(stream: &mut TcpStream) -> std::io::Result<Option<String>> {
    let (mut line, mut byte) = (String::new(), [0]);
    while stream.read(&mut byte)? == 1 {
        match byte[0] {
            b'\r' => return Ok(Some(line)),
            byte => line.push(char::from(byte)),
        }
    }
    Ok(None)
}
