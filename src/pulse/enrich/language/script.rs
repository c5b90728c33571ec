//! Scripts, and the languages that a script or some of its letters give away.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Groups of letters that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    Han,
    Kana,
    /// Written by (nearly) one language alone; an index into [`ALONE`].
    Alone(usize),
}

/// Scripts of one language each: first and last letter of the block, and the language.
pub const ALONE: [(char, char, &str); 21] = [
    ('\u{370}', '\u{3ff}', "el"),
    ('\u{1f00}', '\u{1fff}', "el"),
    ('\u{530}', '\u{58f}', "hy"),
    ('\u{590}', '\u{5ff}', "he"),
    ('\u{980}', '\u{9ff}', "bn"),
    ('\u{a00}', '\u{a7f}', "pa"),
    ('\u{a80}', '\u{aff}', "gu"),
    ('\u{b00}', '\u{b7f}', "or"),
    ('\u{b80}', '\u{bff}', "ta"),
    ('\u{c00}', '\u{c7f}', "te"),
    ('\u{c80}', '\u{cff}', "kn"),
    ('\u{d00}', '\u{d7f}', "ml"),
    ('\u{d80}', '\u{dff}', "si"),
    ('\u{e00}', '\u{e7f}', "th"),
    ('\u{e80}', '\u{eff}', "lo"),
    ('\u{f00}', '\u{fff}', "bo"),
    ('\u{1000}', '\u{109f}', "my"),
    ('\u{10a0}', '\u{10ff}', "ka"),
    ('\u{1780}', '\u{17ff}', "km"),
    ('\u{1100}', '\u{11ff}', "ko"),
    ('\u{ac00}', '\u{d7a3}', "ko"),
];

/// The script of a letter; `None` for what is no letter or of another script.
pub fn of(c: char) -> Option<Script> {
    match c {
        'a'..='z' | 'A'..='Z' => Some(Script::Latin),
        '\u{0}'..='\u{bf}' | '×' | '÷' => None,
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some(Script::Latin),
        '\u{400}'..='\u{52f}' => Some(Script::Cyrillic),
        '\u{620}'..='\u{64a}' | '\u{66e}'..='\u{6d3}' | '\u{750}'..='\u{77f}' => Some(Script::Arabic),
        '\u{900}'..='\u{963}' | '\u{970}'..='\u{97f}' => Some(Script::Devanagari),
        '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{ff66}'..='\u{ff9f}' => Some(Script::Kana),
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' => Some(Script::Han),
        _ => ALONE.iter().position(|(first, last, _)| (*first..=*last).contains(&c)).map(Script::Alone),
    }
}

/// Cyrillic, Arabic or Devanagari text in small letters: which of its languages it is.
pub fn shared(script: Script, text: &str) -> Option<&'static str> {
    match script {
        Script::Cyrillic => decide(text, &CYRILLIC, 0),
        Script::Arabic => decide(text, &ARABIC, CYRILLIC.len()),
        Script::Devanagari => decide(text, &DEVANAGARI, CYRILLIC.len() + ARABIC.len()),
        _ => None,
    }
}

/// A language of a script that several share.
struct Shared {
    code: &'static str,
    /// Letters that others of the script do not have: one is enough.
    own: &'static str,
    /// Letters that it does not have.
    never: &'static str,
    /// Beginning that many of its words have; may be empty.
    begins: &'static str,
    words: &'static str,
}

const CYRILLIC: [Shared; 6] = [
    Shared {
        code: "ru",
        own: "ыэё",
        never: "іїєґўјљњћђџѓќѕәғқңөұүһҳҷӣӯ",
        begins: "",
        words: "что это как его она был была было для или только из уже они и в не я мы вы от так же бы \
                меня мне при также очень все если на за по ещё еще чтобы который которые есть нет году \
                быть к у с о до со во ли ни то этого этой этот эта того под без после будет может лет \
                время года себя можно их ему им нас вас том когда где там тут вот даже через более \
                человек всех всё россии сегодня спасибо тоже теперь свою своей этом которая которого \
                были надо нужно а но да",
    },
    Shared {
        code: "uk",
        own: "їєґі",
        never: "ыэёъўјљњћђџѓќѕәғқңөұү",
        begins: "",
        words: "що це як та і й не у в з на до від він вона але чи його ми ви для були був також при я \
                до за по а ще вже дуже",
    },
    Shared {
        code: "be",
        own: "ў",
        never: "ищъјљњћђџѓќѕәғқңөұү",
        begins: "",
        words: "і што гэта як не на з у ў ён яна для але па да",
    },
    Shared {
        code: "bg",
        own: "",
        never: "ыэёіїєґўјљњћђџѓќѕәғқңөұү",
        begins: "",
        words: "е да се са си ще и не в с о до а това като със която който които бе съм че при след във \
                или но от на за по има беше аз той тя много сме му го ѝ тази този към през още може как \
                какво",
    },
    Shared {
        code: "sr",
        own: "ћђ",
        never: "ыэёйщъьяюіїєґўѓќѕәғқңөұү",
        begins: "",
        words: "је се да су у и на за од са што као који која није али или из по би сам смо",
    },
    Shared {
        code: "mk",
        own: "ѓќѕ",
        never: "ыэёйщъьяюіїєґўћђәғқңөұү",
        begins: "",
        words: "е се да на и во од со за што како не ќе го ги тоа беше но или кој која",
    },
];

const ARABIC: [Shared; 3] = [
    Shared {
        code: "ar",
        own: "",
        never: "پچژگکیےہھٹڈڑںۆێڕڵ",
        begins: "ال",
        words: "في من على إلى الى أن ان عن مع هذا هذه التي الذي ما لا و كان قد كل يا هو هي لم أو بعد بين \
                ذلك إن انا أنا",
    },
    Shared {
        code: "fa",
        own: "",
        never: "ےہھٹڈڑںةىكۆێڕڵ",
        begins: "می",
        words: "و در به از که این را با است برای آن یک تا بر هم من خود شد بود ما یا اما هر های شده کرد",
    },
    Shared {
        code: "ur",
        own: "ےٹڈڑں",
        never: "ةىكۆێڕڵ",
        begins: "",
        words: "کے کی ہے میں کا سے اور کو نے پر ہیں یہ کہ نہیں وہ ہو بھی",
    },
];

const DEVANAGARI: [Shared; 3] = [
    Shared {
        code: "hi",
        own: "",
        never: "ळ",
        begins: "",
        words: "है हैं में और का की के को से नहीं यह पर ने भी हो था थी थे एक कर इस ही मैं तो वह हम क्या \
                लिए जो गया रहा",
    },
    Shared {
        code: "mr",
        own: "",
        never: "",
        begins: "",
        words: "आहे आणि आहेत मध्ये हे या नाही होते होता होती हा ही तर व ते तो मी त्या त्यांनी केले केली \
                म्हणून काही पण असे एक झाले ला चा ची चे",
    },
    Shared {
        code: "ne",
        own: "",
        never: "ळ",
        begins: "",
        words: "छ छन् र मा को पनि हो गर्न भएको लागि एक यो थियो गरेको हुन् नेपाल तर छैन",
    },
];

/// For each word, a bit for each language that has it: those of the three lists in their order.
static WORDS: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(|| {
    let mut words: FxHashMap<&'static str, u16> = FxHashMap::default();
    for (i, language) in CYRILLIC.iter().chain(&ARABIC).chain(&DEVANAGARI).enumerate() {
        language.words.split_whitespace().for_each(|word| *words.entry(word).or_default() |= 1 << i);
    }
    words
});

/// The language most of whose words stand there, if it is not as good as another; `first` is the
/// place of its first among all of [`WORDS`].
fn decide(text: &str, among: &[Shared], first: usize) -> Option<&'static str> {
    let mut scores = [0_usize; 8];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mask = WORDS.get(word).map_or(0, |mask| mask >> first);
        for (i, language) in among.iter().enumerate() {
            let begins = !language.begins.is_empty() && word.starts_with(language.begins);
            scores[i] += usize::from(begins || mask & 1 << i != 0);
        }
    }
    let (mut best, mut next) = ((0, ""), 0);
    for (language, score) in among.iter().zip(scores) {
        let has = |letters: &str| !letters.is_empty() && text.contains(|c| letters.contains(c));
        let score = if has(language.never) { 0 } else { score + 2 * usize::from(has(language.own)) };
        if score > best.0 {
            (best, next) = ((score, language.code), best.0);
        } else {
            next = next.max(score);
        }
    }
    (best.0 > next).then_some(best.1)
}
