use serde::Serialize;

use super::{Messages, Metadatum, StatusLine};

/// One line out of a peer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LineOut {
    Ready(Ready),
    Answer(Answer),
    Served(Served),
    Ended(Ended),
}

/// What the peer is made of.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ready {
    pub language: &'static str,
    pub language_version: &'static str,
    pub library: &'static str,
    pub library_version: &'static str,
    pub messages: &'static str,
}

/// What came of an instruction.
#[derive(Default, Serialize)]
pub struct Answer {
    pub id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub refused: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
}

/// What a server saw of a call, and how it answered.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Served {
    pub call_id: String,
    pub method: String,
    pub script: String,
    pub metadata: Vec<Metadatum>,
    pub requests: Messages,
    pub responses: Messages,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_remaining_ms: Option<f64>,
    pub cancelled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusLine>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unusable: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
}

/// What a client saw of a call.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    pub id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unsupported: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unusable: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusLine>,
    pub responses: Messages,
    pub headers: Vec<Metadatum>,
    pub trailers: Vec<Metadatum>,
    pub sent: usize,
    pub elapsed_ms: f64,
}
