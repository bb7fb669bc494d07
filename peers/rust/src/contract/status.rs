use serde::{Deserialize, Serialize};
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use super::Bytes64;

/// How a call ended. Details are a `google.rpc.Status`, serialized.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct StatusLine {
    code: i32,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Bytes64>,
}

impl StatusLine {
    /// The status as the library has it, with the trailers.
    pub fn with(&self, trailers: MetadataMap) -> Status {
        let details = self.details.as_ref().map(|Bytes64(bytes)| bytes.clone());
        Status::with_details_and_metadata(
            Code::from_i32(self.code),
            &self.message,
            details.unwrap_or_default().into(),
            trailers,
        )
    }
}

impl From<&Status> for StatusLine {
    fn from(status: &Status) -> Self {
        let details = status.details().to_vec();
        Self {
            code: status.code().into(),
            message: status.message().to_owned(),
            details: (!details.is_empty()).then_some(Bytes64(details)),
        }
    }
}
