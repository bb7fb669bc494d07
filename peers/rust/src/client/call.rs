use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use http::uri::PathAndQuery;
use prost::DecodeError;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::client::Grpc;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;
use tonic::{CancellationHandle, Request, Status};

use crate::codec::DynamicCodec;
use crate::contract::{self, ClientStep, Ended};

/// A step of a client, with the message that it sends.
pub enum Step {
    Send(DynamicMessage, usize),
    Close,
    Receive(i32),
    Wait(Duration),
    Cancel,
}

impl Step {
    /// Parses what is sent. The error is the runtime's, which will not.
    pub fn of(told: &ClientStep, method: &MethodDescriptor) -> Result<Self, DecodeError> {
        Ok(match told {
            ClientStep::Send { send, times } => {
                let message = DynamicMessage::decode(method.input(), send.0.as_slice())?;
                Self::Send(message, (*times).max(1))
            }
            ClientStep::Close { .. } => Self::Close,
            ClientStep::Receive { receive } => Self::Receive(*receive),
            ClientStep::Wait { wait_ms } => Self::Wait(Duration::from_millis(*wait_ms)),
            ClientStep::Cancel { .. } => Self::Cancel,
        })
    }
}

/// What arrives before the status.
enum Arrived {
    Headers(MetadataMap),
    Response(DynamicMessage),
}

/// How a call ended.
struct Outcome {
    status: Status,
    trailers: MetadataMap,
    elapsed: Duration,
}

/// The library's part of a call.
enum Exchange {
    Running(JoinHandle<Outcome>),
    Over(Box<Outcome>),
}

/// An RPC of any kind. Its steps are done here; a task takes from the library what arrives.
pub struct Call {
    takes_one: bool,
    began: Instant,
    requests: Option<mpsc::Sender<DynamicMessage>>,
    sent: Arc<AtomicUsize>,
    cancellation: Option<CancellationHandle>,
    arriving: mpsc::Receiver<Arrived>,
    exchange: Exchange,
    record: Ended,
}

impl Call {
    /// Begins the call that is told.
    pub fn begin(
        channel: Channel,
        id: &str,
        told: &contract::Call,
        method: &MethodDescriptor,
    ) -> Result<Self, Status> {
        let path = PathAndQuery::try_from(&told.method)
            .map_err(|error| Status::from_error(error.into()))?;
        let (requests, waiting) = mpsc::channel(1);
        let sent = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&sent);
        let waiting = ReceiverStream::new(waiting).inspect(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let mut request = Request::new(waiting);
        *request.metadata_mut() = contract::map(&told.metadata)?;
        let id = id
            .parse()
            .map_err(|_| Status::unknown("an id that is no metadata value"))?;
        request.metadata_mut().insert("stitch-call-id", id);
        let deadline =
            (told.timeout_ms > 0.0).then(|| Duration::from_secs_f64(told.timeout_ms / 1000.0));
        if let Some(deadline) = deadline {
            request.set_timeout(deadline);
        }
        let cancellation = request.cancellation_handle();
        let mut grpc = Grpc::new(channel).accept_compressed(CompressionEncoding::Gzip);
        if told.compression == "gzip" {
            grpc = grpc.send_compressed(CompressionEncoding::Gzip);
        }
        if told.channel.max_receive_bytes > 0 {
            grpc = grpc.max_decoding_message_size(told.channel.max_receive_bytes);
        }
        let began = Instant::now();
        let (arrived, arriving) = mpsc::channel(1);
        let wants_one = !method.is_server_streaming();
        let codec = DynamicCodec(method.output());
        let exchange = tokio::spawn(async move {
            let ended = exchange(grpc, request, deadline, path, codec, wants_one, arrived).await;
            let elapsed = began.elapsed();
            let (status, trailers) = match ended {
                Ok(trailers) => (Status::ok(""), trailers),
                Err(status) => {
                    let trailers = status.metadata().clone();
                    (status, trailers)
                }
            };
            Outcome {
                status,
                trailers,
                elapsed,
            }
        });
        Ok(Self {
            takes_one: !method.is_client_streaming(),
            began,
            requests: Some(requests),
            sent,
            cancellation: Some(cancellation),
            arriving,
            exchange: Exchange::Running(exchange),
            record: Ended::default(),
        })
    }

    /// Does the steps, and what remains to be done, and returns what was seen.
    pub async fn perform(mut self, steps: Vec<Step>) -> Ended {
        let is_cancelled = matches!(steps.last(), Some(Step::Cancel));
        for step in steps {
            self.perform_step(step).await;
        }
        if !is_cancelled {
            self.requests = None;
            self.receive(-1).await;
        }
        self.end().await
    }

    async fn perform_step(&mut self, step: Step) {
        match step {
            Step::Send(message, times) => {
                for _ in 0..times {
                    self.send(message.clone()).await;
                }
            }
            Step::Close => self.requests = None,
            Step::Receive(count) => self.receive(count).await,
            Step::Wait(time) => {
                tokio::select! {
                    () = sleep(time) => {}
                    _ = self.exchange.over(self.began) => {}
                }
            }
            Step::Cancel => self.cancel().await,
        }
    }

    /// Returns when the library has taken the request, or the call is over. The only
    /// request of a method is not awaited: it may be cancelled before it is taken.
    async fn send(&mut self, request: DynamicMessage) {
        let Some(requests) = self.requests.as_ref() else {
            return;
        };
        if self.exchange.is_over() {
            return;
        }
        let takes_one = self.takes_one;
        let sending = async {
            let _ = requests.send(request).await;
            if !takes_one {
                let _ = requests.reserve().await;
            }
        };
        tokio::select! {
            () = sending => {}
            _ = self.exchange.over(self.began) => {}
        }
        if takes_one {
            self.requests = None;
        }
    }

    /// Takes so many responses, fewer when the call ends; -1: all.
    async fn receive(&mut self, mut count: i32) {
        while count != 0 {
            match self.arriving.recv().await {
                Some(Arrived::Headers(headers)) => self.record.headers = contract::list(&headers),
                Some(Arrived::Response(response)) => {
                    self.record.responses.add(&response);
                    count -= 1;
                }
                None => return,
            }
        }
    }

    /// Drops the call, which is how the library cancels. Its requests would end well
    /// without their own cancellation.
    async fn cancel(&mut self) {
        if let Some(cancellation) = self.cancellation.take() {
            cancellation.cancel();
        }
        if let Exchange::Running(exchange) = &self.exchange {
            exchange.abort();
        }
        self.exchange.over(self.began).await;
        self.requests = None;
    }

    async fn end(mut self) -> Ended {
        while let Some(arrived) = self.arriving.recv().await {
            // Of a call that is cancelled, responses that were not awaited are not taken.
            if let Arrived::Headers(headers) = arrived {
                self.record.headers = contract::list(&headers);
            }
        }
        let outcome = self.exchange.over(self.began).await;
        Ended {
            status: Some((&outcome.status).into()),
            trailers: contract::list(&outcome.trailers),
            elapsed_ms: contract::millis(outcome.elapsed),
            sent: self.sent.load(Ordering::Relaxed),
            ..self.record
        }
    }
}

impl Exchange {
    fn is_over(&self) -> bool {
        match self {
            Self::Running(exchange) => exchange.is_finished(),
            Self::Over(_) => true,
        }
    }

    /// Waits until it is over.
    async fn over(&mut self, began: Instant) -> &Outcome {
        if let Self::Running(exchange) = self {
            // A call that was dropped has no status.
            let outcome = exchange.await.unwrap_or_else(|_| Outcome {
                status: Status::cancelled(""),
                trailers: MetadataMap::new(),
                elapsed: began.elapsed(),
            });
            *self = Self::Over(Box::new(outcome));
        }
        match self {
            Self::Over(outcome) => outcome,
            Self::Running(_) => unreachable!("it is over"),
        }
    }
}

/// Makes the call, and returns the trailers with OK. One response is taken where one
/// is wanted: this is what the library's unary calls do, but they merge the trailers
/// with the headers.
async fn exchange(
    mut grpc: Grpc<Channel>,
    request: Request<impl futures_util::Stream<Item = DynamicMessage> + Send + 'static>,
    deadline: Option<Duration>,
    path: PathAndQuery,
    codec: DynamicCodec,
    wants_one: bool,
    arrived: mpsc::Sender<Arrived>,
) -> Result<MetadataMap, Status> {
    grpc.ready()
        .await
        .map_err(|error| Status::from_error(error.into()))?;
    let answer = bounded(deadline, grpc.streaming(request, path, codec)).await?;
    let (headers, mut responses, _) = answer.into_parts();
    // Nobody takes them any more when the call is dropped.
    let _ = arrived.send(Arrived::Headers(headers)).await;
    if wants_one {
        let response = responses.message().await?;
        let response = response.ok_or_else(|| Status::internal("Missing response message."))?;
        let _ = arrived.send(Arrived::Response(response)).await;
    } else {
        while let Some(response) = responses.message().await? {
            let _ = arrived.send(Arrived::Response(response)).await;
        }
    }
    Ok(responses.trailers().await?.unwrap_or_default())
}

/// How long after a deadline the library may still be the one to tell of it.
const GRACE: Duration = Duration::from_millis(250);

/// The library's timeout of a request does not count while the channel connects: a
/// server that accepts a connection and says nothing would hold up the call for ever.
async fn bounded<T>(
    deadline: Option<Duration>,
    headers: impl Future<Output = Result<T, Status>>,
) -> Result<T, Status> {
    let Some(deadline) = deadline else {
        return headers.await;
    };
    timeout(deadline.saturating_add(GRACE), headers)
        .await
        .unwrap_or_else(|_| Err(Status::deadline_exceeded("not connected by the deadline")))
}
