//! The wall's mirror and remote as the command line opens them: where they listen, what is printed of that, and what
//! the kiosk tells them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::bitmap::Bitmap;
use crate::clock::{Instant, Time};
use crate::journal::{self, Tally};
use crate::kiosk::{FrameObserver, WallStatus};
use crate::layout::wall::Wall;
use crate::remote::{self, FrameStatus, Hosts, JournalStats, Mirror, Sealed};
use crate::text::MissingScripts;

use super::args::ShowArgs;
use super::failure::Failure;
use super::live::Live;
use super::{journal_setup, output, qr};

/// Time between two attempts to listen.
const TRY_EVERY: Duration = Duration::from_secs(5);

/// Starts the mirror and prints its address. A port that is taken does not stop the wall.
pub fn mirror(args: &ShowArgs, live: &Live, wall: &Wall) -> Result<Option<Box<dyn FrameObserver>>, Failure> {
    let hosts = Hosts::new(&args.mirror_host)?;
    let Some(addr) = address(args.mirror.as_deref(), wall)? else { return Ok(None) };
    let mirror = Mirror::new(live.clock.clone(), live.desk.clone())?;
    // Who may see what stands before the first display does.
    mirror.set_wall(wall);
    let sealed = match sealed(addr, wall) {
        Ok(sealed) => sealed,
        Err(why) => {
            output::eprint(format_args!("fishbowl: no mirror: [remote] tls: {why}\n"));
            return Ok(None);
        }
    };
    let entrance = Entrance { addr, mirror: mirror.clone(), hosts, sealed, has_gate: wall.gate.is_some() };
    if let Err(error) = live.runtime.block_on(entrance.open()) {
        output::eprint(format_args!(
            "fishbowl: no mirror: {error}; trying again, or choose another address with --mirror ADDR\n"
        ));
        live.runtime.spawn(async move {
            while entrance.open().await.is_err() {
                tokio::time::sleep(TRY_EVERY).await;
            }
        });
    }
    Ok(Some(Box::new(MirrorObserver { mirror, tally: live.tally.clone() })))
}

/// What is served, and where. The address may not be there yet: a network may come up later than the wall, and what
/// has the port may go.
struct Entrance {
    addr: SocketAddr,
    mirror: Mirror,
    hosts: Hosts,
    sealed: Option<Sealed>,
    has_gate: bool,
}

impl Entrance {
    async fn open(&self) -> std::io::Result<()> {
        let (mirror, sealed) = (self.mirror.clone(), self.sealed.clone());
        let serving = remote::serve(self.addr, mirror, self.hosts.clone(), sealed).await?;
        say_where(serving.addr, self.sealed.as_ref(), self.has_gate);
        if !serving.addr.ip().to_canonical().is_loopback() {
            self.mirror.announce_codes(say_code);
        }
        Ok(())
    }
}

/// Where the mirror is to listen, if at all: the command line before the layout.
fn address(wish: Option<&str>, wall: &Wall) -> Result<Option<SocketAddr>, Failure> {
    match wish {
        Some("off") => Ok(None),
        None => Ok(Some(wall.remote.listen.unwrap_or(remote::DEFAULT_ADDR))),
        Some(wish) => wish.parse().map(Some).map_err(|_| {
            let example = "use an IP address and a port, such as 127.0.0.1:8460, or `off`";
            format!("--mirror {wish}: not an address; {example}").into()
        }),
    }
}

/// What the mirror's connections are encrypted with, if they are to be. Where that cannot be done nothing is
/// served in the clear instead.
fn sealed(addr: SocketAddr, wall: &Wall) -> Result<Option<Sealed>, String> {
    let Some(tls) = &wall.remote.tls else { return Ok(None) };
    let folder = journal_setup::state_folder().map(|folder| folder.join("fishbowl"));
    folder.iter().for_each(|folder| journal::close_folder(folder));
    remote::seal(tls, remote::openable(addr), folder.as_deref()).map(Some)
}

fn say_where(addr: SocketAddr, sealed: Option<&Sealed>, has_gate: bool) {
    let (scheme, address) = (if sealed.is_some() { "https" } else { "http" }, remote::openable(addr));
    output::eprint(format_args!("mirror: {scheme}://{address}/\nremote: {scheme}://{address}/remote\n"));
    if has_gate {
        output::eprint(format_args!("moderation: {scheme}://{address}/moderate\n"));
    }
    let is_reached = !addr.ip().to_canonical().is_loopback();
    match sealed {
        Some(sealed) => {
            output::eprint(format_args!("certificate (SHA-256): {}\n", sealed.fingerprint));
        }
        None if is_reached => {
            output::eprint(format_args!("fishbowl: warning: {}\n", in_the_clear(addr)));
        }
        None => {}
    }
    if is_reached {
        output::eprint(format_args!("{}", qr::lines(&format!("{scheme}://{address}/remote"))));
    }
}

fn in_the_clear(addr: SocketAddr) -> String {
    format!(
        "the mirror at {addr} is not encrypted: anyone on this network can read what passes, tokens too; set \
         `[remote] tls = true`, or use a network of its own"
    )
}

/// On the console alone: a code is no matter for a log file.
fn say_code(code: &str) {
    let (first, last) = code.split_at(code.len() / 2);
    output::eprint(format_args!("sign-in code for one phone: {first} {last}\n"));
}

/// Hands what the kiosk shows to the mirror.
struct MirrorObserver {
    mirror: Mirror,
    tally: Arc<ArcSwap<Tally>>,
}

/// What the journal did.
fn journal_stats(tally: &Tally) -> JournalStats {
    let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
    JournalStats {
        kept: count(&tally.kept),
        repeats: count(&tally.repeats),
        unrecorded: count(&tally.unrecorded),
        bytes: count(&tally.bytes),
    }
}

/// That a second copy of this wall runs.
fn wanted(tally: &Tally) -> Option<String> {
    match tally.wanted_by.load(Ordering::Relaxed) {
        0 => None,
        process => Some(format!(
            "another Fishbowl (process {process}) wants to record to the journal of this wall; end one of the two"
        )),
    }
}

impl FrameObserver for MirrorObserver {
    fn wall(&self, wall: &Wall) {
        self.mirror.set_wall(wall);
    }

    fn seen(&self, display: usize, at: Instant) {
        self.mirror.seen(display, at);
    }

    fn wants(&self, display: usize, n: u64, now: Time) -> bool {
        self.mirror.wanted(display, n, now)
    }

    fn watches(&self, display: usize, now: Time) -> bool {
        self.mirror.is_watched(display, now)
    }

    fn show(&self, display: usize, n: u64, picture: Bitmap) {
        self.mirror.put(display, n, picture);
    }

    fn status(&self, now: WallStatus<'_>) {
        let scene = now.wall.scenes.get(now.scene);
        let excused = |display: &usize| now.excused.has(*display);
        // Many panels take their monitor away when they rest.
        let absent = now.absent.iter().filter(|display| now.outage.is_none() && !excused(display));
        let absent = absent.map(|&i| format!("display `{}` has no monitor", now.wall.displays[i].name));
        let tally = self.tally.load();
        let doubt = tally.doubt.load().as_deref().cloned().into_iter().chain(wanted(&tally));
        let letters = now.missing.and_then(MissingScripts::problem);
        self.mirror.set_status(FrameStatus {
            scene: scene.map(|s| s.name.as_str()).unwrap_or_default().into(),
            title: scene.and_then(|s| s.title.as_deref()).map(Into::into),
            notice: now.notice.map(str::to_owned),
            problems: doubt.chain(absent).chain(now.remarks.iter().cloned()).chain(letters).collect(),
            excused: (0..now.wall.displays.len()).filter(excused).collect(),
            absent: now.absent,
            unseen: now.unseen.iter().map(|unseen| (unseen.display, unseen.length)).collect(),
            outage: now.outage.map(str::to_owned),
            device_losses: now.device_losses,
            journal: journal_stats(&tally),
        });
    }
}
