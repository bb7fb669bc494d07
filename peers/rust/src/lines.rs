//! Lines, a JSON object each, over standard input and output.

use std::io::{self, BufRead, Write};
use std::thread;

use tokio::sync::mpsc;

use crate::contract::LineOut;

/// The lines of standard input, until it ends. A thread of its own reads them: one
/// of the runtime's would hold up its end.
pub fn read() -> mpsc::UnboundedReceiver<Vec<u8>> {
    let (sender, lines) = mpsc::unbounded_channel();
    thread::spawn(move || {
        for line in io::stdin().lock().split(b'\n').map_while(Result::ok) {
            if sender.send(line).is_err() {
                break; // stopped meanwhile
            }
        }
    });
    lines
}

/// Writes a line, whole, before it returns.
pub fn write(line: &LineOut) {
    let mut bytes = serde_json::to_vec(line).expect("every line is JSON");
    bytes.push(b'\n');
    let mut output = io::stdout().lock();
    // Nobody may read any more. That the program is to stop comes over standard input.
    let _ = output.write_all(&bytes).and_then(|()| output.flush());
}
