//! When to stop, and how long that may take.

use std::io;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

/// How long calls in flight may go on.
pub const GRACE: Duration = Duration::from_secs(5);

/// Returns a future that is ready at SIGTERM or SIGINT. From now on they end nothing by themselves.
pub fn stopped() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
