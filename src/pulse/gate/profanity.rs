//! Words that nobody wants on a wall: those that the crate `rustrict` knows, most of them English, also where they are
//! spelt with other characters. Whatever else is not wanted stands in `block` or `block_file`.

use rustrict::{Censor, Type};

/// Whether a text swears, insults, or speaks of sex, more than mildly: of what is mild, `rustrict` finds too much in
/// plain numbers.
pub fn has_profanity(text: &str) -> bool {
    let unwanted = (Type::PROFANE | Type::OFFENSIVE | Type::SEXUAL) & Type::MODERATE_OR_HIGHER;
    Censor::from_str(text).analyze().is(unwanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rude_is_found_and_towns_and_dishes_are_not() {
        for rude in ["this is sh1t", "what the f u c k", "ｆｕｃｋ that", "you are all assholes"] {
            assert!(has_profanity(rude), "{rude}");
        }
        for fine in [
            "",
            "I come from Scunthorpe and love it",
            "First class, said my assistant",
            "Der Akku ist klasse, der Fahrer auch",
            "El año pasado fuimos a la tienda",
            "充電中に熱くなりすぎる。",
            "اليوم 9. أنتقل إليه أم أبقى؟",
            "Onaylıyorum: Telefonum bugün geldi",
            "The battery lasted two full days. 7 out of 4 friends agree. 💙 #AuroraBattery",
        ] {
            assert!(!has_profanity(fine), "{fine}");
        }
        let numbers = (0..10_000).filter(|number| has_profanity(&format!("text {number}"))).count();
        assert!(numbers < 100, "{numbers} of 10,000 numbers");
    }
}
