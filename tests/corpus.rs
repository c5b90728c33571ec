//! The seeds of the fuzz targets, and what fuzzing found, played through the targets.

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use targets::TARGETS;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn seeds(target: &str) -> Vec<PathBuf> {
    let folder = fs::read_dir(fuzz().join("corpus").join(target)).into_iter().flatten();
    folder.map(|entry| entry.expect("the folder can be read").path()).collect()
}

#[test]
fn every_seed_passes() {
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "fuzz/corpus/{name} holds no seed");
        for seed in seeds {
            let bytes = fs::read(&seed).expect("a seed is a file");
            println!("{}", seed.display());
            target(&bytes);
        }
    }
}

#[test]
fn every_target_can_be_fuzzed() {
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("it is there");
    for (name, _) in TARGETS {
        let file = fs::read_to_string(fuzz().join(format!("fuzz_targets/{name}.rs")));
        assert!(file.is_ok_and(|file| file.contains(&format!("targets::{name}(bytes)"))), "{name}");
        assert!(
            manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
    }
}

#[test]
fn even_bytes_that_mean_nothing_pass() {
    for (_, target) in TARGETS {
        for bytes in
            [&b""[..], b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"{", b"[[[[", b"\"\\ud800\"", &[b'['; 4_096]]
        {
            target(bytes);
        }
    }
}
