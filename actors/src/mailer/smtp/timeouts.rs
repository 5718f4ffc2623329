//! How long each exchange with the mail server may last. RFC 5321 §4.5.3.2 gives minutes, for servers that talk to
//! strangers across the world. This client talks to its own relay, and its limits lengthen the lease, whose end a
//! claimed mail waits for after a crash.

use std::time::Duration;

/// One limit per exchange.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Name look-up and TCP handshake, all addresses of the name together.
    pub connect: Duration,
    pub greeting: Duration,
    pub hello: Duration,
    /// STARTTLS and the handshake of TLS, each.
    pub tls: Duration,
    /// AUTH with its challenges.
    pub login: Duration,
    /// RSET, also to see whether a kept connection still lives.
    pub reset: Duration,
    pub mail: Duration,
    pub recipient: Duration,
    pub data: Duration,
    /// From the first byte of the message to the answer to its end.
    pub end_of_data: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            // Three tries of SYN (1 s, 2 s, 4 s) and a slow name server.
            connect: Duration::from_secs(10),
            // Servers make strangers wait 5 to 6 s here on purpose (postscreen, greet_pause).
            greeting: Duration::from_secs(20),
            // The server looks our name up.
            hello: Duration::from_secs(10),
            // A handshake is two round trips and one signature.
            tls: Duration::from_secs(10),
            // The server asks a directory, and slows repeated failures down.
            login: Duration::from_secs(20),
            // Answered from memory.
            reset: Duration::from_secs(5),
            // Quota and policy look-ups.
            mail: Duration::from_secs(20),
            // The server may ask the recipient's own server first.
            recipient: Duration::from_secs(30),
            // Answered from memory.
            data: Duration::from_secs(20),
            // Spam and virus filters run here. Giving up on a server that is about to say 250 makes a second copy, so
            // this is by far the longest.
            end_of_data: Duration::from_mins(2),
        }
    }
}

impl Timeouts {
    /// The longest that sending one mail can last: a kept connection that proves dead, then a new one with two EHLO,
    /// STARTTLS, TLS and AUTH, then the mail itself.
    pub fn longest(&self) -> Duration {
        self.reset
            + self.mail
            + self.connect
            + self.greeting
            + self.hello * 2
            + self.tls * 2
            + self.login
            + self.mail
            + self.recipient
            + self.data
            + self.end_of_data
    }
}
