//! From a module's `commit()` to the client: the module draws what the monotonic clock says, which all processes share.

use anyhow::{Context, Result};
use rustix::time::{ClockId, clock_gettime};

use super::Bench;
use super::client_frames::Version;
use super::daemon::Daemon;
use super::fixture::{self, CLOCK};
use super::http::find;
use super::report::Report;

/// What stands before the nanoseconds.
pub(crate) const MARK: &[u8] = b"stamp:";

pub(crate) fn measure(bench: &Bench, report: &mut Report) -> Result<()> {
    let data = bench.started.path("commit");
    fixture::write(&data, "clock", CLOCK)?;
    let daemon = Daemon::start(bench, &data)?;
    let mut client = daemon.pair()?;
    client.enable("clock")?;
    let mut stream = client.stream(Version::V1)?;
    let (mut samples, mut last) = (Vec::new(), 0);
    let count = bench.samples(200, 30);
    while samples.len() < count {
        let frame = stream.next()?;
        let now = monotonic()?;
        match stamp(frame) {
            Some(stamp) if stamp != last => {
                samples.push((now - stamp) as f64 / 1e6);
                last = stamp;
            }
            _ => {}
        }
    }
    report.add(
        "commit.client",
        "commit → client of stream v1",
        "ms",
        samples,
        &[],
    );
    Ok(())
}

/// The nanoseconds that the module drew.
pub(crate) fn stamp(frame: &[u8]) -> Option<u64> {
    let digits = &frame[find(frame, MARK)? + MARK.len()..];
    let digits = &digits[..find(digits, b";")?];
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Nanoseconds of the clock that Python's `time.monotonic_ns()` reads.
pub(crate) fn monotonic() -> Result<u64> {
    let time = clock_gettime(ClockId::Monotonic);
    let nanoseconds = i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec);
    u64::try_from(nanoseconds).context("a clock before its beginning")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_found_in_frames() {
        assert_eq!(stamp(b"\x81\xa5value\xacstamp:1234;\xa1x"), Some(1234));
        assert_eq!(stamp(b"stamp:;"), None);
        assert_eq!(stamp(b"no tile"), None);
    }
}
