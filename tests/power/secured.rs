//! MDC with `Secured Protocol`: a fake panel with real TLS and a PIN, and odd ones.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;

use fishbowl::clock::Clock;
use fishbowl::layout::panel::PanelSpec;
use fishbowl::layout::remote::TokenSource;
use fishbowl::power::{self, Actual, Keeper, Trouble};

use super::{address, exchange};

const PIN: &[u8] = b"0417";

/// How a panel is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Panel {
    Secured,
    Blocked,
    /// `Secured Protocol` is off: it says nothing before it is asked.
    Open,
    /// It says something else first.
    Strange,
    /// It wants to be encrypted, and then cannot be.
    Broken,
    /// It speaks without end, encrypted.
    Endless,
}

/// The PIN that a panel was shown, and what it was told then.
type Heard = (Vec<u8>, Vec<u8>);

/// Serves `count` connections.
fn start(panel: Panel, count: usize) -> (SocketAddr, JoinHandle<Vec<Heard>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = listener.local_addr().expect("an address");
    // As panels have them: for no name, and signed by nobody.
    let signed = rcgen::generate_simple_self_signed(["Samsung".to_owned()]).expect("a certificate");
    let talk = move |_| talk(listener.accept().expect("a connection").0, panel, &signed).ok();
    (addr, std::thread::spawn(move || (0..count).filter_map(talk).collect()))
}

fn talk(
    mut stream: TcpStream,
    panel: Panel,
    signed: &rcgen::CertifiedKey<rcgen::KeyPair>,
) -> std::io::Result<Heard> {
    let mut nothing = [0; 1];
    match panel {
        Panel::Open => return stream.read(&mut nothing).map(|_| Default::default()),
        Panel::Strange => stream.write_all(b"MDCSTART<<SSL>>")?,
        // In two parts, as networks do it.
        _ => stream.write_all(b"MDCSTART<").and_then(|()| stream.write_all(b"<TLS>>"))?,
    }
    if panel == Panel::Broken {
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")?;
        return stream.read(&mut nothing).map(|_| Default::default());
    }
    let mut stream = rustls::StreamOwned::new(connection(signed), stream);
    let mut pin = [0; 4];
    stream.read_exact(&mut pin)?;
    match panel {
        Panel::Blocked => stream.write_all(b"MDCAUTH<<FAIL:0002>>")?,
        Panel::Endless => stream.write_all(&[b'x'; 4_096])?,
        _ if pin != PIN => stream.write_all(b"MDCAUTH<<FAIL:0001>>")?,
        _ => stream.write_all(b"MDCAUTH<<PASS>>")?,
    }
    stream.flush()?;
    let mut frame = [0; 6];
    let length = stream.read(&mut frame)?;
    // Off, whatever it is told.
    stream.write_all(&[0xAA, 0xFF, 0x03, 0x03, b'A', 0x11, 0x00, 0x57])?;
    stream.flush()?;
    Ok((pin.to_vec(), frame[..length].to_vec()))
}

fn connection(signed: &rcgen::CertifiedKey<rcgen::KeyPair>) -> rustls::ServerConnection {
    let key = rustls::pki_types::PrivateKeyDer::try_from(signed.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("versions that are known").with_no_client_auth();
    let config = config.with_single_cert(vec![signed.cert.der().clone()], key).expect("they fit");
    rustls::ServerConnection::new(Arc::new(config)).expect("it can begin")
}

/// The panel at `addr`, and the folder with its PIN.
fn spec(addr: SocketAddr, pin: &str) -> (PanelSpec, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pin");
    std::fs::write(&file, format!("{pin}\n")).expect("written");
    let pin = Some(TokenSource::File(file));
    (PanelSpec::Mdc { address: address(addr), id: 3, pin, mac: None }, folder)
}

fn refused(panel: Panel, pin: &str) -> Trouble {
    let (addr, _served) = start(panel, 1);
    let (spec, _folder) = spec(addr, pin);
    exchange(power::ask(&spec, None)).expect_err("it is not well")
}

#[test]
fn a_secured_panel_is_asked_and_switched_after_its_pin() {
    let (addr, served) = start(Panel::Secured, 3);
    let (spec, _folder) = spec(addr, "0417");
    assert_eq!(exchange(power::ask(&spec, None)), Ok(Actual::Off));
    assert_eq!(exchange(power::switch(&spec, None, true)), Ok(()));
    assert_eq!(exchange(power::look(&spec)), Ok((Actual::Off, "MDC, encrypted".into())));
    let ask = vec![0xAA, 0x11, 3, 0, 0x14];
    let heard = served.join().expect("it served");
    let expected = [ask.clone(), vec![0xAA, 0x11, 3, 1, 1, 0x16], ask];
    assert_eq!(heard, expected.map(|frame| (PIN.to_vec(), frame)));
}

#[test]
fn a_pin_that_is_wrong_missing_or_needless_is_told() {
    let words = |panel, pin| match refused(panel, pin) {
        Trouble::Password(why) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(words(Panel::Secured, "1234"), "the PIN is wrong");
    assert!(words(Panel::Blocked, "0417").contains("blocked after too many wrong PINs"));
    assert!(words(Panel::Open, "0417").contains("turn `Secured Protocol` on in its menu"));
    for pin in ["417", "four", " "] {
        assert!(
            words(Panel::Secured, pin).contains(if pin == " " { "is empty" } else { "four digits" }),
            "{pin}"
        );
    }
}

#[test]
fn a_panel_that_cannot_be_encrypted_is_silent() {
    for (panel, words) in [
        (Panel::Strange, "not one of MDC"),
        (Panel::Broken, "it cannot be encrypted"),
        (Panel::Endless, "not one of MDC"),
    ] {
        let said = refused(panel, "0417");
        assert!(matches!(&said, Trouble::Silent(why) if why.contains(words)), "{panel:?}: {said:?}");
    }
}

#[test]
fn a_wrong_pin_is_shown_so_seldom_that_the_panel_does_not_lock_itself() {
    let clock = Clock::system();
    let start = clock.instant();
    let mut keeper = Keeper::new(start);
    keeper.want(false, start);
    let minute = |n: u64| start + std::time::Duration::from_secs(60 * n);
    let shown = (0..60).filter(|n| {
        let is_due = keeper.is_due(minute(*n));
        if is_due {
            keeper.heard(Err(Trouble::Password("the PIN is wrong".into())), minute(*n));
        }
        is_due
    });
    assert_eq!(shown.collect::<Vec<_>>(), [0, 10, 20, 30, 40, 50]);
    assert!(
        keeper.told("left", minute(59)).problem.is_some_and(|problem| problem.contains("the PIN is wrong"))
    );
    keeper.want(true, minute(59));
    assert!(keeper.is_due(minute(59)), "who asks for something wants it now");
}
