//! Emoji as people see them, to the pixel.

use image::RgbImage;

use crate::{Desk, fishbowl};

/// A picture of `text` alone.
fn drawn(desk: &Desk, text: &str) -> RgbImage {
    let layout = format!(
        "[wall]\nviewer_m = 1.0\n[display.a]\nsize_mm = [640, 360]\npixels = [1280, 720]\n\
         [scene.s]\npicture = \"sign\"\ntile.sign = {{ kind = \"text\", text = \"{text}\" }}\n"
    );
    let file = desk.path("sign.toml");
    std::fs::write(&file, layout).expect("the layout can be written");
    let said = fishbowl(&["render", &file, "--out", &desk.path("sign")]);
    assert_eq!(said.status, 0, "{}", said.err);
    image::load_from_memory(&desk.bytes("sign/a.png")).expect("a PNG").into_rgb8()
}

/// How many pixels are clearly coloured.
fn coloured(picture: &RgbImage) -> usize {
    let apart = |p: &&image::Rgb<u8>| p.0.iter().max().zip(p.0.iter().min()).is_some_and(|(a, b)| a - b > 40);
    picture.pixels().filter(apart).count()
}

#[test]
fn signs_are_in_colour_where_unicode_says_so() {
    let desk = Desk::new();
    for sign in ["❤️", "☀️", "⭐", "✅", "1️⃣", "#️⃣", "🇩🇪", "❤️‍🔥", "مرحبا ❤️"]
    {
        let found = coloured(&drawn(&desk, sign));
        assert!(found > 100, "{sign} has {found} coloured pixels");
    }
    for sign in ["❤\u{fe0e}", "☀\u{fe0e}", "⭐\u{fe0e}", "™", "❤", "12:30 #1"] {
        let found = coloured(&drawn(&desk, sign));
        assert!(found < 20, "{sign} has {found} coloured pixels");
    }
    // Noto draws this sign in grey.
    assert_ne!(drawn(&desk, "™️"), drawn(&desk, "™"));
}

#[test]
fn a_sequence_is_as_wide_as_one_sign() {
    let desk = Desk::new();
    let width = |picture: &RgbImage| {
        let across =
            picture.enumerate_pixels().filter(|(.., p)| p.0.iter().any(|c| *c > 110)).map(|(x, ..)| x);
        across.clone().max().zip(across.min()).map_or(0, |(right, left)| right - left)
    };
    let one = width(&drawn(&desk, "👁️"));
    for sign in ["👁️‍🗨️", "1️⃣", "👩🏽‍🚀", "🧑‍🤝‍🧑", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"]
    {
        let sequence = width(&drawn(&desk, sign));
        assert!(sequence > 0 && sequence < one * 3 / 2, "{sign} is {sequence} pixels wide, one sign {one}");
    }
}
