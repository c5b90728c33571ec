//! Languages in Latin letters, told apart by the small words that every text of them has and by
//! the letters that only some of them use.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::pulse::enrich::mood::lexicon;

/// A language: its code, letters beside a to z, and its most frequent words. All lists were
/// written down for this project.
pub struct Language {
    pub code: &'static str,
    pub letters: &'static str,
    words: &'static str,
}

const fn language(code: &'static str, letters: &'static str, words: &'static str) -> Language {
    Language { code, letters, words }
}

/// Those that are told apart; English first.
pub const LANGUAGES: [Language; 25] = [
    language(
        "en",
        "",
        "the a an and of to in is it you that he was for on are with as i his they be at one have this from \
         or had by but not what all were we when your can said there use each which she do how their if \
         will up other about out many then them these so some her would make like him into has look more \
         my than who its now did get come may just don't i'm it's can't you're that's isn't didn't doesn't \
         really never after back our us me very much why where love going got still been being because \
         should could too only over new good great best think know want need people today off no yes here \
         please thanks thank every any gonna i've i'll i'd he's she's we're let's ain't won't wasn't oh lol \
         haha day time last night first work down again always even right happy bad better way most next \
         year week makes made anyone everyone someone something nothing anything does done see say says \
         before while through between both under own same such those without against during",
    ),
    language(
        "de",
        "äöüß",
        "der die das und ist in zu den von mit nicht auf für ein eine einen einer eines dem des im am es sie \
         ich wir ihr er du als auch an aus bei bin bist sind war waren werden wird wurde hat haben habe hatte \
         dass daß wenn wie was wer wo warum oder aber nach vor über unter zum zur nur noch schon sehr mehr \
         mein dein sein kein keine mich mir dich dir uns euch ihn ihm sich so man doch mal ja nein jetzt heute \
         immer wieder ganz alles nichts kann können muss soll will gut durch gegen ohne bis um seit zwischen \
         diese dieser dieses beim vom ins gibt denn dann weil hier dort",
    ),
    language(
        "fr",
        "àâæçéèêëîïôœùûüÿ",
        "le la les un une des de du et est en que qui à il elle on ne pas pour dans ce cette ces par sur au aux \
         avec son sa ses se plus je tu nous vous ils elles mais ou où donc ni si leur leurs mon ma mes ton ta tes \
         notre votre être avoir fait faire tout tous toute toutes bien très comme sans sous entre aussi même \
         été était sont ont avait c'est j'ai d'un d'une qu'il qu'elle n'est n'a s'est l'on y'a ça cela rien \
         jamais toujours encore déjà peut quand quoi pourquoi merci oui non chez après avant depuis quel quelle",
    ),
    language(
        "es",
        "áéíóúüñ",
        "el la los las un una unos unas de del y e o en que es por para con no se lo le les su sus al como más \
         pero este esta esto estos estas ese esa eso muy ya si sí me te mi tu yo tú él ella nos ellos ellas \
         ser estar está están fue era son soy eres hay ha han he hasta desde cuando donde dónde quien quién \
         porque sobre entre sin todo todos toda todas también otro otra nada hoy ahora siempre nunca mucho \
         bien así aquí vamos gracias tiene tengo puede hace cada hacer qué cómo usted mejor antes después",
    ),
    language(
        "pt",
        "áâãàçéêíóôõúü",
        "o a os as um uma uns umas de do da dos das e em no na nos nas que é por para com não se lhe ao aos à às \
         mais mas como seu sua seus suas meu minha ele ela eles elas eu tu você vocês nós isso isto este esta \
         esse essa foi ser são está estão era tem têm ter há já muito também só quando onde porque pelo pela \
         pelos pelas até sem sobre entre depois antes ainda bem hoje agora sempre nunca tudo todos toda nada \
         vai vou fazer pode quem qual mesmo obrigado obrigada gente pra num numa dele dela estou uma então",
    ),
    language(
        "it",
        "àèéìòóù",
        "il lo la i gli le un uno una di del della dello dei degli delle a al alla ai alle da dal dalla in nel \
         nella con su sul sulla per tra fra e ed o ma che chi cui non è sono sei siamo ha ho hai hanno era ero \
         si se come più anche questo questa questi queste quello quella mi ti ci vi io tu lui lei noi loro mio \
         mia tuo tua suo sua nostro quando dove perché cosa così molto poco tutto tutti tutta già ancora sempre \
         mai oggi adesso ora qui bene fare fatto essere stato stata può solo dopo prima senza sia grazie c'è \
         dell'anno un'altra c'era nell'ambito all'interno dall'altro quindi però ogni",
    ),
    language(
        "nl",
        "ëïéèöü",
        "de het een en van in is dat op te zijn niet aan met voor er die ook als bij maar om dan nog naar uit door \
         over ze zij hij wij we je jij jullie u ik mij me mijn jouw zijn haar hun ons onze dit deze wat wie waar \
         hoe waarom wel geen of werd worden wordt heeft heb hebben had was waren kan kunnen moet moeten zal zou \
         wil gaan gaat goed meer veel al nu hier daar toch zo tot tegen omdat toen veel alle alles niets iets \
         weer even heel echt gewoon onder tussen zonder sinds vandaag altijd nooit bent",
    ),
    language(
        "sv",
        "åäöé",
        "och i att det som en på är av för med den till inte han var sig om ett har de men så från vi du jag ni \
         hon kan när ska skulle vid nu också efter upp hur mycket bara eller mig dig sin sitt sina min mitt din \
         ditt hade blev blir vara varit detta denna dessa där här vad vem varför många mer mest mot under utan \
         mellan över alla allt inget ingen något någon måste finns få fick går kommer är idag alltid aldrig igen \
         mycket bra tack oss dem deras vår ut än då sedan",
    ),
    language(
        "da",
        "æøåé",
        "og i at det er en den til af på for med der ikke de har han et som jeg var vi du hun fra kan vil ved om men \
         også så blev mig dig sig sin min din efter op hvor hvad hvem hvorfor når skal skulle eller meget kun nu \
         være været havde bliver dette denne disse her noget nogen ingen alle alt over under uden mellem mod \
         mere mest få får går kommer må tak godt os dem deres vores hvis lige siger efter år ud ind selv altid \
         aldrig igen",
    ),
    language(
        "nb",
        "æøåéòô",
        "og i det er som på en av for å med til at ikke den har de han et jeg var vi du hun fra kan vil ved om men \
         også så ble meg deg seg sin min din etter opp hvor hva hvem hvorfor når skal skulle eller veldig bare nå \
         være vært hadde blir dette denne disse her noe noen ingen alle alt over under uten mellom mot mer mest \
         få får går kommer må takk bra oss dem deres vår hvis sier år ut inn selv alltid aldri igjen ikkje eg ein",
    ),
    language(
        "fi",
        "äöå",
        "ja on ei että se hän oli ovat joka kun mutta myös niin kuin tai jos sen hänen minä sinä me te he ole \
         olen olet olemme olla ollut olisi tämä tämän nämä ne mitä mikä missä miksi kuka vain nyt sitten vielä \
         jo kaikki paljon hyvä hyvin ennen jälkeen kanssa ilman mukaan koska voi voin pitää ettei eikä sekä \
         vuonna kiitos minun sinun meidän joku jotain mitään enää aina täällä siellä noin yli minua jonka jossa \
         tässä siitä siinä sitä itse enemmän tänään",
    ),
    language(
        "pl",
        "ąćęłńóśźż",
        "i w nie na z że do to się jest o jak za od po a ale co czy tak ja ty on ona my wy oni był była było były być \
         są mam ma tym tego tej ten ta te dla przez przy pod nad przed bez już tylko jeszcze bardzo może można \
         oraz albo lub gdy kiedy gdzie dlaczego kto który która które którzy jego jej ich mnie mi cię ci nas wam \
         tu tam teraz dzisiaj dziś zawsze nigdy wszystko nic coś ktoś bo więc sobie swoje jako również także po \
         roku między będzie",
    ),
    language(
        "cs",
        "áčďéěíňóřšťúůýž",
        "a v se na je že to s z do i o k ve pro za by jsem jsme jste jsou byl byla bylo byly být ale jako který která \
         které jak tak po od při už jen nebo si ze aby není jeho její jejich mě mi tě ti nás vás co kdo kde kdy \
         proč protože také ještě velmi může můžete bude budou když pak tento tato toto než před mezi bez pod \
         nad podle roku dnes vždy nikdy všechno nic něco někdo tady tam teď vše má mají ho mu ji",
    ),
    language(
        "sk",
        "áäčďéíĺľňóôŕšťúýž",
        "a v sa na je že to s z do i o k vo pre za by som sme ste sú bol bola bolo boli byť ale ako ktorý ktorá ktoré \
         tak po od pri už len alebo si zo aby nie jeho jej ich mňa mi ťa ti nás vás čo kto kde kedy prečo pretože \
         tiež ešte veľmi môže môžete bude budú keď potom tento táto toto než pred medzi bez pod nad podľa roku \
         dnes vždy nikdy všetko nič niečo niekto tu tam teraz má majú ho mu ju aj sme však",
    ),
    language(
        "hu",
        "áéíóöőúüű",
        "a az és hogy nem is egy van volt de meg csak mint ez azt ha már még el ki fel le be vagy mert minden én te ő \
         mi ti ők engem téged minket nekem neked neki kell lehet lesz lenne voltak vannak lett ezt ezek azok \
         akkor amikor ahol hol miért mit ki kit sem nagyon jó jól most itt ott után előtt között alatt nélkül \
         szerint több sok aki ami amely amelyek pedig ma mindig soha valami valaki ennek annak így úgy igen \
         köszönöm évben",
    ),
    language(
        "ro",
        "ăâîșțşţ",
        "și în de la a cu pe nu că o un este să se mai din care pentru sunt au fost prin sau dar ca ce al ai ale lui ei \
         lor eu tu el ea noi voi ele meu mea tău ta său sa este era am ai are avea fi foarte acest această aceste \
         acesta când unde cine cum dacă doar și-a după înainte între fără sub peste până acum aici acolo astăzi \
         mereu niciodată tot toate toți nimic ceva cineva pot poate trebuie cele cea cel unei unui într-o dintre \
         îmi îți își mă te ne vă și despre",
    ),
    language(
        "tr",
        "çğıöşüâîû",
        "ve bir bu da de için ile çok ne o ben sen biz siz onlar gibi daha en olan olarak var yok ama mi mı mu mü ki \
         kadar sonra önce her şey hiç değil bana sana ona beni seni onu bunu şu ya veya ise diye nasıl neden niçin \
         nerede kim hangi benim senin onun bizim sizin bugün şimdi artık bile sadece göre karşı olduğu oldu olur \
         olacak ediyor etti eden tarafından arasında iyi güzel evet hayır teşekkürler lütfen zaman hem yine hep \
         biri bazı tüm böyle öyle",
    ),
    language(
        "vi",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ",
        "và của là có không được cho trong một các này với những người đã để khi đó cũng như về ra từ tôi bạn anh \
         chị em nó họ chúng ta mình rất nhiều thì mà nên vì nếu lại còn sẽ đang phải vào trên đến làm ở hay hơn nhất \
         sau trước năm ngày gì ai đâu sao nào rồi chỉ bị theo tại qua ông bà việc thế biết nói đi lên xuống",
    ),
    language(
        "id",
        "",
        "yang dan di dengan untuk tidak ini itu dari dalam akan pada adalah ke juga saya kamu anda dia mereka kami kita \
         ada bisa sudah telah atau oleh karena lebih seperti hanya sebagai bahwa namun tetapi tapi belum masih \
         banyak sangat harus jika kalau saat ketika apa siapa mengapa kenapa bagaimana mana orang tahun hari \
         lagi jadi menjadi sekarang semua setelah sebelum antara tanpa aku nya para serta dapat bukan lain \
         tersebut terhadap sampai yg gak nggak aja dong banget terima kasih selalu pernah",
    ),
    language(
        "ca",
        "àçèéíïòóúü",
        "el la els les un una uns unes de del dels i o en que és per amb no se al als com més però aquest aquesta \
         això molt ja si em et jo tu ell ella nosaltres ser està són era hi ha han fins des quan on qui perquè sobre \
         entre sense tot tots tota també altre res avui ara sempre mai bé així aquí va van pel pels seva seu seus \
         meva meu què ens us cap dins després abans només fer té tenen hem he d'un l'any d'una s'ha n'hi segons",
    ),
    language(
        "hr",
        "čćđšž",
        "i u je na se da za su od s sa o što kao ne to a ali ili po iz koji koja koje bi sam smo ste bio bila bilo \
         biti nije nisu nema ima kako kada gdje gde zašto tko ko ovo ova ovaj taj ta te ti on ona ono mi vi oni me \
         te ga mu joj ih im moj tvoj svoj njegov još već samo vrlo jako može mogu treba prije posle poslije između \
         bez pod nad protiv danas sada uvijek uvek nikad sve svi ništa nešto netko neko hvala dok jer ako godine \
         godina više također li će ću",
    ),
    language(
        "et",
        "äöõüšž",
        "ja on ei et see oli ka kui aga mis oma ta ma sa me te nad ning või seda selle nii kes mida mille kus miks \
         kuidas olen oled oleme olla olnud oleks pole ole siis veel juba ainult väga hea hästi enne pärast koos \
         ilma järgi sest võib saab peab kõik palju nüüd täna alati mitte midagi keegi minu sinu tema meie teie \
         nende siin seal üle all läbi vahel aasta aastal eest kohta pärast mulle sulle",
    ),
    language(
        "lt",
        "ąčęėįšųūž",
        "ir yra kad su į iš tai bet kaip ne o už po per prie nuo apie ar jis ji jie jos aš tu mes jūs mano tavo savo jo \
         jų buvo būti bus bei taip pat dar jau tik labai gali reikia kai kur kodėl kas ką kuris kuri kurie nes jei \
         arba šis ši tas ta dabar šiandien visada niekada viskas nieko kažkas čia ten daug geras gerai metų metais \
         tarp be iki yra nėra",
    ),
    language(
        "lv",
        "āčēģīķļņšūž",
        "un ir ka ar uz no par bet kā ne vai tas tā es tu viņš viņa mēs jūs viņi mans tavs savs bija būt būs nav arī \
         vēl jau tikai ļoti var vajag kad kur kāpēc kas ko kurš kura jo ja šis šī tagad šodien vienmēr nekad viss \
         nekas kaut šeit tur daudz labs labi gada gadā pēc pirms starp bez līdz pie lai kuri to tiek pats",
    ),
    language(
        "tl",
        "ñ",
        "ang ng sa na mga ay at hindi ko mo niya siya ako ikaw kami tayo sila ito iyan iyon nito para may mayroon wala \
         lang din rin naman pa po opo ba kung dahil pero kaya kasi saan kailan bakit paano sino ano alin lahat \
         marami mas pinaka isang isa dalawa noong ngayon bukas kahapon namin natin nila kanya kanila akin iyo \
         salamat huwag dapat pwede gusto talaga sana nang upang ngunit mula hanggang",
    ),
];

/// For each word, a bit for each language that has it.
static WORDS: LazyLock<FxHashMap<&'static str, u32>> = LazyLock::new(|| {
    let mut words: FxHashMap<&'static str, u32> = FxHashMap::default();
    for (i, language) in LANGUAGES.iter().enumerate() {
        language.words.split_whitespace().for_each(|word| *words.entry(word).or_default() |= 1 << i);
    }
    words
});

/// For each letter beside a to z, a bit for each language that uses it.
static LETTERS: LazyLock<FxHashMap<char, u32>> = LazyLock::new(|| {
    let mut letters: FxHashMap<char, u32> = FxHashMap::default();
    for (i, language) in LANGUAGES.iter().enumerate() {
        language.letters.chars().for_each(|c| *letters.entry(c).or_default() |= 1 << i);
    }
    letters
});

/// What speaks for each language.
#[derive(Debug)]
pub struct Evidence {
    score: [f32; LANGUAGES.len()],
}

/// What a word or letter that only one language has weighs.
const WORD: f32 = 1.0;
const LETTER: f32 = 0.5;
/// A word by which English texts are judged, and that is in no list.
const FELT: f32 = 0.3;
/// A letter that a language does not have.
const STRANGE: f32 = 0.5;

impl Default for Evidence {
    fn default() -> Self {
        Self { score: [0.0; LANGUAGES.len()] }
    }
}

impl Evidence {
    /// Takes in a word in small letters.
    pub fn word(&mut self, word: &str) {
        match WORDS.get(word) {
            Some(mask) => self.add(*mask, WORD / mask.count_ones() as f32),
            // What people feel by: it alone is no proof, because other languages have such words.
            None if lexicon::known(word).valence.is_some() => self.add(1, FELT),
            None => {}
        }
        if word.is_ascii() {
            return;
        }
        for mask in word.chars().filter_map(|c| LETTERS.get(&c)) {
            self.add(*mask, LETTER / mask.count_ones() as f32);
            self.add(!*mask, -STRANGE);
        }
    }

    fn add(&mut self, mask: u32, by: f32) {
        for (i, score) in self.score.iter_mut().enumerate() {
            if mask & 1 << i != 0 {
                *score += by;
            }
        }
    }

    /// The language that most speaks for, how much, and by how much more than for the next.
    pub fn best(&self) -> (&'static str, f32, f32) {
        let (mut best, mut next) = ((0, f32::MIN), f32::MIN);
        for (i, score) in self.score.iter().copied().enumerate() {
            if score > best.1 {
                next = best.1;
                best = (i, score);
            } else {
                next = next.max(score);
            }
        }
        (LANGUAGES[best.0].code, best.1, best.1 - next)
    }
}
