//! IPv4 networks as people write them and as scripts want them.

use std::net::Ipv4Addr;

/// A network whose address and mask make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    ip: Ipv4Addr,
    /// From 0 to 32.
    prefix: u32,
}

/// What is wrong with a pair of address and mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    Address,
    Mask,
}

impl Network {
    /// Reads an address, and a mask: `255.255.255.0`, without holes, or a prefix length such as `24`.
    pub(super) fn of(ip: &str, mask: &str) -> Result<Self, Wrong> {
        Ok(Self {
            ip: ip.parse().map_err(|_| Wrong::Address)?,
            prefix: prefix_of(mask).ok_or(Wrong::Mask)?,
        })
    }

    /// The pair with its mask written in full. The address stays as it was written.
    pub(super) fn pair(self) -> (String, String) {
        (self.ip.to_string(), mask(self.prefix).to_string())
    }

    /// As `a.b.c.d/255.255.255.0`, without host bits.
    pub(super) fn long(self) -> String {
        format!("{}/{}", self.base(), mask(self.prefix))
    }

    /// As `a.b.c.d/24`, without host bits; one address stands for itself.
    pub(super) fn short(self) -> String {
        match self.prefix {
            32 => self.base().to_string(),
            prefix => format!("{}/{prefix}", self.base()),
        }
    }

    fn base(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.ip.to_bits() & mask(self.prefix).to_bits())
    }
}

/// A prefix length, from 0 to 32, as a mask; `None` for any other.
#[must_use]
pub fn mask_of_prefix(prefix: u32) -> Option<String> {
    (prefix <= 32).then(|| mask(prefix).to_string())
}

fn mask(prefix: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::MAX.checked_shl(32 - prefix).unwrap_or(0))
}

fn prefix_of(mask: &str) -> Option<u32> {
    if let Ok(mask) = mask.parse::<Ipv4Addr>() {
        let ones = mask.to_bits().leading_ones();
        return (ones == mask.to_bits().count_ones()).then_some(ones);
    }
    let is_number = !mask.is_empty() && mask.bytes().all(|byte| byte.is_ascii_digit());
    let prefix = mask.parse().ok().filter(|_| is_number)?;
    (prefix <= 32).then_some(prefix)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_formats_drop_host_bits() {
        for (ip, mask, long, short) in [
            (
                "192.168.1.7",
                "255.255.255.0",
                "192.168.1.0/255.255.255.0",
                "192.168.1.0/24",
            ),
            (
                "10.1.2.3",
                "255.255.255.255",
                "10.1.2.3/255.255.255.255",
                "10.1.2.3",
            ),
            ("10.1.2.3", "32", "10.1.2.3/255.255.255.255", "10.1.2.3"),
            ("10.1.2.3", "0.0.0.0", "0.0.0.0/0.0.0.0", "0.0.0.0/0"),
            (
                "172.16.9.9",
                "12",
                "172.16.0.0/255.240.0.0",
                "172.16.0.0/12",
            ),
        ] {
            let network = Network::of(ip, mask).unwrap();
            assert_eq!(
                (network.long().as_str(), network.short().as_str()),
                (long, short)
            );
        }
    }

    #[test]
    fn nonsense_is_refused_and_told_apart() {
        for ip in ["", "999.1.1.1", "1.2.3", "::1", "1.2.3.4 ", "01.2.3.4", "a"] {
            assert_eq!(Network::of(ip, "24"), Err(Wrong::Address), "{ip:?}");
        }
        for mask in [
            "",
            "33",
            "-1",
            "+8",
            "255.0.255.0",
            "255.255.255",
            "false",
            "/24",
        ] {
            assert_eq!(Network::of("10.0.0.1", mask), Err(Wrong::Mask), "{mask:?}");
        }
    }

    proptest! {
        #[test]
        fn any_prefix_and_its_mask_are_the_same_network(bits: u32, prefix in 0_u32..=32) {
            let ip = Ipv4Addr::from_bits(bits).to_string();
            let short = Network::of(&ip, &prefix.to_string()).unwrap();
            let long = Network::of(&ip, &mask_of_prefix(prefix).unwrap()).unwrap();
            prop_assert_eq!(short, long);
            let (ip_again, mask) = short.pair();
            prop_assert_eq!(&ip_again, &ip);
            prop_assert_eq!(Network::of(&ip, &mask), Ok(short));
            let text = short.long();
            let (base, mask) = text.split_once('/').unwrap();
            prop_assert_eq!(Network::of(base, mask).unwrap().long(), text.clone());
        }
    }
}
