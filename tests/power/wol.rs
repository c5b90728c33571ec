//! Panels that sleep so deeply that they do not answer: called by wake-on-LAN.

use std::net::UdpSocket;
use std::time::Duration;

use fishbowl::clock::Clock;
use fishbowl::layout::panel::{Address, Mac};
use fishbowl::power::{self, Actual, Keeper, Trouble};

use super::exchange;

#[test]
fn the_packet_arrives_with_the_address_sixteen_times() {
    let panel = UdpSocket::bind("127.0.0.1:0").expect("a port");
    panel.set_read_timeout(Some(Duration::from_secs(30))).expect("can be set");
    let port = panel.local_addr().expect("an address").port();
    let mac = [0x00, 0x16, 0x6C, 0x12, 0x34, 0xFE];
    let address = Address { host: "127.0.0.1".into(), port: 1_515 };
    exchange(power::call(Mac(mac), &address, port)).expect("it is sent");
    let mut said = [0; 200];
    let length = panel.recv(&mut said).expect("it arrives");
    let mut expected = vec![0xFF; 6];
    (0..16).for_each(|_| expected.extend(mac));
    assert_eq!(said[..length], expected);
}

#[test]
fn only_a_panel_that_should_be_on_and_does_not_answer_is_called() {
    let clock = Clock::system();
    let start = clock.instant();
    let mut keeper = Keeper::new(start);
    let silent = || Err(Trouble::Silent("no answer within 3 s".into()));
    keeper.want(true, start);
    keeper.heard(Ok(Actual::Off), start);
    keeper.heard(silent(), start);
    assert!(!keeper.may_sleep(), "it rests");

    let woken = start + Duration::from_secs(60);
    keeper.want(false, woken);
    keeper.heard(silent(), woken);
    assert!(keeper.may_sleep() && keeper.called(woken), "the first time");
    let second = |n| woken + Duration::from_secs(n);
    for n in [4, 12, 28, 44] {
        keeper.heard(silent(), second(n));
        assert!(keeper.may_sleep() && !keeper.called(second(n)), "again");
        assert_eq!(keeper.told("left", second(n)).problem, None, "it takes a while to start");
    }
    keeper.heard(silent(), second(74));
    let problem = keeper.told("left", second(74)).problem.unwrap_or_default();
    assert!(problem.contains("its panel does not say"), "{problem}");

    keeper.heard(Ok(Actual::On), second(80));
    assert!(!keeper.may_sleep());
    keeper.heard(silent(), second(84));
    assert!(!keeper.may_sleep(), "it may have missed a question");
    keeper.heard(silent(), second(88));
    keeper.heard(silent(), second(96));
    assert!(keeper.may_sleep(), "three are no accident");
    keeper.heard(Err(Trouble::Busy), second(99));
    assert!(!keeper.may_sleep(), "it answers");
}
