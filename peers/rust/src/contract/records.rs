use prost::Message as _;
use prost_reflect::DynamicMessage;
use serde::Serialize;

use super::Bytes64;

/// What came or went, in order. Equal neighbours are one entry.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Messages(Vec<Message>);

#[derive(Debug, Serialize)]
struct Message {
    bytes: Bytes64,
    times: usize,
}

impl Messages {
    /// Serializes a message at the end.
    pub fn add(&mut self, message: &DynamicMessage) {
        let bytes = Bytes64(message.encode_to_vec());
        match self.0.last_mut() {
            Some(last) if last.bytes == bytes => last.times += 1,
            _ => self.0.push(Message { bytes, times: 1 }),
        }
    }
}
