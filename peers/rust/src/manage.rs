//! The plain service. It knows nothing of the harness.

use tonic::{Request, Response, Status};

pub use generated::{Expirement, NameRequest, manage_client, manage_server};

#[allow(clippy::pedantic)] // it is tonic's
mod generated {
    tonic::include_proto!("_");
}

/// The descriptors of `expirement.proto`, a serialized `FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// Name and skill of the rows, in the order of their ids.
const TABLE: [(&str, &str); 8] = [
    ("Cyber", "breaking"),
    ("Shrink", "short-flying"),
    ("Doubledip", "filting anying"),
    ("Howcome", "making why"),
    ("Squawk", "advanced language skill"),
    ("Truxx", "seting up heavy machine"),
    ("Gigi", "touching ur heart"),
    ("Stitch", "making annoyed noise"),
];

/// Answers from the table.
pub struct Service;

#[tonic::async_trait]
impl manage_server::Manage for Service {
    async fn pick_one(
        &self,
        request: Request<NameRequest>,
    ) -> Result<Response<Expirement>, Status> {
        let wanted = request.into_inner().name;
        for (id, (name, skill)) in (0..).zip(TABLE) {
            if name == wanted {
                let (name, skill) = (name.to_owned(), skill.to_owned());
                return Ok(Response::new(Expirement { name, id, skill }));
            }
        }
        Err(Status::not_found("expirement not found"))
    }
}

#[cfg(test)]
mod tests {
    use super::manage_server::Manage;
    use super::*;

    async fn pick(name: &str) -> Result<Expirement, Status> {
        let name = name.to_owned();
        let row = Service.pick_one(Request::new(NameRequest { name })).await?;
        Ok(row.into_inner())
    }

    #[tokio::test]
    async fn knows_the_table() {
        for (id, name, skill) in [
            (0, "Cyber", "breaking"),
            (7, "Stitch", "making annoyed noise"),
        ] {
            let row = pick(name).await.unwrap();
            assert_eq!(
                (row.id, row.name.as_str(), row.skill.as_str()),
                (id, name, skill)
            );
        }
    }

    #[tokio::test]
    async fn compares_exactly() {
        for name in ["", "stitch", "Stitch ", "Stitch\0", "👽"] {
            let status = pick(name).await.unwrap_err();
            assert_eq!(status.code(), tonic::Code::NotFound);
            assert_eq!(status.message(), "expirement not found");
        }
    }
}
