//! Words that say nothing about what a text is about: short hand-made lists of the most used languages, which hold
//! for every text, and the `stop_words` crate's lists (stopwords-iso) for a text in one of the others.

use std::collections::HashSet;
use std::sync::LazyLock;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::mention::Lang;
use crate::query::find::folded;

type Words = HashSet<String, FxBuildHasher>;

/// Languages whose list is made by hand; the crate's lists of these drop too much (`home`, `system`).
const BY_HAND: [&str; 12] = ["en", "es", "fr", "pt", "de", "it", "nl", "tr", "ru", "ja", "ar", "ko"];
/// Languages of scripts in which no other language has a list, so that theirs hold for every text.
const IN_OWN_SCRIPT: [&str; 9] = ["th", "he", "hi", "mr", "bn", "gu", "el", "hy", "zh"];

static ALWAYS: LazyLock<Words> = LazyLock::new(|| {
    let listed = IN_OWN_SCRIPT.iter().flat_map(|language| of_crate(language));
    WORDS.iter().flat_map(|words| words.split_whitespace()).chain(listed).map(folded).collect()
});

static BY_LANGUAGE: LazyLock<FxHashMap<&'static str, Words>> = LazyLock::new(|| {
    let others = stop_words::available_languages()
        .iter()
        .filter(|language| !BY_HAND.contains(language) && !IN_OWN_SCRIPT.contains(language));
    others.map(|language| (*language, of_crate(language).map(folded).collect())).collect()
});

fn of_crate(language: &str) -> impl Iterator<Item = &'static str> + use<> {
    stop_words::lookup(language).unwrap_or_default().iter().copied()
}

/// Whether a folded word of a text in `lang` is a stop word.
pub fn is_stop_word(folded: &str, lang: Option<Lang>) -> bool {
    ALWAYS.contains(folded) || lang.is_some_and(|lang| is_listed(folded, lang.as_str()))
}

fn is_listed(folded: &str, lang: &str) -> bool {
    // The crate has Norwegian as one language.
    let lang = if matches!(lang, "nb" | "nn") { "no" } else { lang };
    !BY_HAND.contains(&lang) && BY_LANGUAGE.get(lang).is_some_and(|words| words.contains(folded))
}

/// In small letters; words shorter than three letters need not stand here (two in Korean).
const WORDS: [&str; 17] = [
    // English, with the stems that an apostrophe leaves.
    "about above after again against ain all already also although always among and another any \
     anyone anything are aren around ask away back because been before being below best between both \
     but came can cannot come comes could couldn did didn does doesn doing don done down during each \
     either else ever every everyone everything few find first for from further gave get gets getting \
     give goes going gone gonna got had hadn has hasn have haven having her here hers herself him \
     himself his how however into isn its itself just keep kind know last least less let like little \
     lot made make makes many may maybe might mine more most much must myself need needn neither never \
     new next none nor not nothing now off often once one ones only onto other others our ours out over \
     own part perhaps put quite rather really said same saw say says see seem seen shall shan she \
     should shouldn since some someone something still such sure take than that the their theirs them \
     then there these they thing things think this those though through thus today together told too \
     took toward try trying two under until upon use used using very via want wants was wasn way well \
     went were weren what whatever when where whether which while who whole whom whose why will with \
     within without won would wouldn yes yet you your yours yourself",
    // What networks add.
    "amp com http https lol omg org www html via utm net cent percent",
    // Spanish.
    "algo alguien algún alguna algunos ante antes aquel aquella aquí así aunque bajo bien cada casi como \
     cómo con contra cosa cual cuando cuándo cuanto cuál dar dan dar desde dice donde dónde dos durante \
     ella ellas ellos entonces entre era eran eres esa esas ese eso esos esta está están estas este esto \
     estos estoy fue fueron gran había hace hacen hacer hacia han has hasta hay igual las les los luego \
     más mas menos mis mismo mucho muchos muy nada nadie ni nos nosotros nuestra nuestro nunca otra otro \
     otros para pero poco por porque puede pueden pues qué que quien quién quiere hoy día vale sea ser si sí sido siempre \
     sin sobre solo sólo son soy sus también tan tanto tener tengo tiene tienen toda todas todavía todo \
     todos tras tus una unas uno unos usted vamos van ver vez voy ya",
    // French.
    "ainsi alors après assez aucun aussi autre autres avant avec avoir avez avait beaucoup bien bon car ce \
     cela celle celui ces cet cette ceux chaque chez comme comment dans depuis des deux devant dire dit \
     doit donc dont elle elles encore entre est et été être eux aujourd hui faire fait faut fois font ici ils jamais \
     jour juste leur leurs lors lui mais mal même mes mieux moi moins mon non nos notre nous on ont ou où \
     par parce pas peu peut plus plutôt pour pourquoi près puis quand quel quelle quelles quels qui quoi \
     rien sans ses seulement si soit son sont sous suis sur tant tellement tes toi ton toujours tous tout \
     toute toutes très trop une vers voici voilà vos votre vous vraiment ça que qu déjà c'est aux avait \
     était étaient va vais",
    // Portuguese.
    "ainda agora algo alguém algum alguma antes aos aquela aquele aqui assim até bem bom cada coisa com \
     como contra cujo das dela dele deles depois desde dessa desse desta deste dia disse diz dois dos ela \
     elas ele eles entre era essa essas esse esses esta está estão estar estas estava este estes estou eu \
     faz fazer foi foram fosse gente há hoje isso isto já lhe lá mais mas meio menos mesmo meu meus minha \
     muita muito muitos nada não nas nem nenhum nessa nesse nesta neste ninguém nos nós nossa nosso num \
     numa nunca onde ou outra outro outros para pela pelas pelo pelos pode pois por porque pra pro qual \
     quando quanto que quem quer sem sempre sendo ser seu seus sido só sobre sou sua suas também tanto tem \
     têm tenho ter tinha toda todas todo todos tudo uma umas uns vai vão você vocês vez",
    // German.
    "aber alle allem allen aller alles als also am andere anderen auch auf aus bei beim bin bis bist da \
     dabei dadurch dafür dagegen daher damit danach dann daran darauf darf darum das dass davon dazu dein \
     deine dem den denn der des deshalb dessen dich die dies diese diesem diesen dieser dieses dir doch \
     dort durch eben ein eine einem einen einer eines einfach einmal er es etwa etwas euch euer für ganz \
     gar geht gegen gehen genau gerade gern gibt ging gut habe haben hab hast hat hatte hatten her heute \
     hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren immer ins irgendwie ist jede jeden jeder jedes \
     jetzt kann kannst kein keine keinen kommt können könnte lassen mal man mehr mein meine meinem meinen \
     mich mir mit muss müssen nach neben nein nicht nichts noch nun nur oben oder ohne schon sehr sein \
     seine seinem seinen seit selbst sich sie sind soll sollte sondern sonst sowie über um und uns unser \
     unsere unter viel viele vielleicht vom von vor wann war waren warum was weil weiter welche wenn wer \
     werde werden wie wieder will wir wird wirklich wo wohl worden wurde wurden würde während zum zur zwar \
     zwei zwischen ja",
    // Italian.
    "abbiamo alla alle allo anche ancora avere aveva bene ben che chi ci come con cosa così cui dal dalla \
     dalle dall degli dei del dell della delle dello dentro deve di dopo dove due ecco era erano essere \
     fare fatto fino fra gli già hai hanno ieri il io invece lei loro lui ma mai male meglio meno mentre \
     mia mio modo molta molti molto nei nel nella nelle nell niente noi non nostra nostro nulla nuovo ogni \
     oggi ora ovvero per però perché perchè più poco poi possono proprio può qua quale qualche qualcosa \
     quando quanto quasi quella quelle quelli quello quell questa queste questi questo quest qui quindi \
     sarà sei sembra sempre sia siamo solo sono sono sopra sotto sta stata stato stesso sua sue sugli sul \
     sulla sull suo suoi tanto tra troppo tua tuo tutta tutte tutti tutto una uno un vai verso voi vostro \
     tutt dagli",
    // Dutch.
    "aan achter al alle alleen alles als altijd andere bij binnen buiten daar daarom dan dat de deze die \
     dit doen doet door dus een echt eens eer en er even gaan gaat geen geweest goed haar had hadden heb \
     hebben hebt heeft heel hem het hier hij hoe hun iemand iets ik in is ja je jij jou jouw jullie kan kon \
     kunnen laat maar mag meer men met mij mijn moet moeten na naar net niet niets nog nou nu of om omdat \
     onder ons onze ook op over pas sinds steeds te tegen toch toen tot tussen uit van vaak veel voor waar \
     waarom wanneer want waren was wat weer wel welke werd werden wie wij wil willen worden wordt zal zeer \
     zelf zelfs zich zij zijn zo zoals zonder zou zouden",
    // Turkish.
    "acaba ama ancak artık asla aslında ayrıca bana bazı belki ben benim beri biraz birçok biri birkaç bir \
     biz bize bizim bile böyle bu buna bunda bundan bunu bunun bütün çok çünkü daha değil demek diye dolayı \
     eğer en fakat falan gibi göre hangi hatta hem hemen henüz hep hepsi her herkes hiç hiçbir için ile ise \
     işte iyi kadar karşı kendi kendine kez kim kimse ki madem mi mı mu mü nasıl ne neden nerede niye o \
     oldu olan olarak olduğu olsa olur onlar onu onun ona önce oysa öyle pek rağmen sadece sanki sen senin \
     siz sizin sonra şey şimdi şu tabii tam tüm ve veya ya yani yok zaten var ediyor oluyor yine bugün gün",
    // Russian.
    "без более больше будет будто бы был была были было быть вам вас ваш весь вдруг ведь во вот впрочем все \
     всегда всего всех всю всё вы где говорит да даже два для до другой его ее ей ему если есть еще ещё же \
     за здесь или им иногда их как какая какой когда конечно которая которые который кто куда ли либо лучше \
     между меня мне много может можно мой моя мы на над надо наконец нас наш не него нее ней нельзя нет ни \
     нибудь никогда ним них ничего но ну об один он она они оно опять от очень перед по под после потом \
     потому почему почти при про просто раз разве свой своей своих свою себе себя сейчас сегодня со совсем \
     так также такая такой там тебя тем теперь то тогда того тоже той только том тот три тут ты уж уже хоть \
     хотя чего чем через что чтоб чтобы чуть эти этих это этого этой этом этот эту просто тебе мной нам",
    // Japanese.
    "今日 明日 昨日 今 私 僕 俺 自分 何 誰 人 方 事 物 時 中 前 後 上 下 一番 本当 最近 感じ 場合 皆 全部 \
     今回 以上 以下 一つ 二つ 今年 去年 毎日 コト モノ ホント ココ ソレ コレ アレ",
    // Arabic.
    "التي الذي الذين إلى الى أن إن أنا أنت أنه إنه أو أي أيضا أين إذا إلا أما أمام أكثر بعد بعض بل بها به \
     بين تحت تكون تلك تم ثم جدا حتى حول حيث خلال دون ذلك سوف شيء ضد ضمن عند عندما عن على علي عليه غير فقط \
     فوق في فيه فيها قبل قد كان كانت كذلك كل كما كم كيف لأن لا لدى لقد لكن لكم لم لما لماذا لن له لها لهم \
     ليس ليست ما ماذا متى مثل مع من منذ منه منها نحن نعم هذا هذه هل هم هنا هناك هو هي وقد ولا وما وهذا وهو \
     وهي ومن يا يكون يمكن يوم اليوم انا انت انه وفي وعلى",
    // Korean.
    "가장 같은 같이 거의 것 것이 그 그것 그냥 그런 그럼 그리고 그래서 그러나 근데 나는 나의 내가 너무 \
     누가 누구 다른 다시 대한 더 때문 때문에 또 또는 많은 많이 매우 모두 모든 무슨 무엇 바로 보다 \
     뿐 아니 아니다 아주 아직 안 어디 어떤 어떻게 언제 없는 없다 여기 오늘 왜 우리 위해 이거 이건 이것 \
     이게 이런 이미 이번 있는 있다 있어요 있습니다 자기 저는 저기 저희 정말 제가 제일 조금 좀 지금 진짜 \
     하고 하는 하지만 한 한번 할 함께 합니다 해서 했다 했어요",
    // Thai, beside the list of `stop_words`.
    "ครับ ค่ะ คะ นะ ครับผม เลย ผม ฉัน คุณ เขา เธอ มัน เรา พวก นั้น อะไร ทำไม ยังไง ยัง มาก ๆ เพราะ ถ้า แต่ หรือ และ \
     ก็ อีก เอง กัน จริง จริงๆ ทุก ทำ ใช้ วันนี้ ตอนนี้ ใคร ไหน นี่ นั่น เพิ่ง ต้อง อยาก ไม่ ได้ มี เป็น อยู่ ไป มา ให้ แล้ว",
    // Khmer.
    "និង ជា នៅ ក្នុង បាន មាន ដែល ទៅ មក នេះ នោះ ពី ឱ្យ អោយ ដោយ ខ្ញុំ អ្នក យើង គាត់ គេ វា ទេ ហើយ តែ ឬ ដើម្បី នឹង ក៏ មិន \
     ណា អ្វី ណាស់ កំពុង ដល់ លើ ក្រោម ជាមួយ រួច ទៀត របស់ ការ ថា បើ ព្រោះ ពេល",
    // Lao.
    "ແລະ ທີ່ ໃນ ຂອງ ເປັນ ມີ ໄດ້ ບໍ່ ວ່າ ຈະ ໃຫ້ ກັບ ນີ້ ກໍ ກໍ່ ແຕ່ ຫຼື ຫລື ໄປ ມາ ແມ່ນ ຈາກ ໂດຍ ຢູ່ ແລ້ວ ຕ້ອງ ຂ້ອຍ ເຈົ້າ ລາວ \
     ພວກ ເຮົາ ນັ້ນ ຫຍັງ ຍັງ ຫຼາຍ ອີກ ເພາະ ຖ້າ ເດີ້ ເລີຍ ກັນ ການ ຄວາມ",
    // Burmese.
    "သည် မှာ တွင် ကို နှင့် များ က မှ ၏ ပါ တယ် ပြီး လည်း ဒါ ဒီ အဲဒီ ဘာ ဘယ် မ ဖြစ် ရှိ သော အတွက် ကြောင့် နဲ့ တော့ ပဲ လို့ ပေး နေ ခဲ့ \
     မည် မယ် ငါ သူ ကျွန်တော် ကျွန်မ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_drops_its_own_words_and_no_others() {
        let is_stop = |word: &str, lang: &str| is_stop_word(&folded(word), Lang::new(lang));
        for (word, lang) in [
            ("inte", "sv"),
            ("ikke", "nb"),
            ("bardzo", "pl"),
            ("není", "cs"),
            ("không", "vi"),
            ("adalah", "id"),
            ("बहुत", "hi"),
            ("हैं", "hi"),
            ("และ", "th"),
            ("אבל", "he"),
            ("است", "fa"),
            ("але", "uk"),
            ("我们", "zh"),
        ] {
            assert!(is_stop(word, lang), "{word} in {lang}");
        }
        for (word, lang) in [
            ("home", "en"),
            ("system", "en"),
            ("inte", "en"),
            ("batteri", "sv"),
            ("bateria", "pl"),
            ("แบตเตอรี่", "th"),
            ("बैटरी", "hi"),
            ("手机", "zh"),
            ("电池", "zh"),
            ("סוללה", "he"),
            ("باتری", "fa"),
        ] {
            assert!(!is_stop(word, lang), "{word} in {lang}");
        }
        assert!(!is_stop_word("inte", None), "unknown languages keep what only Swedish drops");
    }
}
