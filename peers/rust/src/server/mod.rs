//! Serves any method of any service as scripts tell, and reports every call.

mod call;
mod deadline;
mod listener;
mod route;

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;
use tonic::service::Routes;

use crate::contract::{Listen, Script};
use crate::messages::{Types, path};
use listener::Listener;
use route::Route;

/// Listeners, by port, and scripts, by name.
#[derive(Default)]
pub struct Server {
    listeners: Mutex<HashMap<u16, Listener>>,
    scripts: Mutex<HashMap<String, Arc<Script>>>,
}

impl Server {
    /// Opens a listener that serves the types, and returns its port. The error is a
    /// port that cannot be bound, or something that the library cannot do.
    pub fn listen(self: &Arc<Self>, told: &Listen, types: &Types) -> Result<u16, Box<dyn Error>> {
        if told.keepalive.is_some() || told.min_ping_ms > 0 || told.max_age_ms > 0 {
            return Err("keepalive, minPingMs and maxAgeMs are not obeyed".into());
        }
        let mut builder = tonic::transport::Server::builder();
        if let Some(tls) = &told.tls {
            builder = builder.tls_config(tls.config()?).map_err(|error| {
                // Its own words are "transport error".
                let cause = error.source().map(ToString::to_string);
                format!("tls: {}", cause.unwrap_or_else(|| error.to_string()))
            })?;
        }
        let router = builder.add_routes(self.routes(types, told.max_receive_bytes));
        let (port, listener) = Listener::open(&told.host, told.port, router)?;
        lock(&self.listeners).insert(port, listener);
        Ok(port)
    }

    /// A route for every method. What else there may be is left to the library.
    fn routes(self: &Arc<Self>, types: &Types, max_receive_bytes: usize) -> Routes {
        let mut router = Routes::default().into_axum_router();
        for method in types.methods() {
            let route = Route {
                server: Arc::clone(self),
                method: method.clone(),
                max_receive_bytes,
            };
            router = router.route_service(&path(method), route);
        }
        router.into()
    }

    /// Ends a listener and its connections at once.
    pub async fn close(&self, port: u16) -> Result<Option<u16>, Box<dyn Error>> {
        self.listener(port)?.close().await;
        Ok(None)
    }

    /// Ends a listener when its calls have ended. No new ones begin.
    pub async fn drain(&self, port: u16) -> Result<Option<u16>, Box<dyn Error>> {
        self.listener(port)?.drain().await;
        Ok(None)
    }

    fn listener(&self, port: u16) -> Result<Listener, String> {
        let found = lock(&self.listeners).remove(&port);
        found.ok_or_else(|| format!("port {port}: nothing listens here"))
    }

    /// Drains all listeners.
    pub async fn stop(&self) {
        let listeners = std::mem::take(&mut *lock(&self.listeners));
        join_all(listeners.into_values().map(Listener::drain)).await;
    }

    /// Keeps a script, or forgets that of its name when it has no steps.
    pub fn keep(&self, script: Script) -> Result<(), String> {
        if !matches!(script.compression.as_str(), "" | "gzip") {
            return Err(format!("compression {:?} is unknown", script.compression));
        }
        let mut scripts = lock(&self.scripts);
        if script.steps.is_empty() {
            scripts.remove(&script.name);
        } else {
            scripts.insert(script.name.clone(), Arc::new(script));
        }
        Ok(())
    }

    /// The script of that name.
    fn script(&self, name: &str) -> Option<Arc<Script>> {
        lock(&self.scripts).get(name).cloned()
    }
}

/// Nothing is left half done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
