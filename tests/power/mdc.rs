//! MDC with a fake panel over a real socket, which also refuses, damages its answers, or wants to be encrypted.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};

use fishbowl::layout::panel::PanelSpec;
use fishbowl::power::{self, Actual, Trouble};

use super::{address, exchange};

/// What a fake panel answers.
#[derive(Clone, Copy, PartialEq)]
enum Answers {
    Well,
    Refuses,
    Damaged,
    /// As panel 7.
    AsAnother,
    Secured,
}

/// Panel 1: answers `count` connections, one command each.
fn panel(answers: Answers, count: usize) -> (SocketAddr, std::thread::JoinHandle<Vec<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = listener.local_addr().expect("an address");
    let serve = move || {
        let (mut is_on, mut heard) = (true, Vec::new());
        for _ in 0..count {
            let (mut stream, _) = listener.accept().expect("a connection");
            if answers == Answers::Secured {
                stream.write_all(b"MDCSTART<<TLS>>").expect("it listens");
            }
            let mut frame = vec![0; 4];
            stream.read_exact(&mut frame).expect("a head");
            let length = usize::from(frame[3]);
            frame.resize(4 + length + 1, 0);
            stream.read_exact(&mut frame[4..]).expect("data and a checksum");
            let sum = frame[1..4 + length].iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
            assert_eq!((frame[0], frame[1], sum), (0xAA, 0x11, frame[4 + length]), "{frame:x?}");
            is_on = if length == 1 { frame[4] == 1 } else { is_on };
            let said =
                if answers == Answers::Refuses { [b'N', 0x11, 0x01] } else { [b'A', 0x11, u8::from(is_on)] };
            let id = if answers == Answers::AsAnother { 7 } else { frame[2] };
            let mut answer = vec![0xAA, 0xFF, id, 3];
            answer.extend(said);
            let sum = answer[1..].iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
            answer.push(if answers == Answers::Damaged { sum ^ 1 } else { sum });
            // In two parts, as networks do it; whoever has read enough hangs up.
            let _ = stream.write_all(&answer[..3]).and_then(|()| stream.flush());
            let _ = stream.write_all(&answer[3..]);
            heard.push(frame);
        }
        heard
    };
    (addr, std::thread::spawn(serve))
}

fn spec(addr: SocketAddr) -> PanelSpec {
    PanelSpec::Mdc { address: address(addr), id: 1, pin: None, mac: None }
}

#[test]
fn a_panel_is_asked_and_switched() {
    let (addr, served) = panel(Answers::Well, 4);
    let spec = spec(addr);
    assert_eq!(exchange(power::ask(&spec, None)), Ok(Actual::On));
    assert_eq!(exchange(power::switch(&spec, None, false)), Ok(()));
    assert_eq!(exchange(power::ask(&spec, None)), Ok(Actual::Off));
    assert_eq!(exchange(power::switch(&spec, None, true)), Ok(()));
    let heard = served.join().expect("it served");
    let ask = vec![0xAA, 0x11, 1, 0, 0x12];
    let switch = |on: u8| vec![0xAA, 0x11, 1, 1, on, 0x13 + on];
    assert_eq!(heard, [ask.clone(), switch(0), ask, switch(1)]);
}

#[test]
fn a_refusal_and_a_damaged_answer_are_told_apart() {
    let said = |answers| {
        let (addr, served) = panel(answers, 1);
        let said = exchange(power::ask(&spec(addr), None)).expect_err("it is not well");
        served.join().expect("it served");
        said
    };
    assert_eq!(said(Answers::Refuses), Trouble::Refused("it rejects the command (code 1)".into()));
    for answers in [Answers::Damaged, Answers::AsAnother] {
        assert!(matches!(said(answers), Trouble::Silent(why) if why.contains("not one of MDC")));
    }
    assert!(
        matches!(said(Answers::Secured), Trouble::Password(why) if why.contains("it wants a PIN: set `pin_env`"))
    );
}
