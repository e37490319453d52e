//! Time as the wire has it.

use std::time::SystemTime;

use jiff::{Timestamp, Zoned};

/// Local time, ISO 8601 with microseconds and no zone, as v1 has it.
pub(crate) fn v1_now() -> String {
    Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

/// Seconds since 1970.
pub(crate) fn unix_now() -> i64 {
    Timestamp::now().as_second()
}

/// RFC 3339 in UTC.
pub(crate) fn rfc3339(unix: i64) -> String {
    Timestamp::from_second(unix).map_or_else(|_| String::new(), |time| time.to_string())
}

/// RFC 3339 in UTC with milliseconds.
pub(crate) fn precise(time: SystemTime) -> String {
    Timestamp::try_from(time).map_or_else(
        |_| String::new(),
        |time| time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn v1_times_have_microseconds_and_no_zone() {
        let now = v1_now();
        assert_eq!(now.len(), "2026-01-31T12:00:00.000000".len(), "{now}");
        assert!(!now.contains('+') && !now.contains('Z'), "{now}");
    }

    #[test]
    fn rfc3339_is_utc() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        let time = SystemTime::UNIX_EPOCH + Duration::from_micros(1_234_567);
        assert_eq!(precise(time), "1970-01-01T00:00:01.234Z");
    }
}
