//! The bundled family, and the system's Noto fonts for the scripts that it lacks.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Once};

use glyphon::cosmic_text::{FeatureTag, FontFeatures};
use glyphon::{FontSystem, fontdb};

/// Family name of the text cuts.
pub const TEXT: &str = "Inter";
/// Family name of the cut for large numbers.
pub const DISPLAY: &str = "Inter Display";
/// Family name of the system's emoji in colour.
pub const EMOJI: &str = "Noto Color Emoji";

const BUNDLED: [&[u8]; 3] = [
    include_bytes!("../../assets/fonts/Inter-Regular.otf"),
    include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
    include_bytes!("../../assets/fonts/InterDisplay-Medium.otf"),
];

/// Where Linux distributions put fonts.
const SYSTEM_FOLDERS: [&str; 2] = ["/usr/share/fonts", "/usr/local/share/fonts"];
/// The environment variable that names one more folder, for a wall that brings its fonts along.
const FOLDER: &str = "FISHBOWL_FONTS";

/// Deepest folder below a font folder that is looked into, and most files taken.
const MAX_DEPTH: usize = 5;
const MAX_FILES: usize = 512;

/// Opens the fonts. With `system`, regular and bold cuts of Noto are added for other scripts and
/// for emoji; without, results do not depend on the machine.
pub fn load(system: bool) -> FontSystem {
    let mut db = fontdb::Database::new();
    for bytes in BUNDLED {
        db.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
    }
    if system {
        let files = noto_files();
        if files.is_empty() {
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                tracing::warn!(
                    "no fonts for other scripts than Latin, Greek and Cyrillic, and none for emoji: `fishbowl doctor` \
                     says which to install"
                );
            });
        }
        for file in files {
            // A font that cannot be read is as good as one that is not installed.
            let _ = db.load_font_file(file);
        }
    }
    db.set_sans_serif_family(TEXT);
    FontSystem::new_with_locale_and_db("en".into(), db)
}

/// Whether there are emoji in colour.
pub fn has_emoji(fonts: &FontSystem) -> bool {
    fonts.db().faces().any(|face| face.families.iter().any(|(name, _)| name == EMOJI))
}

/// `Noto Sans` in regular, its CJK collection and colour emoji; serif, condensed, italic and
/// other weights only cost start-up time.
fn noto_files() -> Vec<PathBuf> {
    let (mut files, mut names) = (Vec::new(), BTreeSet::new());
    let named = std::env::var_os(FOLDER).map(PathBuf::from);
    for folder in SYSTEM_FOLDERS.into_iter().map(PathBuf::from).chain(named) {
        walk(&mut files, folder, 0);
    }
    files.sort();
    files.retain(|file| names.insert(file.file_name().map(ToOwned::to_owned)));
    files
}

fn walk(files: &mut Vec<PathBuf>, folder: PathBuf, depth: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() && depth < MAX_DEPTH {
            walk(files, path, depth + 1);
        } else if files.len() < MAX_FILES && is_wanted(&path) {
            files.push(path);
        }
    }
}

fn is_wanted(path: &std::path::Path) -> bool {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    name == "NotoColorEmoji.ttf"
        || name == "NotoSansCJK-Regular.ttc"
        || (name.starts_with("NotoSans") && name.ends_with("-Regular.ttf"))
}

/// The OpenType feature that gives every figure the same width.
pub fn tabular_figures() -> FontFeatures {
    let mut features = FontFeatures::new();
    features.enable(FeatureTag::new(b"tnum"));
    features
}
