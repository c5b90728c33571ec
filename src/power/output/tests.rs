//! Outputs of a fake compositor, which speaks Wayland's wire protocol (<https://wayland-book.com/protocol-design/wire-protocol.html>)
//! as far as it is asked.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

use smithay_client_toolkit::reexports::client::Connection;

use super::wayland::exchange;
use super::{Actual, Trouble};

/// How it treats who wants to switch its output `DP-1`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Manner {
    Obeys,
    /// It changes nothing.
    Stubborn,
    /// Another program switches the output.
    Taken,
    /// It does not know the protocol.
    Ignorant,
}

/// What an object of the client is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Display,
    Registry,
    Output,
    Manager,
    Power,
}

struct Compositor {
    stream: UnixStream,
    objects: BTreeMap<u32, Kind>,
    manner: Manner,
    is_on: bool,
}

fn text(words: &str) -> Vec<u8> {
    let mut bytes = (words.len() as u32 + 1).to_ne_bytes().to_vec();
    bytes.extend(words.as_bytes());
    // At least one zero, up to a multiple of four bytes.
    bytes.resize(bytes.len() + 4 - words.len() % 4, 0);
    bytes
}

fn number(of: u32) -> Vec<u8> {
    of.to_ne_bytes().to_vec()
}

impl Compositor {
    fn send(&mut self, object: u32, opcode: u32, arguments: &[Vec<u8>]) {
        let arguments = arguments.concat();
        let mut message = number(object);
        message.extend(number((8 + arguments.len() as u32) << 16 | opcode));
        message.extend(arguments);
        // A client that has heard enough is gone.
        let _ = self.stream.write_all(&message);
    }

    /// Serves one client until it is gone; gives whether the output is on then.
    fn serve(mut self) -> bool {
        let mut head = [0; 8];
        while self.stream.read_exact(&mut head).is_ok() {
            let word = |at: usize| u32::from_ne_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
            let (object, size, opcode) = (word(0), word(4) >> 16, word(4) & 0xFFFF);
            let mut arguments = vec![0; size as usize - 8];
            self.stream.read_exact(&mut arguments).expect("the rest of a message");
            let words = arguments.chunks_exact(4);
            let words: Vec<u32> =
                words.map(|word| u32::from_ne_bytes(word.try_into().expect("four bytes"))).collect();
            self.obey(object, opcode, &words);
        }
        self.is_on
    }

    fn obey(&mut self, object: u32, opcode: u32, words: &[u32]) {
        match (self.objects.get(&object), opcode) {
            (Some(Kind::Display), 0) => {
                self.send(words[0], 0, &[number(0)]);
                self.send(1, 1, &[number(words[0])]);
            }
            (Some(Kind::Display), 1) => {
                self.objects.insert(words[0], Kind::Registry);
                self.send(words[0], 0, &[number(1), text("wl_output"), number(4)]);
                if self.manner != Manner::Ignorant {
                    let name = "zwlr_output_power_manager_v1";
                    self.send(words[0], 0, &[number(2), text(name), number(1)]);
                }
            }
            (Some(Kind::Registry), 0) => {
                let id = words[words.len() - 1];
                self.objects.insert(id, if words[0] == 1 { Kind::Output } else { Kind::Manager });
                if words[0] == 1 {
                    self.send(id, 0, &[vec![0; 20], text("Make"), text("Model"), number(0)]);
                    self.send(id, 1, &[number(1), number(1_920), number(1_080), number(60_000)]);
                    self.send(id, 4, &[text("DP-1")]);
                    self.send(id, 2, &[]);
                }
            }
            (Some(Kind::Manager), 0) => {
                self.objects.insert(words[0], Kind::Power);
                match self.manner {
                    Manner::Taken => self.send(words[0], 1, &[]),
                    _ => self.send(words[0], 0, &[number(u32::from(self.is_on))]),
                }
            }
            (Some(Kind::Power), 0) if self.manner == Manner::Obeys => {
                self.is_on = words[0] == 1;
                self.send(object, 0, &[number(words[0])]);
            }
            _ => {}
        }
    }
}

/// Asks a compositor of this manner whose output is on; gives what it says, and whether the output is on then.
fn asked(manner: Manner, output: &str, to: Option<bool>) -> (Result<Actual, Trouble>, bool) {
    let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
    let objects = BTreeMap::from([(1, Kind::Display)]);
    let compositor = Compositor { stream: theirs, objects, manner, is_on: true };
    let served = std::thread::spawn(move || compositor.serve());
    let connection = Connection::from_socket(ours).expect("a connection");
    let said = exchange(&connection, output, to);
    drop(connection);
    (said, served.join().expect("it served"))
}

#[test]
fn an_output_is_asked_and_switched() {
    assert_eq!(asked(Manner::Obeys, "DP-1", None), (Ok(Actual::On), true));
    assert_eq!(asked(Manner::Obeys, "DP-1", Some(false)), (Ok(Actual::Off), false));
    assert_eq!(asked(Manner::Obeys, "DP-1", Some(true)), (Ok(Actual::On), true));
}

#[test]
fn a_compositor_that_cannot_or_does_not_want_to_is_told() {
    let refused = |manner, words: &str| {
        let (said, is_on) = asked(manner, "DP-1", Some(false));
        let is_told = matches!(&said, Err(Trouble::Refused(why)) if why.contains(words));
        assert!(is_told && is_on, "{manner:?}: {said:?}");
    };
    refused(Manner::Stubborn, "does not switch the output DP-1");
    refused(Manner::Taken, "does not switch the output DP-1");
    refused(Manner::Ignorant, "wlr-output-power-management");
    let (said, _) = asked(Manner::Obeys, "DP-2", None);
    assert!(matches!(&said, Err(Trouble::Silent(why)) if why.contains("no output DP-2")), "{said:?}");
}
