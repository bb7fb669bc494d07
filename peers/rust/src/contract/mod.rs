//! The lines of the peer contract, and what they tell as the library has it.
//! `proto/peer.proto` says what each member means.

mod bytes64;
mod incoming;
mod metadata;
mod outgoing;
mod records;
mod status;
mod tls;

pub use bytes64::Bytes64;
pub use incoming::*;
pub use metadata::{Metadatum, list, map};
pub use outgoing::*;
pub use records::Messages;
pub use status::StatusLine;
pub use tls::{ClientTls, ServerTls, common_name};

use std::time::Duration;

/// A duration in milliseconds, as lines have it.
pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
