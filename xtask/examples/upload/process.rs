//! What a process has used, from /proc.

use std::fs;

/// Clock ticks a second in /proc, on every Linux there is.
const TICKS: f64 = 100.0;

/// A process by its id.
pub(crate) struct Process(pub(crate) u32);

/// What it has used so far, or in between.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// CPU seconds, in programs and in the kernel.
    pub(crate) cpu: f64,
    /// The largest resident size, in MiB, since [`Process::forget_peak`].
    pub(crate) peak: f64,
}

impl Process {
    /// What it has used; `None` where the system does not tell.
    pub(crate) fn usage(&self) -> Option<Usage> {
        let stat = self.read("stat")?;
        // The name of the program stands in brackets and may hold anything; fields 14 and 15 are the times.
        let (_, fields) = stat.rsplit_once(") ")?;
        let mut times = fields.split(' ').skip(11);
        let mut time = || times.next()?.parse::<f64>().ok();
        let cpu = (time()? + time()?) / TICKS;
        let status = self.read("status")?;
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: f64 = peak.trim().trim_end_matches(" kB").parse().ok()?;
        Some(Usage {
            cpu,
            peak: kilobytes / 1024.0,
        })
    }

    /// The peak begins again at what it holds now.
    pub(crate) fn forget_peak(&self) {
        // Where that cannot be, the peak is that of its whole life: higher, not lower.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.0), "5");
    }

    fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(format!("/proc/{}/{name}", self.0)).ok()
    }
}

/// How many processes the machine had to run in the last minute, on average.
pub(crate) fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}

impl Usage {
    /// What was used since.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            cpu: self.cpu - before.cpu,
            ..self
        }
    }
}
