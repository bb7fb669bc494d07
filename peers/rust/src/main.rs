//! Stitch-rust is the Rust peer: a client and a server of any service for the
//! interop harness, and of the plain service for a person.

mod client;
mod codec;
mod contract;
mod lines;
mod manage;
mod messages;
mod peer;
mod person;
mod server;
mod stop;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A client and a server for the interop harness, and for a person.
#[derive(Parser)]
#[command(name = "stitch-rust")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the plain service, with health and reflection
    Server {
        #[arg(long, default_value = "127.0.0.1")]
        host: String,
        #[arg(long, default_value_t = 6000)]
        port: u16,
    },
    /// Look names up
    Client {
        #[arg(long = "address", default_value = "127.0.0.1:6000")]
        addresses: Vec<String>,
        #[arg(default_value = "Stitch")]
        names: Vec<String>,
    },
    /// Exit with 0 when the server is SERVING
    Health {
        #[arg(long, default_value = "127.0.0.1:6000")]
        address: String,
    },
    /// Speak with the harness over standard input and output
    Peer,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Server { host, port } => person::serve(&host, port).await,
        Command::Client { addresses, names } => person::look_up(&addresses, &names).await,
        Command::Health { address } => person::check_health(&address).await,
        Command::Peer => peer::run().await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
