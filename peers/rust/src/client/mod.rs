//! Makes calls of any method of any service as it is told, and reports how they ended.

mod call;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use prost_reflect::MethodDescriptor;
use tonic::Status;
use tonic::transport::{Channel, Endpoint, Error};

use crate::contract::{self, Ended, LineOut};
use crate::lines;
use crate::messages::Types;
use call::{Call, Step};

/// Channels by their content, made when first named.
#[derive(Default)]
pub struct Client {
    channels: Mutex<HashMap<contract::Channel, Channel>>,
}

impl Client {
    /// Makes the calls that are asked for, and returns when all have ended.
    pub async fn make(&self, id: &str, told: &contract::Call, types: &Types) {
        let ids = stream::iter(0..told.times.max(1)).map(|number| match told.times {
            0 | 1 => id.to_owned(),
            _ => format!("{id}.{number}"),
        });
        ids.for_each_concurrent(told.at_once.max(1), async |id| {
            let ended = self.perform(&id, told, types).await;
            lines::write(&LineOut::Ended(Ended { id, ..ended }));
        })
        .await;
    }

    /// Makes one call.
    async fn perform(&self, id: &str, told: &contract::Call, types: &Types) -> Ended {
        let method = match supported(told, types) {
            Ok(method) => method,
            Err(unsupported) => {
                return Ended {
                    unsupported,
                    ..Ended::default()
                };
            }
        };
        let steps = match told
            .steps
            .iter()
            .map(|step| Step::of(step, method))
            .collect()
        {
            Ok(steps) => steps,
            Err(unusable) => {
                return Ended {
                    unusable: unusable.to_string(),
                    ..Ended::default()
                };
            }
        };
        match self.begin(id, told, method) {
            Ok(call) => call.perform(steps).await,
            Err(status) => Ended {
                status: Some((&status).into()),
                ..Ended::default()
            },
        }
    }

    /// Begins a call. The error is what the library says of one that it refuses to make.
    fn begin(
        &self,
        id: &str,
        told: &contract::Call,
        method: &MethodDescriptor,
    ) -> Result<Call, Status> {
        let channel = self
            .channel(&told.channel)
            .map_err(|error| Status::from_error(error.into()))?;
        Call::begin(channel, id, told, method)
    }

    /// The channel of exactly this content.
    fn channel(&self, told: &contract::Channel) -> Result<Channel, Error> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = channels.get(told) {
            return Ok(channel.clone());
        }
        let channel = endpoint(told)?.connect_lazy();
        channels.insert(told.clone(), channel.clone());
        Ok(channel)
    }
}

/// Where and how a channel connects, with the library's defaults but for what is told.
fn endpoint(told: &contract::Channel) -> Result<Endpoint, Error> {
    let scheme = if told.tls.is_some() { "https" } else { "http" };
    let mut endpoint = Endpoint::try_from(format!("{scheme}://{}", told.address))?;
    if let Some(tls) = &told.tls {
        endpoint = endpoint.tls_config(tls.config())?;
    }
    if let Some(pings) = &told.keepalive {
        endpoint = endpoint
            .http2_keep_alive_interval(Duration::from_millis(pings.time_ms))
            .keep_alive_timeout(Duration::from_millis(pings.timeout_ms))
            .keep_alive_while_idle(pings.without_calls);
    }
    Ok(endpoint)
}

/// The method whose kind and types a call has. The error names the part of the call that this client does not know.
fn supported<'a>(told: &contract::Call, types: &'a Types) -> Result<&'a MethodDescriptor, String> {
    if told.wait_for_ready {
        return Err("waitForReady".to_owned());
    }
    if !matches!(told.compression.as_str(), "" | "gzip") {
        return Err(format!("compression {:?}", told.compression));
    }
    let path = if told.types.is_empty() {
        &told.method
    } else {
        &told.types
    };
    types.method(path).ok_or_else(|| format!("method {path}"))
}
