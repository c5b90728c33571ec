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

    use std::time::{Duration, Instant};

    use fishbowl::clock::{Clock, Time};

    use desk::Desk;
    use dice::Dice;
    use fate::Fate;
    use memory::Use;
    use stage::Stage;

    /// 2026-08-20 04:00:00 in Berlin, where the clock is set back on 25 October.
    pub const START: Time = Time::from_secs(1_787_191_200);
    const DAYS: (u32, u32) = (9, 90);
    /// Days until all windows are full: seven days, and the day that is under way.
    const FILLED: usize = 8;
    /// From one look at the feed to the next.
    const STEP: Duration = Duration::from_secs(300);
    pub const STEPS_A_DAY: u32 = 288;
    /// Steps from one picture to the next.
    const DRAWN_EVERY: u32 = 6;
    /// What a day may add at most to the bytes in use, once all windows are full.
    const SLOPE: f64 = 4_096.0;

    /// Each day's memory, four in the morning.
    #[derive(Default)]
    struct Log(Vec<Use>);

    impl Log {
        /// Bytes that each day adds: the slope of the line through them (Theil and Sen), which a day that happens to
        /// hold more does not turn.
        fn slope(&self) -> f64 {
            let days = &self.0[FILLED.min(self.0.len() / 2)..];
            let mut slopes: Vec<f64> = (0..days.len())
                .flat_map(|i| (i + 1..days.len()).map(move |j| (i, j)))
                .map(|(i, j)| (days[j].bytes as f64 - days[i].bytes as f64) / (j - i) as f64)
                .collect();
            slopes.sort_by(f64::total_cmp);
            slopes.get(slopes.len() / 2).copied().unwrap_or_default()
        }
    }

    #[test]
    fn ninety_days_leave_nothing_behind_and_every_picture_is_that_of_a_fresh_wall() {
        fishbowl::kiosk::usage::share_one_heap();
        let full = std::env::var_os("FISHBOWL_SOAK").is_some_and(|size| size == "full");
        let days = if full { DAYS.1 } else { DAYS.0 };
        let clock = Clock::simulated(START);
        let mut dice = Dice::new(0x9e37_79b9_7f4a_7c15);
        let mut desk = Desk::new(clock.clone());
        let mut stage = Stage::new(desk.wall.clone());
        let (mut fate, mut log) = (Fate::default(), Log::default());
        let (began, mut compared, mut outside) = (Instant::now(), 0, 0);
        for day in 0..days {
            let look_at = dice.below(STEPS_A_DAY);
            for step in 0..STEPS_A_DAY {
                let now = START + STEP * (STEPS_A_DAY * day + step);
                fate.decide(now, &mut dice, &mut desk, &mut stage);
                desk.hear(now, &mut fate);
                if step % DRAWN_EVERY == 0 {
                    stage.tick(&clock, &desk.snapshot);
                }
                if step == look_at {
                    let before = memory::in_use();
                    stage.assert_like_a_fresh_one(&clock, &mut desk);
                    compared += 1;
                    outside += memory::in_use() as i64 - before as i64;
                }
            }
            let bytes = (memory::in_use() as i64 - outside).unsigned_abs();
            log.0.push(Use { bytes, textures: stage.textures(), journal: desk.journal_bytes() });
            if full || day + 1 == days {
                println!(
                    "day {:>2}, {:>6.1} s: {}",
                    day + 1,
                    began.elapsed().as_secs_f32(),
                    log.0[day as usize]
                );
            }
        }
        println!(
            "{fate:?}; {} mentions; {compared} pictures compared; slope {:.0} B a day",
            desk.heard,
            log.slope()
        );
        assert!(fate.is_complete(), "{fate:?}");
        assert!(log.slope() <= SLOPE, "{} B a day", log.slope());
        let textures: Vec<u64> = log.0.iter().map(|day| day.textures).collect();
        let (early, late) = textures.split_at(textures.len() / 2);
        assert!(late.iter().max() <= early.iter().max(), "{textures:?}");
    }
}
