//! A machine without fonts, and a layout whose typeface is gone.

use super::rig::headless::{Mirror, SOON};
use super::rig::photo::Photo;
use super::rig::process::{Home, Running};
use super::rig::within;
use super::{NOWHERE, layout, may_unshare, shown, unshared};

/// No fonts but those that the program brings along.
const NONE: &str = "for folder in /usr/share/fonts /usr/local/share/fonts; do\n\
                    [ ! -d \"$folder\" ] || mount -t tmpfs none \"$folder\"; done";

fn photo(wall: &mut Running, mirror: &Mirror) -> Photo {
    let display = mirror.wall()["displays"][0]["name"].as_str().expect("a display").to_owned();
    within(SOON, "a picture", || {
        wall.must_live();
        let (status, _, jpeg) = mirror.get(&format!("/frame/{display}.jpg"));
        (status == 200).then(|| Photo::decode(&jpeg)).filter(|photo| photo.ground() < 0.98)
    })
}

#[test]
fn a_wall_without_fonts_draws_with_its_own_and_says_what_it_lacks() {
    let home = Home::new();
    let more = "\n[theme]\nfonts = [\"gone.otf\"]\n[scene.main.tile.third]\nkind = \"text\"\n\
                text = \"Welcome, 欢迎, 😀\"\n";
    let third = layout(NOWHERE).find("[scene.main.tile.third]").expect("it has one");
    let path = home.write("wall.toml", &(layout(NOWHERE)[..third].to_owned() + more));
    if !may_unshare(&home, &["-rm"]) {
        return;
    }
    let (mut wall, mirror, scene) = shown(&home, &mut unshared(&home, &path, &["-rm"], NONE));
    assert_eq!(scene, "main");
    let said = wall.said();
    assert!(said.contains("the font gone.otf") && said.contains("uses Inter instead"), "{said}");
    assert!(said.contains("no fonts for other scripts"), "{said}");
    let told = within(SOON, "the letters that are missing", || {
        wall.must_live();
        let problems = mirror.wall()["problems"].to_string();
        problems.contains("no font has letters of").then_some(problems)
    });
    assert!(told.contains("Han (欢), Symbols (😀)"), "{told}");
    photo(&mut wall, &mirror).keep("no-fonts");
    assert_eq!(mirror.get("/health").0, 200);
    assert!(wall.terminate().success());

    // What is wrong with a layout is said all the same.
    home.write("wall.toml", "[wall]\nviewer_m = \"far\"\n");
    std::fs::remove_dir_all(home.path().join(".local")).expect("the last good one is there");
    let mut command = unshared(&home, &path, &["-rm"], NONE);
    let (mut wall, mirror, scene) = shown(&home, command.env("FISHBOWL_CONTACT", "the media team, 4711"));
    assert_eq!(scene, "safe");
    photo(&mut wall, &mirror).keep("safe-no-fonts");
    assert!(wall.terminate().success());
}
