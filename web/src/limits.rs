//! Rate limits by network address, so that a flood from one address does not slow the others.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::HttpRequest;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::Error;
use crate::settings::Settings;

/// The limiter, made once for all workers.
pub struct Limits {
    by_address: DefaultKeyedRateLimiter<IpAddr>,
}

impl Limits {
    /// That many requests per second from one address, and twenty times as many at once.
    pub fn new(per_second: u32) -> Self {
        let per_second = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
        let burst = per_second.saturating_mul(NonZeroU32::new(20).unwrap_or(NonZeroU32::MIN));
        Self { by_address: RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)) }
    }

    pub(crate) fn check(&self, address: IpAddr) -> Result<(), Error> {
        self.by_address.check_key(&network(address)).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            Error::TooMany(wait.max(Duration::from_secs(1)))
        })
    }

    /// Forgets the addresses that were quiet long enough: call it from time to time.
    pub fn forget_quiet(&self) {
        self.by_address.retain_recent();
    }
}

/// The network of one customer: 64 bits of an IPv6 address, or a whole IPv4 address.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let mut segments = address.segments();
            segments[4..].fill(0);
            IpAddr::from(segments)
        }
    }
}

/// The network address of the client: the peer's, or the one that a trusted proxy gives.
pub fn address(request: &HttpRequest, settings: &Settings) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    if !settings.trusted_proxies.contains(&peer) {
        return peer;
    }
    // The rightmost address that is not a trusted proxy is the one that the outermost of them saw.
    let forwarded = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    forwarded
        .split(',')
        .rev()
        .filter_map(|part| part.trim().parse::<IpAddr>().ok())
        .find(|address| !settings.trusted_proxies.contains(address))
        .unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q8_a_flood_from_one_address_leaves_the_others_alone() {
        let limits = Limits::new(1);
        let (flood, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let refused = (0..100).filter(|_| limits.check(flood).is_err()).count();
        assert!((79..=80).contains(&refused), "{refused}");
        assert!(limits.check(other).is_ok());
    }

    #[test]
    fn q8_a_network_of_ipv6_counts_as_one() {
        let a: IpAddr = "2001:db8:1:2:3:4:5:6".parse().unwrap();
        let b: IpAddr = "2001:db8:1:2:ffff::1".parse().unwrap();
        assert_eq!(network(a), network(b));
    }
}
