use std::net::TcpListener;
use std::{io, thread};

use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tonic::transport::server::{Router, TcpIncoming};

/// A port with a server of its own. The library ends connections only when their
/// calls have ended. So each listener has a runtime of its own, in a thread: with
/// it end all connections and calls.
pub struct Listener {
    draining: CancellationToken,
    closing: CancellationToken,
    ended: oneshot::Receiver<()>,
}

impl Listener {
    /// Binds a port, 0 for any, and returns it. Calls are accepted from now on.
    pub fn open(host: &str, port: u16, router: Router) -> io::Result<(u16, Self)> {
        let tcp = TcpListener::bind((host, port))
            .map_err(|error| io::Error::other(format!("port {port}: {error}")))?;
        tcp.set_nonblocking(true)?;
        let port = tcp.local_addr()?.port();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (draining, closing) = (CancellationToken::new(), CancellationToken::new());
        let (drain, close) = (draining.clone(), closing.clone());
        let (end, ended) = oneshot::channel();
        thread::spawn(move || {
            let served = runtime.block_on(async {
                let incoming = TcpIncoming::from(tokio::net::TcpListener::from_std(tcp)?);
                let incoming = incoming.with_nodelay(Some(true));
                tokio::select! {
                    served = router.serve_with_incoming_shutdown(incoming, drain.cancelled()) => {
                        served.map_err(io::Error::other)
                    }
                    () = close.cancelled() => Ok(()),
                }
            });
            if let Err(error) = served {
                eprintln!("port {port}: {error}");
            }
            drop(runtime);
            drop(end);
        });
        Ok((
            port,
            Self {
                draining,
                closing,
                ended,
            },
        ))
    }

    /// Ends it, its connections and its calls at once. Then the port is free, and every call is reported.
    pub async fn close(self) {
        self.closing.cancel();
        let _ = self.ended.await;
    }

    /// Takes no new calls, and ends it when those in flight have ended.
    pub async fn drain(self) {
        self.draining.cancel();
        let _ = self.ended.await;
    }
}
