//! The service for a person: a server with health and reflection, a client that
//! prints rows, and a health check.

use std::error::Error;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, Request, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::manage::manage_client::ManageClient;
use crate::manage::manage_server::ManageServer;
use crate::manage::{DESCRIPTORS, NameRequest, Service};
use crate::stop::{GRACE, stopped};

const CALL_TIMEOUT: Duration = Duration::from_secs(10);
const HEALTH_TIMEOUT: Duration = Duration::from_secs(2);

/// Serves until SIGTERM or SIGINT. Its error is a port that cannot be bound.
pub async fn serve(host: &str, port: u16) -> Result<(), Box<dyn Error>> {
    let stopped = stopped()?;
    let listener = TcpListener::bind((host, port)).await?;
    eprintln!("listening on {}", listener.local_addr()?);
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_serving::<ManageServer<Service>>().await; // the whole server is already
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let stop = CancellationToken::new();
    let serving = Server::builder()
        .add_service(ManageServer::new(Service))
        .add_service(health_service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?)
        .serve_with_incoming_shutdown(TcpIncoming::from(listener), stop.cancelled());
    let late = async {
        stopped.await;
        stop.cancel();
        sleep(GRACE).await;
    };
    tokio::select! {
        done = serving => Ok(done?),
        () = late => Ok(()),
    }
}

/// Looks names up at each address, one after another, and prints the rows; of
/// several addresses, each before its rows. Its error has each status that is not
/// OK, on a line of its own.
pub async fn look_up(addresses: &[String], names: &[String]) -> Result<(), Box<dyn Error>> {
    let mut failed = Vec::new();
    for address in addresses {
        if addresses.len() == 1 {
            failed.extend(look_up_at(address, names).await?);
        } else {
            println!("{address}");
            let statuses = look_up_at(address, names).await?;
            failed.extend(statuses.iter().map(|status| format!("{address}: {status}")));
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(failed.join("\n").into())
    }
}

/// Each status that is not OK.
async fn look_up_at(address: &str, names: &[String]) -> Result<Vec<String>, Box<dyn Error>> {
    let mut manage = ManageClient::new(channel(address)?);
    let mut failed = Vec::new();
    for name in names {
        let name = name.clone();
        match manage
            .pick_one(within(CALL_TIMEOUT, NameRequest { name }))
            .await
        {
            Ok(row) => {
                let row = row.into_inner();
                println!(
                    "Expirement:\n---Name:{} \n---ID:{} \n---Skill:{}",
                    row.name, row.id, row.skill
                );
            }
            Err(status) => failed.push(sentence(&status)),
        }
    }
    Ok(failed)
}

/// Is an error that says what came instead, unless the whole server is SERVING.
pub async fn check_health(address: &str) -> Result<(), Box<dyn Error>> {
    let mut health = HealthClient::new(channel(address)?);
    let request = within(HEALTH_TIMEOUT, HealthCheckRequest::default());
    // The timeout of a request does not count while the channel connects.
    let answer = timeout(HEALTH_TIMEOUT, health.check(request)).await?;
    match answer
        .map_err(|status| sentence(&status))?
        .into_inner()
        .status()
    {
        ServingStatus::Serving => Ok(()),
        other => Err(format!("wanted SERVING, got {}", other.as_str_name()).into()),
    }
}

/// A channel that connects when it is first used.
fn channel(address: &str) -> Result<Channel, tonic::transport::Error> {
    Ok(Endpoint::try_from(format!("http://{address}"))?.connect_lazy())
}

fn within<T>(timeout: Duration, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(timeout);
    request
}

/// "`NOT_FOUND`: expirement not found".
fn sentence(status: &Status) -> String {
    format!("{}: {}", name(status.code()), status.message())
}

/// The name of a code as the specification spells it, from Rust's: `NotFound`.
fn name(code: Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_codes_as_the_specification_does() {
        assert_eq!(sentence(&Status::not_found("x")), "NOT_FOUND: x");
        assert_eq!(name(Code::Unavailable), "UNAVAILABLE");
        assert_eq!(name(Code::DeadlineExceeded), "DEADLINE_EXCEEDED");
    }
}
