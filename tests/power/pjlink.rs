//! PJLink with a projector that is as it should be, and with odd ones.

use std::time::{Duration, Instant};

use fishbowl::layout::panel::PanelSpec;
use fishbowl::layout::remote::TokenSource;
use fishbowl::power::{self, Actual, PATIENCE, Trouble};

use super::projector::{Odd, Projector};
use super::{address, exchange};

/// The panel of a projector, and the folder with its password.
struct Desk {
    projector: Projector,
    spec: PanelSpec,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn new(its: Option<&str>, ours: Option<&str>) -> Self {
        let (projector, folder) = (Projector::start(its), tempfile::tempdir().expect("a folder"));
        let file = folder.path().join("password");
        let password = ours.map(|password| {
            std::fs::write(&file, format!("{password}\n")).expect("written");
            TokenSource::File(file)
        });
        let spec = PanelSpec::Pjlink { address: address(projector.addr), password, mac: None };
        Self { projector, spec, _folder: folder }
    }

    fn ask(&self) -> Result<Actual, Trouble> {
        exchange(power::ask(&self.spec, None))
    }

    fn switch(&self, on: bool) -> Result<(), Trouble> {
        exchange(power::switch(&self.spec, None, on))
    }
}

#[test]
fn a_projector_is_asked_and_switched_with_its_password() {
    let desk = Desk::new(Some("JBMIAProjectorLink"), Some("JBMIAProjectorLink"));
    assert_eq!(desk.ask(), Ok(Actual::On));
    desk.projector.inside().takes = Duration::from_secs(60);
    assert_eq!((desk.switch(false), desk.ask()), (Ok(()), Ok(Actual::CoolingDown)));
    assert_eq!(desk.switch(true), Err(Trouble::Busy), "ERR3 while it cools down");
    desk.projector.inside().press('0');
    assert_eq!((desk.switch(true), desk.ask()), (Ok(()), Ok(Actual::WarmingUp)));
    assert_eq!(desk.switch(false), Err(Trouble::Busy), "ERR3 while it warms up");
    desk.projector.inside().press('1');
    assert_eq!(exchange(power::look(&desk.spec)), Ok((Actual::On, "PJLink class 1".into())), "`Class 1`");
    let commands = desk.projector.inside().commands.clone();
    assert!(!format!("{commands:?}").contains("JBMIA"), "the password never passes: {commands:?}");
}

#[test]
fn a_password_that_is_wrong_or_missing_is_told() {
    let refused = |its, ours| match Desk::new(its, ours).ask() {
        Err(Trouble::Password(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(refused(Some("right"), Some("wrong")).contains("the password is wrong"));
    assert!(refused(Some("right"), None).contains("it wants a password"));
    assert!(refused(Some("right"), Some(" ")).contains("is empty"));
    assert_eq!(Desk::new(None, Some("needless")).ask(), Ok(Actual::On));
}

#[test]
fn odd_answers_leave_the_state_unknown_in_bounded_time() {
    let desk = Desk::new(None, None);
    for (odd, words) in [
        (Odd::Mute, "no answer within 3 s"),
        (Odd::Garbage, "is not an answer of PJLink"),
        (Odd::Endless, "does not end"),
        (Odd::Closes, "closed the connection"),
    ] {
        desk.projector.inside().odd = odd;
        let began = Instant::now();
        match desk.ask() {
            Err(Trouble::Silent(why)) => assert!(why.contains(words), "{odd:?}: {why}"),
            other => panic!("{odd:?}: {other:?}"),
        }
        assert!(began.elapsed() < PATIENCE * 10, "{odd:?} took {:?}", began.elapsed());
    }
    for odd in [Odd::Slow, Odd::Lenient] {
        desk.projector.inside().odd = odd;
        assert_eq!(desk.ask(), Ok(Actual::On), "{odd:?}");
    }
    desk.projector.inside().odd = Odd::Fails;
    match desk.ask() {
        Err(Trouble::Refused(why)) => assert_eq!(why, "it reports a failure: lamp (error)"),
        other => panic!("{other:?}"),
    }
    let spec = desk.spec.clone();
    drop(desk);
    assert!(matches!(exchange(power::ask(&spec, None)), Err(Trouble::Silent(_))), "no one listens any more");
}
