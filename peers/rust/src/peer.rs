//! What the harness runs: a line in, what comes of it out, client and server alike.

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;

use futures_util::future::join;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::client::Client;
use crate::contract::{Answer, Ended, LineIn, LineOut, Named, Ready};
use crate::lines;
use crate::messages::Types;
use crate::server::Server;
use crate::stop::{GRACE, stopped};

/// Does what the lines say until they end, or SIGTERM or SIGINT says stop; then
/// finishes what is in flight.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let mut stopped = pin!(stopped()?);
    lines::write(&LineOut::Ready(Ready {
        language: "Rust",
        language_version: env!("RUSTC_VERSION"),
        library: "tonic",
        library_version: env!("TONIC_VERSION"),
        messages: "dynamic",
    }));
    let mut lines = lines::read();
    let mut peer = Peer::new();
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => peer.take(&line),
                None => break,
            },
            () = &mut stopped => break,
        }
    }
    peer.tasks.close();
    let _ = timeout(GRACE, join(peer.tasks.wait(), peer.server.stop())).await;
    Ok(())
}

/// What the lines have told so far, and what is in flight.
struct Peer {
    types: Arc<Types>,
    server: Arc<Server>,
    client: Arc<Client>,
    tasks: TaskTracker,
}

impl Peer {
    fn new() -> Self {
        Self {
            types: Arc::new(Types::plain()),
            server: Arc::default(),
            client: Arc::default(),
            tasks: TaskTracker::new(),
        }
    }

    /// Does what a line says, or begins to.
    fn take(&mut self, line: &[u8]) {
        match serde_json::from_slice::<LineIn>(line) {
            Ok(told) if !told.id.is_empty() => self.obey(told),
            Ok(_) => refuse(line, "a line has an id"),
            Err(error) => refuse(line, &error.to_string()),
        }
    }

    fn obey(&mut self, mut told: LineIn) {
        let id = std::mem::take(&mut told.id);
        let server = Arc::clone(&self.server);
        match told {
            LineIn {
                call: Some(call), ..
            } => {
                let (client, types) = (Arc::clone(&self.client), Arc::clone(&self.types));
                self.tasks
                    .spawn(async move { client.make(&id, &call, &types).await });
            }
            LineIn {
                close: Some(at), ..
            } => {
                self.tasks
                    .spawn(async move { answer(id, server.close(at.port).await) });
            }
            LineIn {
                drain: Some(at), ..
            } => {
                self.tasks
                    .spawn(async move { answer(id, server.drain(at.port).await) });
            }
            told => answer(id, self.instruct(told)),
        }
    }

    /// Does what takes no time, and returns the port of a listener.
    fn instruct(&mut self, told: LineIn) -> Result<Option<u16>, Box<dyn Error>> {
        match told {
            LineIn {
                types: Some(types), ..
            } => {
                self.types = Arc::new(Types::parse(&types.files.0)?);
            }
            LineIn {
                script: Some(script),
                ..
            } => self.server.keep(script)?,
            LineIn {
                listen: Some(listen),
                ..
            } => {
                return self.server.listen(&listen, &self.types).map(Some);
            }
            // A call's line is written before the library has its status.
            LineIn { flush: Some(_), .. } => {}
            _ => return Err("unknown instruction".into()),
        }
        Ok(None)
    }
}

/// Answers a line that cannot be read.
fn refuse(line: &[u8], why: &str) {
    let Named { id, call } = serde_json::from_slice(line).unwrap_or_default();
    if call.is_some() && !id.is_empty() {
        lines::write(&LineOut::Ended(Ended {
            id,
            unsupported: why.to_owned(),
            ..Ended::default()
        }));
    } else {
        answer(id, Err(why.into()));
    }
}

fn answer(id: String, done: Result<Option<u16>, Box<dyn Error>>) {
    let (port, refused) = match done {
        Ok(port) => (port, String::new()),
        Err(error) => (None, error.to_string()),
    };
    lines::write(&LineOut::Answer(Answer { id, refused, port }));
}
