//! What `check` finds in panels and plans that are wrong.

use std::path::Path;

use fishbowl::layout;

/// What is said of a sound wall of two displays with these panels, and this at its end.
fn said(left: &str, right: &str, more: &str) -> String {
    let text = format!(
        "[wall]\nviewer_m = 3\n[display.left]\nsize_mm = [1200, 675]\n{left}\n[display.right]\nsize_mm = [1200, 675]\n\
         {right}\n[feed.demo]\nkind = \"demo\"\n[scene.main]\npicture = \"a | a\"\ntile.a = {{ kind = \"text\", text = \"a\" }}\n{more}\n"
    );
    layout::load_text(&text, Path::new("wall.toml"), &[], &fishbowl::registry()).report.draw(160, false)
}

const LEFT: &str = "panel = { kind = \"pjlink\", address = \"10.0.0.5\", password_env = \"LEFT_PASSWORD\" }";
const RIGHT: &str = "panel = { kind = \"mdc\", address = \"[fd00::5]:1515\", id = 3 }";

#[test]
fn panels_and_plans_that_are_right_are_right() {
    assert_eq!(
        said(LEFT, RIGHT, "[power.night]\nfrom = \"22:00\"\nto = \"06:00\"\ndays = [\"mon-fri\"]"),
        ""
    );
    assert_eq!(
        said("panel = { kind = \"output\" }", "", "[power.a]\ndisplays = [\"left\"]\nto = \"06:00\""),
        ""
    );
}

#[test]
fn a_panel_that_is_wrong_is_told_with_what_to_do() {
    for (panel, words, help) in [
        ("kind = \"pjlink\"", "`address` is missing", "Write where it listens"),
        (
            "kind = \"mdc\", address = \"http://10.0.0.5\"",
            "`http://10.0.0.5` is not an address",
            "Write a host",
        ),
        ("kind = \"output\", address = \"10.0.0.5\"", "an output has no `address`", "Remove it"),
        ("kind = \"pjlink\", address = \"a\", id = 3", "only an `mdc` panel has an `id`", "Remove it"),
        (
            "kind = \"mdc\", address = \"a\", password_env = \"A\"",
            "only a `pjlink` panel has a password",
            "An `mdc` panel has a PIN",
        ),
        ("kind = \"pjlink\", address = \"a\", pin_env = \"A\"", "only an `mdc` panel has a PIN", "Remove it"),
        (
            "kind = \"mdc\", address = \"a\", pin_env = \"A\", pin_file = \"a\"",
            "there are two PINs",
            "not both",
        ),
        ("kind = \"output\", mac = \"00:16:6c:12:34:56\"", "an output has no `mac`", "Remove it"),
        (
            "kind = \"mdc\", address = \"a\", mac = \"00:16\"",
            "`00:16` is not a hardware address",
            "six pairs",
        ),
        (
            "kind = \"pjlink\", address = \"a\", password_env = \"A\", password_file = \"a\"",
            "there are two passwords",
            "not both",
        ),
        ("kind = \"cec\"", "`kind` cannot be \"cec\" here", "pjlink"),
        ("kind = \"mdc\", address = \"a\", id = 254", "254", "253"),
    ] {
        let said = said(&format!("panel = {{ {panel} }}"), "", "");
        assert!(said.contains(words) && said.contains(help), "{panel}: {said}");
        assert!(words.contains("missing") || !said.contains("missing"), "{panel}: {said}");
    }
    let other = LEFT.replace("LEFT_PASSWORD", "RIGHT_PASSWORD");
    let twice = said(LEFT, &other, "");
    assert!(twice.contains("`right` has the panel of `left`") && twice.contains("here first"), "{twice}");
    let elsewhere = RIGHT.replace("id = 3", "id = 4, pin_env = \"PIN\", mac = \"00-16-6c-12-34-56\"");
    assert_eq!(said(RIGHT, &elsewhere, ""), "", "another number at the same address");
    // A password that stands in the layout by mistake is not repeated.
    let secret = said("panel = { kind = \"pjlink\", address = \"a\", password = \"hushhush\" }", "", "");
    assert!(secret.contains("password") && !secret.contains("hushhush"), "{secret}");
    let secret = said("panel = { kind = \"mdc\", address = \"a\", pin = \"041704\" }", "", "");
    assert!(secret.contains("pin_env") && !secret.contains("041704"), "{secret}");
}

#[test]
fn a_plan_that_is_wrong_is_told_with_what_to_do() {
    let plan = |more: &str| said(LEFT, "", &format!("[power.night]\n{more}"));
    for (more, words, help) in [
        ("displays = [\"lefd\"]\nto = \"06:00\"", "there is no display `lefd`", "did you mean \"left\"?"),
        ("displays = [\"right\"]\nto = \"06:00\"", "`right` has no `panel`", "Add one to `[display.right]`"),
        ("displays = []\nto = \"06:00\"", "by `night` no display rests", "Name the displays"),
        ("", "by `night` displays rest at all times", "Write when they rest"),
        (
            "from = \"08:00\"\nto = \"08:00\"\ndays = [\"mon-sun\"]",
            "rest at all times",
            "Write when they rest",
        ),
        (
            "dates = [\"12-24\"]\nexcept = [\"12-24\"]\nto = \"06:00\"",
            "`night` is never on",
            "enabled = false",
        ),
        (
            "zone = \"Europe/Berlim\"\nto = \"06:00\"",
            "there is no time zone `Europe/Berlim`",
            "Europe/Berlin",
        ),
        ("from = \"25:00\"", "`25:00` is not a time of day", "\"08:00\""),
    ] {
        let said = plan(more);
        assert!(said.contains(words) && said.contains(help), "{more}: {said}");
    }
    let none = said("", "", "[power.night]\nto = \"06:00\"");
    assert!(none.contains("no display has a `panel`") && none.contains("kind = \"output\""), "{none}");
}

#[test]
fn a_backlight_that_is_wrong_is_told_with_what_to_do() {
    const NIGHT: &str = "[mode.night]\nbrightness = 40";
    let lit = |more: &str| format!("backlight = {{ kind = \"ddc\"{more} }}");
    assert_eq!(said(&lit(""), &lit(", bus = \"/dev/i2c-5\""), NIGHT), "");
    for bus in ["5", "i2c-5", "/dev/i2c-", "/dev/sda", "/dev/i2c-x"] {
        let said = said(&lit(&format!(", bus = \"{bus}\"")), "", NIGHT);
        assert!(said.contains("this is not an I2C bus") && said.contains("ddcutil detect"), "{bus}: {said}");
    }
    let bus = lit(", bus = \"/dev/i2c-5\"");
    let twice = said(&bus, &bus, NIGHT);
    assert!(twice.contains("`right` has the bus of `left`") && twice.contains("here first"), "{twice}");
    let never = said(&lit(""), "", "[mode.night]");
    assert!(never.contains("`left` is never dimmed") && never.contains("brightness = 40"), "{never}");
    assert!(said("backlight = { kind = \"mdc\" }", "", NIGHT).contains("`kind` cannot be \"mdc\" here"));
}
