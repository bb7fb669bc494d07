use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use tonic::body::Body;
use tonic::codec::{CompressionEncoding, Streaming};
use tonic::server::Grpc;
use tonic::{Request, Response, Status};
use tower::{Service, service_fn};

use super::Server;
use super::call::{Answer, Call, Requests, Responses};
use crate::codec::DynamicCodec;
use crate::messages::path;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Serves one method, as generated code does.
#[derive(Clone)]
pub struct Route {
    pub server: Arc<Server>,
    pub method: MethodDescriptor,
    pub max_receive_bytes: usize,
}

impl<B> Service<http::Request<B>> for Route
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError> + Send,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let route = self.clone();
        Box::pin(async move { Ok(route.serve(request).await) })
    }
}

impl Route {
    /// Responses come as a stream, whatever the kind: the library sends trailers with
    /// OK, and headers before the response, in no other way.
    async fn serve<B>(self, request: http::Request<B>) -> http::Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError> + Send,
    {
        let answer = self.answer(&request);
        let codec = DynamicCodec(self.method.input());
        let mut grpc = Grpc::new(codec).accept_compressed(CompressionEncoding::Gzip);
        if answer.is_gzip() {
            grpc = grpc.send_compressed(CompressionEncoding::Gzip);
        }
        if self.max_receive_bytes > 0 {
            grpc = grpc.max_decoding_message_size(self.max_receive_bytes);
        }
        if self.method.is_client_streaming() {
            let handle = |request: Request<Streaming<DynamicMessage>>| {
                self.handle(answer.clone(), request.map(Requests::Many))
            };
            grpc.streaming(service_fn(handle), request).await
        } else {
            let handle = |request: Request<DynamicMessage>| {
                self.handle(
                    answer.clone(),
                    request.map(|request| Requests::One(Some(request))),
                )
            };
            grpc.server_streaming(service_fn(handle), request).await
        }
    }

    /// What answers a call: the script that it names, or that of its method.
    fn answer<B>(&self, request: &http::Request<B>) -> Answer {
        let named = request
            .headers()
            .get("stitch-script")
            .map(|name| String::from_utf8_lossy(name.as_bytes()));
        let path = path(&self.method);
        let named = named.filter(|name| !name.is_empty());
        let name = named.as_deref().unwrap_or(&path);
        match self.server.script(name) {
            Some(script) => Answer::Script(script),
            None if named.is_some() => Answer::Nothing(format!("no script {name:?}")),
            None if path == "/Manage/PickOne" => Answer::Plain,
            None => Answer::Nothing("no script".to_owned()),
        }
    }

    fn handle(
        &self,
        answer: Answer,
        request: Request<Requests>,
    ) -> impl Future<Output = Result<Response<Responses>, Status>> + use<> {
        Call::begin(self.method.clone(), answer, request)
    }
}
