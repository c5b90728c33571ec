//! Tasks that look after the panels of a wall.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::keeper::Keeper;
use super::{panel, wol};
use crate::clock::Clock;
use crate::control::Desk;
use crate::control::power::{PanelNow, wanted};
use crate::layout::panel::PanelSpec;

/// Between two looks at what is wanted.
const TICK: Duration = Duration::from_millis(500);
/// Panels are switched one after another, so that they do not all draw their inrush current at once.
const STAGGER: Duration = Duration::from_millis(500);
/// From the answer of a panel to the next thing that it is asked.
const PAUSE: Duration = Duration::from_millis(300);

/// Looks after the panels of the desk's wall until the runtime ends.
pub fn keep(desk: Arc<Desk>, clock: Clock, runtime: &Handle) {
    runtime.spawn(follow(desk, clock));
}

/// Starts again when the layout names other panels.
async fn follow(desk: Arc<Desk>, clock: Clock) {
    let (mut kept, mut tasks) = (Vec::new(), JoinSet::new());
    loop {
        let power = desk.rundown().power;
        if power.panels != kept {
            tasks.shutdown().await;
            desk.panels().forget();
            kept = power.panels.clone();
            for (index, (display, spec)) in kept.iter().cloned().enumerate() {
                let place = STAGGER * index as u32;
                tasks.spawn(attend(desk.clone(), clock.clone(), (display, spec), place));
            }
        }
        tokio::time::sleep(TICK).await;
    }
}

/// Looks after one panel; it is switched after `place`.
async fn attend(desk: Arc<Desk>, clock: Clock, (display, spec): (String, PanelSpec), place: Duration) {
    let mut keeper = Keeper::new(clock.instant());
    let mut told: Option<PanelNow> = None;
    loop {
        let wish = wanted(&desk.rundown().power, &desk.state(), &display, clock.now());
        keeper.want(wish.rests, clock.instant());
        note(&desk, &display, &keeper, &clock, &mut told);
        if keeper.is_due(clock.instant()) {
            turn(&desk, &display, &spec, &mut keeper, &clock, place).await;
            note(&desk, &display, &keeper, &clock, &mut told);
        }
        tokio::time::sleep(TICK).await;
    }
}

async fn turn(
    desk: &Desk,
    name: &str,
    spec: &PanelSpec,
    keeper: &mut Keeper,
    clock: &Clock,
    place: Duration,
) {
    let said = panel::ask(spec, desk.panels().output(name)).await;
    let order = keeper.heard(said, clock.instant());
    if let Some((mac, address)) = spec.called().filter(|_| keeper.may_sleep()) {
        let called = wol::call(mac, address, wol::PORT).await;
        if keeper.called(clock.instant()) {
            match called {
                Ok(()) => tracing::info!("calling the panel of {name} by wake-on-LAN"),
                Err(why) => tracing::warn!("the panel of {name} cannot be called by wake-on-LAN: {why}"),
            }
        }
    }
    let Some(on) = order else { return };
    tokio::time::sleep(PAUSE + place).await;
    tracing::info!("switching the panel of {name} {}", if on { "on" } else { "off" });
    let accepted = panel::switch(spec, desk.panels().output(name), on).await;
    if let Err(why) = &accepted {
        tracing::warn!("the panel of {name} was not switched: {why}");
    }
    keeper.ordered(accepted, clock.instant());
}

fn note(desk: &Desk, name: &str, keeper: &Keeper, clock: &Clock, told: &mut Option<PanelNow>) {
    let now = keeper.told(name, clock.instant());
    let problem = |panel: &Option<PanelNow>| panel.as_ref().and_then(|panel| panel.problem.clone());
    let before = problem(told);
    match &now.problem {
        Some(problem) if before.as_ref() != Some(problem) => tracing::warn!("{problem}"),
        None if before.is_some() => tracing::info!("the panel of {name} is well again"),
        _ => {}
    }
    desk.panels().note(name, now.clone());
    *told = Some(now);
}
