//! Letters that no font of this machine has: they stand as empty boxes on the wall, so whoever runs it
//! has to be told which fonts to install.

use std::collections::BTreeMap;

use glyphon::Buffer;
use icu_properties::props::{GeneralCategory, Script};
use icu_properties::{CodePointMapData, PropertyNamesLong};

/// The scripts that were met and cannot be drawn, by their names in Unicode, each with one of its
/// letters.
#[derive(Debug, Default)]
pub struct MissingScripts(BTreeMap<&'static str, char>);

impl MissingScripts {
    /// Takes note of the letters of `buffer` that have no glyph.
    pub(super) fn note(&mut self, buffer: &Buffer) {
        for run in buffer.layout_runs() {
            for glyph in run.glyphs.iter().filter(|glyph| glyph.glyph_id == 0) {
                let text = run.text.get(glyph.start..glyph.end).unwrap_or_default();
                if let Some(letter) = text.chars().find(|c| has_shape(*c)) {
                    self.0.entry(script(letter)).or_insert(letter);
                }
            }
        }
    }

    /// For the operator: what is missing, and what to install. `None` where nothing is.
    pub fn problem(&self) -> Option<String> {
        let names: Vec<String> = self.0.iter().map(|(name, letter)| format!("{name} ({letter})")).collect();
        let names = names.join(", ");
        (!names.is_empty()).then(|| {
            format!(
                "no font has letters of {names}; they stand as empty boxes: `sudo apt install fonts-noto-core \
                 fonts-noto-cjk fonts-noto-color-emoji`, then start the wall again"
            )
        })
    }
}

/// The name of its script; signs that all scripts share, such as emoji, are `Symbols`.
fn script(letter: char) -> &'static str {
    match CodePointMapData::<Script>::new().get(letter) {
        Script::Common | Script::Inherited | Script::Unknown => "Symbols",
        script => PropertyNamesLong::<Script>::new().get(script).unwrap_or("another script"),
    }
}

/// Whether a reader would miss it: controls, characters for private use, and numbers that stand for
/// no character are in no font.
fn has_shape(c: char) -> bool {
    use GeneralCategory::{Control, Format, PrivateUse, Surrogate, Unassigned};
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    !c.is_whitespace() && !matches!(category, Control | Format | PrivateUse | Surrogate | Unassigned)
}

#[cfg(test)]
mod tests {
    use crate::text::{Setting, Typesetter};

    fn problem(text: &str) -> Option<String> {
        let mut setter = Typesetter::new(false);
        setter.set(Setting::line(text, 10.0));
        setter.missing().problem()
    }

    #[test]
    fn scripts_without_a_font_are_named_with_a_letter() {
        let told = problem("ok สวัสดี, 你好, नमस्ते").expect("no font has them");
        assert!(told.starts_with("no font has letters of Devanagari (न), Han (你), Thai (ส);"), "{told}");
        assert!(problem("a heart 🫶").is_some_and(|told| told.contains("Symbols (🫶)")));
    }

    #[test]
    fn what_can_be_drawn_and_what_has_no_shape_is_not_missing() {
        assert_eq!(problem("Grüße, Ωμέγα, привет 12 €"), None);
        assert_eq!(problem("a\u{200b}b\u{fe0f}c\u{e000}d\u{7}e\u{378}"), None);
    }
}
