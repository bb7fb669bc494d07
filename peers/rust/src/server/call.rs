use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use prost::DecodeError;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codec::Streaming;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Response, Status};

use super::deadline;
use crate::contract::{self, LineOut, Script, Served, ServerStep};
use crate::lines;
use crate::manage::manage_server::Manage;
use crate::manage::{NameRequest, Service};
use crate::messages::path;

/// What answers a call.
#[derive(Clone)]
pub enum Answer {
    Script(Arc<Script>),
    /// The plain service.
    Plain,
    /// UNIMPLEMENTED, with this message.
    Nothing(String),
}

impl Answer {
    pub fn is_gzip(&self) -> bool {
        matches!(self, Self::Script(script) if script.compression == "gzip")
    }
}

/// The requests of a call that are still to be taken.
pub enum Requests {
    One(Option<DynamicMessage>),
    Many(Streaming<DynamicMessage>),
}

/// What the library sends behind the headers. The error is how the call ends: OK too,
/// which has no trailers otherwise.
pub type Responses = BoxStream<'static, Result<DynamicMessage, Status>>;

/// What a handler hands over to the library before the status.
enum Handed {
    Headers(MetadataMap),
    Response(DynamicMessage),
}

/// A call of any kind, as its handler has it.
pub struct Call {
    method: MethodDescriptor,
    requests: Requests,
    library: mpsc::Sender<Handed>,
    record: Record,
}

impl Call {
    /// Answers a call up to its headers. What follows is done as the library takes it.
    pub async fn begin(
        method: MethodDescriptor,
        answer: Answer,
        request: Request<Requests>,
    ) -> Result<Response<Responses>, Status> {
        let (library, handed) = mpsc::channel(1);
        let record = Record::new(path(&method), &request);
        let call = Self {
            method,
            requests: request.into_inner(),
            library,
            record,
        };
        let handed = ReceiverStream::new(handed).map(Ok);
        let mut handed = stream::select(handed, stream::once(call.end(answer)).map(Err)).boxed();
        let mut response = Response::new(());
        let first = match handed.next().await {
            Some(Ok(Handed::Headers(headers))) => {
                *response.metadata_mut() = headers;
                None
            }
            Some(Err(status)) if status.code() != Code::Ok => return Err(status),
            other => other,
        };
        let rest = stream::iter(first)
            .chain(handed)
            .filter_map(async |handed| match handed {
                Ok(Handed::Response(message)) => Some(Ok(message)),
                Ok(Handed::Headers(_)) => None, // they are sent already
                Err(status) => Some(Err(status)),
            });
        Ok(response.map(|()| rest.boxed()))
    }

    /// Answers and reports it. The library drops what this returns when the call ends before.
    async fn end(mut self, answer: Answer) -> Status {
        let ended = match answer {
            Answer::Script(script) => self.play(&script).await,
            Answer::Plain => self.pick_one().await,
            Answer::Nothing(message) => Err(Status::unimplemented(message)),
        };
        let (Ok(status) | Err(status)) = ended;
        self.record.report(&status);
        status
    }

    /// Does what generated code does with a call of the plain service.
    async fn pick_one(&mut self) -> Result<Status, Status> {
        let request = self
            .receive()
            .await?
            .ok_or_else(|| Status::internal("Missing request message."))?;
        let request: NameRequest = request
            .transcode_to()
            .map_err(|error| self.unusable(&error))?;
        let row = Service.pick_one(Request::new(request)).await?;
        let mut response = DynamicMessage::new(self.method.output());
        response
            .transcode_from(row.get_ref())
            .map_err(|error| self.unusable(&error))?;
        self.send(response).await;
        Ok(Status::ok(""))
    }

    /// Does the steps in order, and returns the status that the last one tells. The
    /// error is one that the library tells.
    async fn play(&mut self, script: &Script) -> Result<Status, Status> {
        self.record.served.script.clone_from(&script.name);
        for step in &script.steps {
            match step {
                ServerStep::Headers { headers } => {
                    let headers = contract::map(&headers.entries)?;
                    self.hand_over(Handed::Headers(headers)).await;
                }
                ServerStep::Receive { receive } => self.receive_some(*receive).await?,
                ServerStep::Send { send, times } => {
                    let message = DynamicMessage::decode(self.method.output(), send.0.as_slice())
                        .map_err(|error| self.unusable(&error))?;
                    for _ in 0..(*times).max(1) {
                        self.send(message.clone()).await;
                    }
                }
                ServerStep::Wait { wait_ms } => sleep(Duration::from_millis(*wait_ms)).await,
                ServerStep::End { end } => {
                    return Ok(end.status.with(contract::map(&end.trailers)?));
                }
            }
        }
        Ok(Status::ok(""))
    }

    /// Takes so many requests, fewer when there are no more; -1: all.
    async fn receive_some(&mut self, mut count: i32) -> Result<(), Status> {
        while count != 0 && self.receive().await?.is_some() {
            count -= 1;
        }
        Ok(())
    }

    async fn receive(&mut self) -> Result<Option<DynamicMessage>, Status> {
        let received = match &mut self.requests {
            Requests::One(request) => Ok(request.take()),
            Requests::Many(requests) => requests.message().await,
        };
        match &received {
            Ok(Some(request)) => self.record.served.requests.add(request),
            Ok(None) => {}
            Err(status) => {
                if status.source().is_some_and(<dyn Error>::is::<DecodeError>) {
                    status
                        .message()
                        .clone_into(&mut self.record.served.unusable);
                }
            }
        }
        received
    }

    async fn send(&mut self, response: DynamicMessage) {
        self.record.served.responses.add(&response);
        self.hand_over(Handed::Response(response)).await;
    }

    /// Returns when the library has taken it. It does so, or drops this call.
    async fn hand_over(&mut self, handed: Handed) {
        let _ = self.library.send(handed).await;
        let _ = self.library.reserve().await;
    }

    fn unusable(&mut self, error: &DecodeError) -> Status {
        self.record.served.unusable = error.to_string();
        Status::internal(error.to_string())
    }
}

/// The record of a call. One that the library drops before it is reported was cancelled.
struct Record {
    served: Served,
    is_reported: bool,
}

impl Record {
    fn new<T>(method: String, request: &Request<T>) -> Self {
        let metadata = request.metadata();
        let call_id = metadata
            .get("stitch-call-id")
            .and_then(|id| id.to_str().ok());
        let served = Served {
            call_id: call_id.unwrap_or_default().to_owned(),
            method,
            metadata: contract::list(metadata),
            time_remaining_ms: deadline::timeout(metadata).map(contract::millis),
            client_name: request
                .peer_certs()
                .and_then(|chain| contract::common_name(&chain)),
            ..Served::default()
        };
        Self {
            served,
            is_reported: false,
        }
    }

    fn report(&mut self, status: &Status) {
        self.served.status = Some(status.into());
        self.write();
    }

    fn write(&mut self) {
        self.is_reported = true;
        lines::write(&LineOut::Served(std::mem::take(&mut self.served)));
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if !self.is_reported {
            self.served.cancelled = true;
            self.write();
        }
    }
}
