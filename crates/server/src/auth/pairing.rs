//! Pairing codes: short-lived, single use, and guarded against guessing.
//!
//! Five wrong tries lock an address out for five minutes. A slower limit over all addresses keeps somebody with many of
//! them from guessing on; the machine itself is exempt from it, so that nobody can lock its owner out. Everything here is in memory: a restart forgets codes and locks.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::secret;

/// How long a code may be used.
pub(crate) const CODE_VALIDITY: Duration = Duration::from_secs(300);
const LOCKOUT: Duration = Duration::from_secs(300);
const TRIES: u32 = 5;
/// Wrong tries from anywhere within the window before nobody may try.
const TRIES_OF_ALL: usize = 50;
const WINDOW_OF_ALL: Duration = Duration::from_secs(600);
/// Codes that can be valid at once; the oldest gives way. More than anybody asks for in five minutes.
const CODES: usize = 16;

/// A code as it is shown once. Its `Debug` doesn't give it away.
#[derive(Clone)]
pub struct PairingCode(String);

impl PairingCode {
    /// `XXXX-XXXX-XXXX`
    #[must_use]
    pub fn reveal(&self) -> String {
        [&self.0[..4], &self.0[4..8], &self.0[8..]].join("-")
    }
}

impl std::fmt::Debug for PairingCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("PairingCode(…)")
    }
}

/// Why a code is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PairingRefusal {
    /// No such code is valid.
    Wrong,
    /// Too many were wrong.
    LockedOut { seconds: u64 },
}

/// The codes that are valid now, and who has tried wrong ones.
#[derive(Debug, Default)]
pub(crate) struct Pairing(Mutex<Desk>);

#[derive(Debug, Default)]
struct Desk {
    codes: VecDeque<([u8; 32], Instant)>,
    tries: HashMap<IpAddr, Tries>,
    wrong: VecDeque<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    last: Instant,
}

impl Pairing {
    /// Makes a code that is valid from `now`.
    pub(crate) fn new_code(&self, now: Instant) -> Result<PairingCode, getrandom::Error> {
        let code = secret::code()?;
        self.with(|desk| {
            desk.codes
                .push_back((secret::hash(&code), now + CODE_VALIDITY));
            if desk.codes.len() > CODES {
                desk.codes.pop_front();
            }
        });
        Ok(PairingCode(code))
    }

    /// Uses a code up, as somebody typed it: case, dashes and spaces don't matter.
    pub(crate) fn redeem(
        &self,
        typed: &str,
        from: IpAddr,
        now: Instant,
    ) -> Result<(), PairingRefusal> {
        let code: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && !is_dash(*c))
            .collect();
        let hash = secret::hash(&code.to_ascii_uppercase());
        self.with(|desk| desk.redeem(hash, network_of(from), now))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Desk) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Desk {
    fn redeem(&mut self, hash: [u8; 32], from: IpAddr, now: Instant) -> Result<(), PairingRefusal> {
        self.forget_old(now);
        if let Some(left) = self.locked_for(from, now) {
            // Rounded up, so that "0 seconds" never stands for "not yet".
            return Err(PairingRefusal::LockedOut {
                seconds: left.as_secs() + 1,
            });
        }
        if let Some(place) = self.codes.iter().position(|(known, _)| *known == hash) {
            self.codes.remove(place);
            self.tries.remove(&from);
            return Ok(());
        }
        let tries = self.tries.entry(from).or_insert(Tries {
            count: 0,
            last: now,
        });
        *tries = Tries {
            count: tries.count + 1,
            last: now,
        };
        self.wrong.push_back(now);
        Err(PairingRefusal::Wrong)
    }

    fn forget_old(&mut self, now: Instant) {
        self.codes.retain(|(_, until)| now < *until);
        self.tries.retain(|_, tries| now < tries.last + LOCKOUT);
        self.wrong.retain(|at| now < *at + WINDOW_OF_ALL);
    }

    fn locked_for(&self, from: IpAddr, now: Instant) -> Option<Duration> {
        let locked = self.tries.get(&from).filter(|tries| tries.count >= TRIES);
        let own = locked.map(|tries| tries.last + LOCKOUT - now);
        let is_closed = self.wrong.len() >= TRIES_OF_ALL && !from.is_loopback();
        let of_all = is_closed.then(|| self.wrong[0] + WINDOW_OF_ALL - now);
        own.max(of_all)
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// One household holds a whole /64 of IPv6 addresses, so that counts as one.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[test]
    fn a_code_works_once_however_it_is_typed() {
        let pairing = Pairing::default();
        let now = Instant::now();
        let code = pairing.new_code(now).unwrap().reveal();
        assert_eq!(code.len(), 14);
        let typed = code.to_lowercase().replace('-', " – ");
        assert_eq!(pairing.redeem(&typed, HOME, now), Ok(()));
        assert_eq!(pairing.redeem(&code, HOME, now), Err(PairingRefusal::Wrong));
    }

    #[test]
    fn a_code_expires_after_five_minutes() {
        let pairing = Pairing::default();
        let now = Instant::now();
        let code = pairing.new_code(now).unwrap().reveal();
        assert_eq!(
            pairing.redeem(&code, HOME, now + CODE_VALIDITY),
            Err(PairingRefusal::Wrong)
        );
    }

    #[test]
    fn five_wrong_tries_lock_one_address_for_five_minutes() {
        let pairing = Pairing::default();
        let now = Instant::now();
        for _ in 0..5 {
            assert_eq!(
                pairing.redeem("0000", address(1), now),
                Err(PairingRefusal::Wrong)
            );
        }
        let code = pairing.new_code(now).unwrap().reveal();
        let locked = pairing.redeem(&code, address(1), now + Duration::from_secs(100));
        assert_eq!(locked, Err(PairingRefusal::LockedOut { seconds: 201 }));
        assert_eq!(pairing.redeem(&code, address(2), now), Ok(()));
        let later = now + LOCKOUT;
        let code = pairing.new_code(later).unwrap().reveal();
        assert_eq!(pairing.redeem(&code, address(1), later), Ok(()));
    }

    #[test]
    fn success_forgets_earlier_mistakes() {
        let pairing = Pairing::default();
        let now = Instant::now();
        for _ in 0..3 {
            for _ in 0..4 {
                pairing.redeem("0000", HOME, now).unwrap_err();
            }
            let code = pairing.new_code(now).unwrap().reveal();
            assert_eq!(pairing.redeem(&code, HOME, now), Ok(()));
        }
    }

    #[test]
    fn many_addresses_together_meet_the_slower_limit() {
        let pairing = Pairing::default();
        let now = Instant::now();
        for last in 0..50 {
            assert_eq!(
                pairing.redeem("0000", address(last), now),
                Err(PairingRefusal::Wrong)
            );
        }
        let code = pairing.new_code(now).unwrap().reveal();
        let refused = pairing.redeem(&code, address(99), now);
        assert_eq!(refused, Err(PairingRefusal::LockedOut { seconds: 601 }));
        assert_eq!(pairing.redeem(&code, HOME, now), Ok(()));
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let one: IpAddr = "2001:db8:1:2::1".parse().unwrap();
        let other: IpAddr = "2001:db8:1:2:ffff::9".parse().unwrap();
        assert_eq!(network_of(one), network_of(other));
        assert_eq!(network_of("::ffff:10.0.0.1".parse().unwrap()), address(1));
    }

    #[test]
    fn debug_output_does_not_give_a_code_away() {
        let code = Pairing::default().new_code(Instant::now()).unwrap();
        assert!(!format!("{code:?}").contains(&code.reveal()[..4]));
    }
}
