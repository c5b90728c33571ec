//! The text of the shaders: compiled in, and in a debug build looked up again when a file is saved.

use std::fs;
use std::path::Path;

/// How many calls of [`ShaderFiles::saved`] there are between two looks at the files.
const LOOK_EVERY: u32 = 30;

/// The text of every shader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShaderSources {
    pub shape: String,
    pub mesh: String,
    pub picture: String,
    pub heat: String,
}

impl ShaderSources {
    pub fn built_in() -> Self {
        Self {
            shape: include_str!("../../shaders/shape.wgsl").into(),
            mesh: include_str!("../../shaders/mesh.wgsl").into(),
            picture: include_str!("../../shaders/picture.wgsl").into(),
            heat: include_str!("../../shaders/heat.wgsl").into(),
        }
    }

    /// The texts in the source tree; `None` where it is not there (any more).
    fn in_tree() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
        let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
        Some(Self {
            shape: read("shape.wgsl")?,
            mesh: read("mesh.wgsl")?,
            picture: read("picture.wgsl")?,
            heat: read("heat.wgsl")?,
        })
    }
}

/// The files, and what of them was read last.
#[derive(Debug)]
pub struct ShaderFiles {
    known: ShaderSources,
    calls: u32,
}

impl ShaderFiles {
    pub fn new(known: ShaderSources) -> Self {
        Self { known, calls: 0 }
    }

    /// What was saved since it was last asked. Call it once a frame; it looks every 30th time, and
    /// never in a release build.
    pub fn saved(&mut self) -> Option<ShaderSources> {
        self.calls = self.calls.wrapping_add(1);
        if !cfg!(debug_assertions) || !self.calls.is_multiple_of(LOOK_EVERY) {
            return None;
        }
        let saved = ShaderSources::in_tree().filter(|saved| *saved != self.known)?;
        self.known = saved.clone();
        Some(saved)
    }
}
