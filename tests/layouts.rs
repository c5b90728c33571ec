//! Every layout that ships loads and has nothing wrong.

use std::path::Path;

use fishbowl::layout::{self, Hooks};

#[test]
fn every_shipped_layout_is_clean() {
    for name in ["demo", "reference", "listening-center", "portrait"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("layouts/{name}.toml"));
        let loaded = layout::load(&path, &[], &Hooks::default());
        assert!(loaded.report.problems.is_empty(), "{}", loaded.report.draw(100, false));
        let wall = loaded.wall(&[]).unwrap();
        for scene in &wall.scenes {
            assert!(!scene.tiles.is_empty());
            println!("{name} {} {:#?}", scene.name, scene.tiles);
        }
    }
}
