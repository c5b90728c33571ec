//! What this process costs the machine.

use std::time::Duration;

/// Processor time of all threads so far, user and system; zero where the system does not tell.
pub fn cpu_time() -> Duration {
    #[cfg(unix)]
    {
        // SAFETY: `getrusage` writes a whole `rusage` or fails; an all-zero one is valid.
        let usage = unsafe {
            let mut usage: libc::rusage = std::mem::zeroed();
            if libc::getrusage(libc::RUSAGE_SELF, &mut usage) != 0 {
                return Duration::ZERO;
            }
            usage
        };
        let time = |t: libc::timeval| Duration::new(t.tv_sec as u64, t.tv_usec as u32 * 1_000);
        time(usage.ru_utime) + time(usage.ru_stime)
    }
    #[cfg(not(unix))]
    Duration::ZERO
}

/// Resident memory now, MiB (Linux: `/proc/self/statm`); `None` where the system does not tell.
pub fn resident_mb() -> Option<f64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: f64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * page_size() / (1024.0 * 1024.0))
}

/// Highest resident memory so far, MiB (Linux: `VmHWM` of `/proc/self/status`).
pub fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

fn page_size() -> f64 {
    #[cfg(unix)]
    {
        // SAFETY: `sysconf` only reads.
        let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        if size > 0 {
            return size as f64;
        }
    }
    4096.0
}

/// Lets the calling thread give way to the one that draws (Linux: nice 5 for this thread).
pub fn give_way() {
    #[cfg(target_os = "linux")]
    // SAFETY: sets a scheduling value of the calling thread; failure changes nothing.
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, 5);
    }
}

/// Keeps the heap in one piece (glibc): threads with pieces of their own would hold on to about
/// 10 MiB that the others could use. Call it before the first thread.
pub fn share_one_heap() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: sets a parameter of the allocator; failure changes nothing.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}
