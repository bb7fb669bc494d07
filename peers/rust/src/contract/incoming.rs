use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Bytes64, ClientTls, Metadatum, ServerTls, StatusLine};

/// One line into a peer. One member besides `id` is there.
#[derive(Deserialize)]
pub struct LineIn {
    pub id: String,
    pub types: Option<Types>,
    pub script: Option<Script>,
    pub listen: Option<Listen>,
    pub close: Option<Port>,
    pub drain: Option<Port>,
    pub flush: Option<IgnoredAny>,
    pub call: Option<Call>,
}

/// What can be told of a line that is not as it should be.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Named {
    pub id: String,
    pub call: Option<IgnoredAny>,
}

/// Types has a `google.protobuf.FileDescriptorSet`, serialized.
#[derive(Deserialize)]
pub struct Types {
    pub files: Bytes64,
}

/// Names a listener.
#[derive(Deserialize)]
pub struct Port {
    pub port: u16,
}

/// Opens a listener.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listen {
    pub host: String,
    #[serde(default)]
    pub port: u16,
    pub tls: Option<ServerTls>,
    pub keepalive: Option<Keepalive>,
    #[serde(default)]
    pub min_ping_ms: u64,
    #[serde(default)]
    pub max_receive_bytes: usize,
    #[serde(default)]
    pub max_age_ms: u64,
}

/// When to send HTTP/2 PING.
#[derive(Clone, Default, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Keepalive {
    pub time_ms: u64,
    pub timeout_ms: u64,
    pub without_calls: bool,
}

/// What a server does with the calls that name it.
#[derive(Deserialize)]
pub struct Script {
    pub name: String,
    #[serde(default)]
    pub compression: String,
    #[serde(default)]
    pub steps: Vec<ServerStep>,
}

/// One step of a server.
#[derive(Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum ServerStep {
    Headers {
        headers: Headers,
    },
    Receive {
        receive: i32,
    },
    Send {
        send: Bytes64,
        #[serde(default)]
        times: usize,
    },
    Wait {
        wait_ms: u64,
    },
    End {
        end: End,
    },
}

/// Response headers.
#[derive(Deserialize)]
pub struct Headers {
    #[serde(default)]
    pub entries: Vec<Metadatum>,
}

/// How a script ends a call.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct End {
    pub status: StatusLine,
    pub trailers: Vec<Metadatum>,
}

/// Where and how a client connects. Its content is its identity.
#[derive(Clone, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    pub address: String,
    #[serde(default)]
    pub name: String,
    pub tls: Option<ClientTls>,
    pub keepalive: Option<Keepalive>,
    #[serde(default)]
    pub max_receive_bytes: usize,
}

/// An RPC to make, once or several times.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    pub channel: Channel,
    pub method: String,
    #[serde(default)]
    pub types: String,
    #[serde(default)]
    pub metadata: Vec<Metadatum>,
    #[serde(default)]
    pub timeout_ms: f64,
    #[serde(default)]
    pub wait_for_ready: bool,
    #[serde(default)]
    pub compression: String,
    #[serde(default)]
    pub steps: Vec<ClientStep>,
    #[serde(default)]
    pub times: usize,
    #[serde(default)]
    pub at_once: usize,
}

/// One step of a client.
#[derive(Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum ClientStep {
    Send {
        send: Bytes64,
        #[serde(default)]
        times: usize,
    },
    Close {
        #[serde(rename = "close")]
        _close: bool,
    },
    Receive {
        receive: i32,
    },
    Wait {
        wait_ms: u64,
    },
    Cancel {
        #[serde(rename = "cancel")]
        _cancel: bool,
    },
}
