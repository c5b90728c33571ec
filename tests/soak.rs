//! Ninety days of a wall on a simulated clock: scenes, modes, midnights and the night in which the clock is set
//! back; a feed that is lost, refused, throttled and full of garbage; layouts that change, good and broken ones;
//! clocks that leap, restarts, alerts, banners, and a journal that forgets. What is in use in the end is what was
//! in use when all windows were full, and at random moments every pixel is that of a fresh wall. Needs a Vulkan
//! driver (Debian: mesa-vulkan-drivers).
//!
//! The suite does some days of it; `FISHBOWL_SOAK=full` does all.

#[path = "rig/alike.rs"]
mod alike;

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod soak {
    mod desk;
    mod dice;
    mod fate;
    mod memory;
    mod stage;
    mod walls;

    use std::ops::Range;
    use std::time::{Duration, Instant};

    use fishbowl::clock::{Clock, Time};

    use desk::Desk;
    use dice::Dice;
    use fate::Fate;
    use memory::Use;
    use stage::Stage;

    /// 2026-08-20 04:00:00 in Berlin, where the clock is set back on 25 October.
    pub const START: Time = Time::from_secs(1_787_191_200);
    /// All of them, and those of the suite, in which everything comes once.
    const ALL: Range<u32> = 0..90;
    const SOME: Range<u32> = 8..14;
    /// Days until all windows are full: seven days, and the day that is under way.
    const FILLED: usize = 8;
    /// Looks at the feed.
    pub const STEPS_A_DAY: u32 = 288;
    const DAY: Duration = Duration::from_secs(86_400);
    /// Steps from one picture to the next.
    const DRAWN_EVERY: u32 = 6;
    /// Bytes of textures and buffers at most: pictures of two small displays and of what crosses over, atlases, 8 MB of
    /// text that is copied, and what blocks of up to 4 MiB leave free.
    const TEXTURES: u64 = 24 << 20;
    /// Bytes on the heap at most, with all windows and caches full.
    const HEAP: u64 = 100 << 20;
    /// Bytes that each of ninety days may seem to add at most. A cache that is emptied by half when it is full makes a
    /// day differ from the next by up to ten million; over 82 days that is a slope of 25,000, up or down.
    const SLOPE: f64 = 65_536.0;

    /// Bytes that each day adds: the slope of the line through the days that show the same layout (Theil and Sen),
    /// which a day that happens to hold more does not turn.
    fn slope(days: &[Use]) -> f64 {
        let later = |i: usize| (i + 1..days.len()).map(move |j| (i, j));
        let pairs = (0..days.len()).flat_map(later).filter(|(i, j)| days[*i].layout == days[*j].layout);
        let slope = |(i, j): (usize, usize)| (days[j].bytes as f64 - days[i].bytes as f64) / (j - i) as f64;
        let mut slopes: Vec<f64> = pairs.map(slope).collect();
        slopes.sort_by(f64::total_cmp);
        slopes[slopes.len() / 2]
    }

    #[test]
    fn ninety_days_leave_nothing_behind_and_every_picture_is_that_of_a_fresh_wall() {
        fishbowl::kiosk::usage::share_one_heap();
        let full = std::env::var_os("FISHBOWL_SOAK").is_some_and(|size| size == "full");
        let days = if full { ALL } else { SOME };
        let clock = Clock::simulated(START + DAY * days.start);
        let mut dice = Dice::new(0x9e37_79b9_7f4a_7c15);
        let mut desk = Desk::new(clock.clone());
        let mut stage = Stage::new(desk.wall.clone());
        let (mut fate, mut log, began) = (Fate::default(), Vec::new(), Instant::now());
        let (mut compared, mut outside) = (0, 0);
        for day in days {
            let look_at = dice.below(STEPS_A_DAY);
            for step in 0..STEPS_A_DAY {
                let now = START + DAY * day + DAY / STEPS_A_DAY * step;
                fate.decide(now, &mut dice, &mut desk, &mut stage);
                desk.hear(now, &mut fate);
                if step % DRAWN_EVERY == 0 {
                    stage.tick(&clock, &desk.snapshot);
                }
                if step == look_at {
                    outside += stage.assert_like_a_fresh_one(&clock, &mut desk);
                    compared += 1;
                }
            }
            stage.forget_text();
            let (textures, layout) = (stage.textures(), fate.layout());
            // The software driver has its textures on the heap, too.
            let bytes = (memory::in_use() as i64 - outside - textures as i64).unsigned_abs();
            let held = Use { bytes, layout, textures, journal: desk.journal_bytes() };
            println!("day {:>2}, {:>6.1} s: {held}", day + 1, began.elapsed().as_secs_f32());
            log.push(held);
        }
        println!("{fate:?}; {} mentions; {compared} moments compared", desk.heard);
        println!("fresh walls left {outside} B behind");
        assert!(fate.is_complete(), "{fate:?}");
        if full {
            let slope = slope(&log[FILLED..]);
            println!("{slope:.0} B a day");
            assert!(slope <= SLOPE, "{slope} B a day");
        }
        let most = |of: fn(&Use) -> u64| log.iter().map(of).max().unwrap_or_default();
        let (heap, textures) = (most(|day| day.bytes), most(|day| day.textures));
        assert!(heap <= HEAP && textures <= TEXTURES, "{heap} B on the heap, {textures} B of textures");
    }
}
