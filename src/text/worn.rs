//! A typeface of the house in place of the bundled one.

use std::sync::Arc;

use glyphon::FontSystem;
use glyphon::fontdb::{Database, ID, Source};

use crate::typeface::Typeface;

/// A typeface whose fonts are among those that can be set.
pub struct Worn {
    pub typeface: Arc<Typeface>,
    faces: Vec<ID>,
}

impl Worn {
    /// Exchanges what is worn for `typeface`; false when that is the same.
    pub fn change(worn: &mut Option<Self>, fonts: &mut FontSystem, typeface: Option<&Arc<Typeface>>) -> bool {
        let held = worn.as_ref().map(|worn| &worn.typeface);
        let same = match (held, typeface) {
            (Some(held), Some(new)) => Arc::ptr_eq(held, new) || held == new,
            (held, new) => held.is_none() && new.is_none(),
        };
        if same {
            return false;
        }
        for face in worn.take().into_iter().flat_map(|worn| worn.faces) {
            fonts.db_mut().remove_face(face);
        }
        *fonts = without_memory(fonts);
        *worn = typeface.map(|typeface| {
            let source = |file: &Arc<Vec<u8>>| Source::Binary(file.clone());
            let files = typeface.files.iter().map(source).collect::<Vec<_>>();
            let faces = files.into_iter().flat_map(|file| fonts.db_mut().load_font_source(file)).collect();
            Self { typeface: typeface.clone(), faces }
        });
        true
    }
}

/// The same fonts, and nothing that was read of those that are no more: cosmic-text 0.19 never forgets a font that it used.
fn without_memory(fonts: &mut FontSystem) -> FontSystem {
    let empty = FontSystem::new_with_locale_and_db(String::new(), Database::new());
    let (locale, db) = std::mem::replace(fonts, empty).into_locale_and_db();
    FontSystem::new_with_locale_and_db(locale, db)
}
