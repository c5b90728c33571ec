//! How many mentions a second the journal keeps, on one core, and what they take.
//!
//! `cargo bench --bench journal`: 1,000,000 mentions; `-- --large`: 10,000,000. The mentions are
//! made while the clock stands.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fishbowl::clock::{Clock, Time};
use fishbowl::journal::{History, Journal, Seq, Settings};
use fishbowl::mention::source::{Batch, FeedState, MAX_BATCH, Nature};
use fishbowl::mention::{Author, Kind, Mention, Network};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng as _, SeedableRng as _};

/// Batches in one transaction, as the recorder takes them when much comes.
const BATCHES: usize = 8;
const WORDS: [&str; 24] = [
    "the", "new", "phone", "is", "battery", "camera", "honestly", "aurora", "shop", "queue", "today",
    "never", "again", "love", "screen", "price", "with", "update", "broke", "and", "everyone", "waiting",
    "for", "support",
];

/// Makes mentions like those of Jetstream; each one once.
struct Maker {
    dice: Pcg64Mcg,
    made: u64,
    source: Arc<str>,
}

impl Maker {
    fn batch(&mut self, clock: &Clock) -> Batch {
        let mentions: Vec<_> = (0..MAX_BATCH).map(|_| self.mention(clock)).collect();
        let state = FeedState::new(&self.source, Nature::Live, Duration::from_secs(60));
        Batch { mentions, cursor: Some(self.made.to_string().into()), ..Batch::of(0, state) }
    }

    fn mention(&mut self, clock: &Clock) -> Mention {
        self.made += 1;
        clock.set(Time(clock.now().0 + 10_000_000));
        let now = clock.now();
        let author = format!("did:plc:{:024x}", self.dice.next_u64() % 500_000);
        let id = format!("at://{author}/app.bsky.feed.post/3k{:011x}", self.made);
        let mut mention =
            Mention::new(&self.source, "", Time(now.0 - 300_000_000), now).with_uid("bluesky", &id);
        (mention.network, mention.kind) = (Network::Bluesky, Kind::Post);
        mention.version = now.as_micros() as u64;
        mention.text = Some(self.text().into());
        mention.lang = Some("en".into());
        mention.author = Some(Author { id: author.into(), ..Author::default() });
        mention
    }

    /// 150 to 300 bytes.
    fn text(&mut self) -> String {
        let length = 150 + (self.dice.next_u64() % 145) as usize;
        let mut text = String::with_capacity(304);
        while text.len() < length {
            let word = WORDS[(self.dice.next_u64() % WORDS.len() as u64) as usize];
            write!(text, "{word} ").expect("a string takes all");
        }
        text
    }
}

fn main() {
    let large = std::env::args().any(|word| word == "--large");
    let (million, most) = (1_000_000, if large { 10_000_000 } else { 1_000_000 });
    let place = std::env::var_os("JOURNAL_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(place).expect("a temporary folder");
    let path = folder.path().join("bench.journal");
    let settings =
        Settings { path: path.clone(), keep: Duration::from_secs(30 * 86_400), max_bytes: 1 << 40 };
    let clock = Clock::simulated(Time::from_secs(1_800_000_000));
    let mut journal = Journal::open(&settings, clock.clone(), Arc::new(|_| Vec::new())).expect("it opens");
    let mut maker = Maker { dice: Pcg64Mcg::seed_from_u64(7), made: 0, source: "public".into() };
    println!(
        "{:>12} {:>12} {:>10} {:>10} {:>10} {:>12}",
        "mentions", "mentions/s", "worst ms", "RSS MiB", "file MiB", "bytes each"
    );
    let (mut spent, mut worst, mut last) = (Duration::ZERO, Duration::ZERO, 0);
    while maker.made < most {
        let mut batches: Vec<_> = (0..BATCHES).map(|_| maker.batch(&clock)).collect();
        let begun = Instant::now();
        let done = journal.keep(&mut batches).expect("it keeps");
        let took = begun.elapsed();
        assert_eq!(done.kept, (BATCHES * MAX_BATCH) as u64);
        (spent, worst) = (spent + took, worst.max(took));
        if maker.made / million > last / million || maker.made >= most {
            say(&path, maker.made, (maker.made - last) as f64 / spent.as_secs_f64(), worst);
            (spent, worst, last) = (Duration::ZERO, Duration::ZERO, maker.made);
        }
    }
    say_singles(&mut journal, &mut maker, &clock);
    drop(journal);
    let begun = Instant::now();
    let read: usize = History::open(&path, Time(0), Seq(i64::MAX))
        .expect("it opens")
        .map(|chunk| chunk.expect("it reads").len())
        .sum();
    println!("read back: {:.0} mentions/s", read as f64 / begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    Journal::open(&settings, clock, Arc::new(|_| Vec::new())).expect("it opens");
    println!("opened in {} ms", begun.elapsed().as_millis());
}

/// What a transaction of one mention takes, without and with a receipt (which waits for the disk).
fn say_singles(journal: &mut Journal, maker: &mut Maker, clock: &Clock) {
    for (what, waits) in [("commit of one", false), ("commit of one, on disk", true)] {
        let mut spent = Duration::ZERO;
        for _ in 0..500 {
            let mut one = maker.batch(clock);
            one.mentions.truncate(1);
            one.receipt = waits.then(|| tokio::sync::oneshot::channel().0);
            let begun = Instant::now();
            journal.keep(&mut [one]).expect("it keeps");
            spent += begun.elapsed();
        }
        println!("{what}: {} µs", spent.as_micros() / 500);
    }
}

fn say(path: &Path, made: u64, rate: f64, worst: Duration) {
    let bytes = std::fs::metadata(path).map_or(0, |meta| meta.len());
    println!(
        "{made:>12} {rate:>12.0} {:>10.1} {:>10.1} {:>10} {:>12.0}",
        worst.as_secs_f64() * 1e3,
        resident_kib() as f64 / 1024.0,
        bytes >> 20,
        bytes as f64 / made as f64
    );
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
