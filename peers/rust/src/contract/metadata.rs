use serde::{Deserialize, Serialize};
use tonic::Status;
use tonic::metadata::{AsciiMetadataKey, BinaryMetadataKey, BinaryMetadataValue};
use tonic::metadata::{KeyAndValueRef, MetadataMap};

use super::Bytes64;

/// One metadata entry: `text`, or `binary` for a "-bin" key.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Metadatum {
    pub key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binary: Option<Bytes64>,
}

/// Lists the entries of a map, in its order.
pub fn list(map: &MetadataMap) -> Vec<Metadatum> {
    map.iter().map(Metadatum::from).collect()
}

/// The map of entries. Its error is what the library says of a key or a value that it refuses.
pub fn map(entries: &[Metadatum]) -> Result<MetadataMap, Status> {
    let mut map = MetadataMap::new();
    for entry in entries {
        entry
            .add_to(&mut map)
            .map_err(|error| Status::unknown(error.to_string()))?;
    }
    Ok(map)
}

impl Metadatum {
    fn add_to(&self, map: &mut MetadataMap) -> Result<(), Box<dyn std::error::Error>> {
        if let Some(Bytes64(bytes)) = &self.binary {
            let key = BinaryMetadataKey::from_bytes(self.key.as_bytes())?;
            map.append_bin(key, BinaryMetadataValue::from_bytes(bytes));
        } else {
            let key = AsciiMetadataKey::from_bytes(self.key.as_bytes())?;
            map.append(key, self.text.as_deref().unwrap_or_default().parse()?);
        }
        Ok(())
    }
}

impl From<KeyAndValueRef<'_>> for Metadatum {
    fn from(entry: KeyAndValueRef<'_>) -> Self {
        match entry {
            KeyAndValueRef::Ascii(key, value) => Self {
                key: key.to_string(),
                text: Some(String::from_utf8_lossy(value.as_bytes()).into_owned()),
                binary: None,
            },
            KeyAndValueRef::Binary(key, value) => Self {
                key: key.to_string(),
                text: None,
                // Nothing, where it is no base64.
                binary: Some(Bytes64(value.to_bytes().unwrap_or_default().to_vec())),
            },
        }
    }
}
