//! Who may steer a wall, and who may not even look: tokens, roles, sessions, codes. A caller through a proxy
//! is one from elsewhere, also on this machine, which lets these tests stay on the loopback.

use serde_json::{Value, json};

use super::TWO;
use crate::rig::FISHBOWL;
use crate::rig::headless::{self, Headless, Mirror, SOON};
use crate::rig::process::{Home, Running};
use crate::rig::within;

/// What a proxy adds.
const ELSEWHERE: &str = "X-Forwarded-For: 192.0.2.7\r\n";

const TOKENS: [(&str, &str); 4] = [
    ("viewer", "viewer-0123456789"),
    ("moderator", "moderator-0123456789"),
    ("presenter", "presenter-0123456789"),
    ("admin", "admin-0123456789"),
];

/// Every address of the wall.
const ROUTES: [(&str, &str); 19] = [
    ("GET", "/"),
    ("GET", "/icon.svg"),
    ("GET", "/wall.json"),
    ("GET", "/changes"),
    ("GET", "/frame/left.jpg"),
    ("GET", "/metrics"),
    ("GET", "/alerts.json"),
    ("POST", "/alerts/1/acknowledge"),
    ("POST", "/control"),
    ("POST", "/control/next"),
    ("POST", "/control/black"),
    ("GET", "/control/state"),
    ("GET", "/control/events"),
    ("GET", "/remote"),
    ("GET", "/remote.webmanifest"),
    ("POST", "/sign-out"),
    ("GET", "/none"),
    ("DELETE", "/control"),
    ("PUT", "/wall.json"),
];

struct Guarded {
    // Ended before its folder goes.
    fishbowl: Running,
    mirror: Mirror,
    home: Home,
}

fn people() -> String {
    let person = |(role, _): &(&str, &str)| {
        format!("[remote.person.{role}]\nrole = \"{role}\"\ntoken_file = \"{role}.token\"\n")
    };
    format!("{TWO}\n[remote]\nkeys = false\n{}", TOKENS.iter().map(person).collect::<String>())
}

fn guarded() -> Guarded {
    let home = Home::new();
    for (role, token) in TOKENS {
        home.write(&format!("{role}.token"), &format!("{token}\n"));
    }
    let layout = home.write("wall.toml", &people());
    let mut fishbowl = home.start("fishbowl", &mut headless::command(&home, &layout));
    let mirror = Mirror::of(&mut fishbowl);
    within(SOON, "it is healthy", || (mirror.get("/health").0 == 200).then_some(()));
    Guarded { fishbowl, mirror, home }
}

fn bearer(token: &str) -> String {
    format!("{ELSEWHERE}Authorization: Bearer {token}\r\n")
}

#[test]
fn nothing_but_health_is_answered_without_a_token_from_elsewhere() {
    let mut wall = guarded();
    for head in [ELSEWHERE, "Via: 1.1 proxy\r\n", "Forwarded: for=192.0.2.7\r\n", &bearer("wrong")] {
        // Wrong tokens run out; that is another test's matter.
        let routes = if head.contains("wrong") { &ROUTES[..8] } else { &ROUTES[..] };
        for (method, path) in routes {
            let (status, answer, _) = wall.mirror.request(method, path, head, "");
            assert_eq!(status, 401, "{method} {path} with {head}: {answer}");
            assert!(answer.contains("www-authenticate: bearer"), "{answer}");
        }
    }
    assert_eq!(wall.mirror.request("GET", "/health", ELSEWHERE, "").0, 200);
    let (status, _, page) =
        wall.mirror.request("GET", "/remote", &format!("{ELSEWHERE}Accept: text/html\r\n"), "");
    assert_eq!(status, 401);
    assert!(String::from_utf8_lossy(&page).contains("Sign in to Fishbowl"), "a browser is asked to sign in");
    let said = wall.fishbowl.said();
    assert!(!said.contains("0123456789"), "no token is told: {said}");
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn each_role_may_what_it_may() {
    let mut wall = guarded();
    for (role, token) in TOKENS {
        let (head, may) = (bearer(token), matches!(role, "presenter" | "admin"));
        assert_eq!(wall.mirror.request("GET", "/wall.json", &head, "").0, 200, "{role} may look");
        let by_query = format!("/control/next?token={token}");
        for (path, head) in [("/control/hold", head.as_str()), (by_query.as_str(), ELSEWHERE)] {
            let (status, _, body) = wall.mirror.post(path, head, "");
            assert_eq!(status, if may { 200 } else { 403 }, "{role} {path}");
            let told: Value = serde_json::from_slice(&body).expect("JSON");
            if may {
                assert_eq!((&told["scene"]["by"], &told["you"]["role"]), (&json!(role), &json!(role)));
            } else {
                assert!(told["error"].as_str().is_some_and(|why| why.contains(role)), "{told}");
            }
        }
        // Nobody has such an alert, and only a viewer may not ask.
        let asked = wall.mirror.post("/alerts/7/acknowledge", &head, "").0;
        assert_eq!(asked, if role == "viewer" { 403 } else { 404 }, "{role}");
    }
    let acts = wall.fishbowl.said();
    assert!(acts.contains("next") && !acts.contains("0123456789"), "{acts}");
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn wrong_tokens_run_out_and_a_revoked_one_is_wrong() {
    let mut wall = guarded();
    let (_, token) = TOKENS[2];
    let signed_in = |wall: &Guarded, token: &str| {
        let sent = json!({ "token": token }).to_string();
        let (status, head, _) = wall.mirror.post("/sign-in", ELSEWHERE, &sent);
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.map(|cookie| {
            assert!(cookie.contains("httponly") && cookie.contains("samesite=strict"), "{cookie}");
            cookie.split(';').next().unwrap_or_default().to_owned()
        });
        (status, cookie)
    };
    assert_eq!(signed_in(&wall, "wrong").0, 401);
    // The case of a cookie's value counts, so it is taken as it was sent.
    let sent = json!({ "token": token }).to_string();
    let cookie = wall.mirror.cookie("/sign-in", ELSEWHERE, &sent).expect("is signed in");
    let session = format!("{ELSEWHERE}Cookie: other=1; {cookie}\r\n");
    assert_eq!(wall.mirror.request("GET", "/wall.json", &session, "").0, 200);
    assert_eq!(wall.mirror.post("/control/next", &session, "").0, 200);
    let cross = format!("{session}Origin: http://evil.example\r\n");
    assert_eq!(wall.mirror.post("/control/next", &cross, "").0, 403, "a forged page has the cookie");
    assert_eq!(
        wall.mirror.post("/control/next", &format!("{session}Sec-Fetch-Site: same-site\r\n"), "").0,
        403
    );

    // Revoked: another token stands in the file.
    wall.home.write("presenter.token", "another-0123456789\n");
    within(SOON, "the old token is refused", || {
        (wall.mirror.request("GET", "/wall.json", &session, "").0 == 401).then_some(())
    });
    assert_eq!(wall.mirror.request("GET", "/wall.json", &bearer(token), "").0, 401);
    assert_eq!(wall.mirror.request("GET", "/wall.json", &bearer("another-0123456789"), "").0, 200);
    // Guessing has an end, and locks nobody out who has a token.
    let guesses =
        (0..30).map(|n| wall.mirror.request("GET", "/wall.json", &bearer(&format!("guess-{n}")), "").0);
    let guesses: Vec<u16> = guesses.collect();
    assert!(guesses.contains(&429) && guesses[29] == 429, "{guesses:?}");
    assert_eq!(wall.mirror.request("GET", "/wall.json", &bearer("another-0123456789"), "").0, 200);
    assert_eq!(wall.mirror.get("/wall.json").0, 200, "who sits here is not concerned");
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn a_session_ends_when_it_is_left() {
    let mut wall = guarded();
    let sent = json!({ "token": TOKENS[3].1 }).to_string();
    let cookie = wall.mirror.cookie("/sign-in", ELSEWHERE, &sent).expect("is signed in");
    let session = format!("{ELSEWHERE}Cookie: {cookie}\r\n");
    assert_eq!(wall.mirror.request("GET", "/remote", &session, "").0, 200);
    assert_eq!(wall.mirror.post("/sign-out", &session, "").0, 200);
    assert_eq!(wall.mirror.request("GET", "/remote", &session, "").0, 401);
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn commands_have_a_limit_for_each_caller() {
    let mut wall = guarded();
    let head = bearer(TOKENS[2].1);
    let answers: Vec<u16> = (0..80).map(|_| wall.mirror.post("/control/next", &head, "").0).collect();
    assert_eq!(answers[0], 200);
    assert!(answers.iter().all(|status| [200, 429].contains(status)), "{answers:?}");
    assert!(wall.fishbowl.terminate().success());
}

#[test]
fn a_wall_without_people_prints_a_code_that_is_good_once() {
    let home = Home::new();
    let layout = home.write("wall.toml", TWO);
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    command.arg("run").arg(&layout).args(["--headless", "--mirror", "0.0.0.0:0"]);
    let mut fishbowl = home.start("fishbowl", &mut command);
    let code = fishbowl.wait_for_line("sign-in code for one phone:").trim().to_owned();
    let mirror = Mirror::of(&mut fishbowl);
    assert_eq!(mirror.request("GET", "/wall.json", ELSEWHERE, "").0, 401);
    let sent = json!({ "token": code }).to_string();
    let cookie = mirror.cookie("/sign-in", ELSEWHERE, &sent).expect("is signed in");
    let session = format!("{ELSEWHERE}Cookie: {cookie}\r\n");
    assert_eq!(mirror.post("/control/next", &session, "").0, 200, "as a presenter");
    assert_eq!(mirror.post("/sign-in", ELSEWHERE, &sent).0, 401, "once");
    within(SOON, "another code is printed", || {
        let codes = fishbowl.said().matches("sign-in code for one phone:").count();
        (codes == 2).then_some(())
    });
    assert!(fishbowl.terminate().success());
}

#[test]
fn tokens_that_cannot_be_read_are_told() {
    let mut wall = Headless::of(&format!(
        "{TWO}\n[remote.person.jo]\nrole = \"admin\"\ntoken_env = \"NOT_SET_ANYWHERE\"\n\
         [remote.person.al]\nrole = \"admin\"\ntoken_file = \"missing.token\"\n"
    ));
    wall.wait_until_healthy();
    let said = wall.fishbowl.said();
    assert!(said.contains("jo cannot sign in: environment variable `NOT_SET_ANYWHERE` is empty"), "{said}");
    assert!(said.contains("al cannot sign in: file"), "{said}");
    assert!(wall.fishbowl.terminate().success());
}
