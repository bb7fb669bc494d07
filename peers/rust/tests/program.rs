//! The program, driven as the harness drives it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use base64::engine::{Engine, general_purpose::STANDARD};
use prost::Message;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    MethodDescriptorProto, ServiceDescriptorProto,
};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_stitch-rust");

/// A peer that knows the types of `note_types`.
struct Harness {
    program: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Value>,
    unread: Vec<Value>,
}

impl Harness {
    fn start() -> Self {
        let mut program = Command::new(PROGRAM)
            .arg("peer")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(program.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in output.lines() {
                let _ = sender.send(serde_json::from_str(&line.unwrap()).unwrap());
            }
        });
        let input = program.stdin.take();
        let mut harness = Self {
            program,
            input,
            lines,
            unread: Vec::new(),
        };
        assert_eq!(
            harness.heard(|line| line.get("ready").cloned())["messages"],
            "dynamic"
        );
        let files = note_types().encode_to_vec();
        harness.done(&json!({"types": {"files": STANDARD.encode(files)}}));
        harness
    }

    fn say(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    /// The first line of which there is something to say.
    fn heard(&mut self, find: impl Fn(&Value) -> Option<Value>) -> Value {
        if let Some(index) = self.unread.iter().position(|line| find(line).is_some()) {
            return find(&self.unread.remove(index)).unwrap();
        }
        loop {
            let line = self
                .lines
                .recv_timeout(Duration::from_secs(20))
                .expect("a line");
            if let Some(found) = find(&line) {
                return found;
            }
            self.unread.push(line);
        }
    }

    /// Gives an instruction, and returns the answer.
    fn answer(&mut self, instruction: &Value) -> Value {
        let mut line = instruction.clone();
        line["id"] = "i".into();
        self.say(&line.to_string());
        self.heard(|line| {
            line.get("answer")
                .filter(|answer| answer["id"] == "i")
                .cloned()
        })
    }

    fn done(&mut self, instruction: &Value) -> Value {
        let answer = self.answer(instruction);
        assert_eq!(answer.get("refused"), None);
        answer
    }

    /// Opens a listener, and returns the channel to it and its port.
    fn listen(&mut self, more: &Value) -> (Value, u16) {
        let mut listen = json!({"host": "127.0.0.1"});
        listen
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let port = self.done(&json!({"listen": listen}))["port"]
            .as_u64()
            .unwrap();
        (
            json!({"address": format!("127.0.0.1:{port}")}),
            port.try_into().unwrap(),
        )
    }

    fn script(&mut self, name: &str, steps: &Value) {
        self.done(&json!({"script": {"name": name, "steps": steps}}));
    }

    fn begin(&mut self, id: &str, channel: &Value, method: &str, steps: &Value, more: &Value) {
        let mut call = json!({"channel": channel, "method": method, "steps": steps});
        call.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.say(&json!({"id": id, "call": call}).to_string());
    }

    fn ended(&mut self, id: &str) -> Value {
        self.heard(|line| line.get("ended").filter(|ended| ended["id"] == id).cloned())
    }

    fn served(&mut self, id: &str) -> Value {
        self.heard(|line| {
            line.get("served")
                .filter(|served| served["callId"] == id)
                .cloned()
        })
    }

    /// Makes a call, and returns what both sides say of it.
    fn play(&mut self, channel: &Value, method: &str, steps: &Value) -> (Value, Value) {
        self.begin("c", channel, method, steps, &json!({}));
        (self.ended("c"), self.served("c"))
    }

    /// Waits for its end.
    fn exit_code(&mut self) -> i32 {
        self.program.wait().unwrap().code().unwrap()
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// `note.Notes` has a method of each kind, from `Note` to `Note`, which has a text;
/// `Raw` is for a text that is none.
fn note_types() -> FileDescriptorSet {
    let message = |name: &str, kind| DescriptorProto {
        name: Some(name.to_owned()),
        field: vec![FieldDescriptorProto {
            name: Some("text".to_owned()),
            number: Some(1),
            label: Some(Label::Optional.into()),
            r#type: Some(i32::from(kind)),
            ..FieldDescriptorProto::default()
        }],
        ..DescriptorProto::default()
    };
    let method = |name: &str, input: &str, up, down| MethodDescriptorProto {
        name: Some(name.to_owned()),
        input_type: Some(format!(".note.{input}")),
        output_type: Some(".note.Note".to_owned()),
        client_streaming: Some(up),
        server_streaming: Some(down),
        ..MethodDescriptorProto::default()
    };
    let service = ServiceDescriptorProto {
        name: Some("Notes".to_owned()),
        method: vec![
            method("Unary", "Note", false, false),
            method("Up", "Note", true, false),
            method("Down", "Note", false, true),
            method("Both", "Note", true, true),
            method("Raw", "Raw", true, false),
        ],
        ..ServiceDescriptorProto::default()
    };
    let file = FileDescriptorProto {
        name: Some("note.proto".to_owned()),
        package: Some("note".to_owned()),
        syntax: Some("proto3".to_owned()),
        message_type: vec![message("Note", Type::String), message("Raw", Type::Bytes)],
        service: vec![service],
        ..FileDescriptorProto::default()
    };
    FileDescriptorSet { file: vec![file] }
}

/// A step that sends a message with that text, as many times.
fn send(text: &str, times: usize) -> Value {
    json!({"send": STANDARD.encode(text_of(text)), "times": times})
}

fn text_of(text: &str) -> Vec<u8> {
    let mut bytes = vec![10];
    prost::encoding::encode_varint(text.len() as u64, &mut bytes);
    bytes.extend(text.as_bytes());
    bytes
}

/// The texts of messages: "a*2 b".
fn texts(messages: &Value) -> String {
    let text = |message: &Value| {
        let bytes = STANDARD.decode(message["bytes"].as_str().unwrap()).unwrap();
        let text = String::from_utf8_lossy(bytes.get(2..).unwrap_or_default()).into_owned();
        match message["times"].as_u64().unwrap() {
            1 => text,
            times => format!("{text}*{times}"),
        }
    };
    messages
        .as_array()
        .unwrap()
        .iter()
        .map(text)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn plain_service() {
    let mut harness = Harness::start();
    let (channel, _) = harness.listen(&json!({}));
    for (name, code) in [("Stitch", 0), ("Nobody", 5)] {
        let (ended, served) = harness.play(&channel, "/Manage/PickOne", &json!([send(name, 1)]));
        assert_eq!(ended["status"]["code"], code);
        assert_eq!(served["status"]["code"], code);
        assert_eq!(ended["responses"], served["responses"]);
        assert_eq!(texts(&served["requests"]), name);
    }
}

#[test]
fn every_kind() {
    let mut harness = Harness::start();
    let (channel, _) = harness.listen(&json!({}));
    let (one, all) = (json!({"receive": 1}), json!({"receive": -1}));
    let end = json!({"end": {"trailers": [{"key": "x", "text": "1"}]}});
    let (a, b) = (send("a", 1), send("b", 1));
    for (method, server, client, requests, responses) in [
        ("Unary", json!([one, b, end]), json!([a]), "a", "b"),
        (
            "Up",
            json!([all, b, end]),
            json!([send("a", 3), b]),
            "a*3 b",
            "b",
        ),
        (
            "Down",
            json!([all, send("a", 3), b, end]),
            json!([a, one]),
            "a",
            "a*3 b",
        ),
        (
            "Both",
            json!([one, b, one, a, end]),
            json!([a, one, b, one]),
            "a b",
            "b a",
        ),
        (
            "Both",
            json!([{"headers": {}}, b, all, end]),
            json!([one, a, {"close": true}]),
            "a",
            "b",
        ),
    ] {
        let path = format!("/note.Notes/{method}");
        harness.script(&path, &server);
        let (ended, served) = harness.play(&channel, &path, &client);
        assert_eq!(ended["status"]["code"], 0, "{method}: {ended}");
        assert_eq!(texts(&ended["responses"]), responses, "{method}");
        assert_eq!(texts(&served["requests"]), requests, "{method}");
        assert_eq!(texts(&served["responses"]), responses, "{method}");
        assert!(
            ended["trailers"]
                .as_array()
                .unwrap()
                .contains(&json!({"key": "x", "text": "1"}))
        );
    }
}

#[test]
fn status_and_metadata() {
    let mut harness = Harness::start();
    let (channel, _) = harness.listen(&json!({}));
    let header = json!({"key": "h-bin", "binary": "AP8="});
    let status = json!({"code": 9, "message": "né", "details": "GgMKAXg="});
    let trailers = json!([{"key": "t", "text": "2"}, {"key": "t", "text": "1"}]);
    let end = json!({"end": {"status": status, "trailers": trailers}});
    harness.script(
        "/note.Notes/Unary",
        &json!([{"headers": {"entries": [header]}}, end]),
    );
    let metadata = json!([{"key": "x", "text": "1"}, {"key": "x", "text": "2"}]);
    let more = json!({"metadata": metadata, "timeoutMs": 60000});
    harness.begin(
        "c",
        &channel,
        "/note.Notes/Unary",
        &json!([{"send": ""}]),
        &more,
    );
    let (ended, served) = (harness.ended("c"), harness.served("c"));
    assert_eq!(ended["status"], status);
    assert!(ended["headers"].as_array().unwrap().contains(&header));
    let of = |key: &str, list: &Value| {
        let list = list
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["key"] == key);
        list.cloned().collect::<Value>()
    };
    assert_eq!(of("t", &ended["trailers"]), trailers);
    assert_eq!(of("x", &served["metadata"]), metadata);
    let remaining = served["timeRemainingMs"].as_f64().unwrap();
    assert!((50_000.0..=60_000.0).contains(&remaining), "{remaining}");
}

#[test]
fn messages_that_cannot_be_parsed() {
    let mut harness = Harness::start();
    let (channel, _) = harness.listen(&json!({}));
    let not_utf8 = json!({"send": "CgH/"});
    harness.begin(
        "c",
        &channel,
        "/note.Notes/Unary",
        &json!([not_utf8]),
        &json!({}),
    );
    let ended = harness.ended("c");
    assert!(
        ended["unusable"]
            .as_str()
            .is_some_and(|why| !why.is_empty()),
        "{ended}"
    );

    harness.script("/note.Notes/Up", &json!([{"receive": 1}, not_utf8]));
    for (steps, more) in [
        (json!([send("a", 1)]), json!({})),
        (json!([not_utf8]), json!({"types": "/note.Notes/Raw"})),
    ] {
        harness.begin("c", &channel, "/note.Notes/Up", &steps, &more);
        let (ended, served) = (harness.ended("c"), harness.served("c"));
        assert_eq!(ended["status"]["code"], 13);
        assert!(
            served["unusable"]
                .as_str()
                .is_some_and(|why| !why.is_empty()),
            "{served}"
        );
    }
}

#[test]
fn cancelled_calls_are_reported() {
    let mut harness = Harness::start();
    let (channel, _) = harness.listen(&json!({}));
    harness.script(
        "/note.Notes/Down",
        &json!([{"send": ""}, {"waitMs": 60000}]),
    );
    let steps = json!([{"send": ""}, {"receive": 1}, {"cancel": true}]);
    let (ended, served) = harness.play(&channel, "/note.Notes/Down", &steps);
    assert_eq!(ended["status"]["code"], 1);
    assert_eq!(served["cancelled"], true);
    assert_eq!(served.get("status"), None);
}

#[test]
fn a_loop_of_calls() {
    let mut harness = Harness::start();
    let (channel, _) = harness.listen(&json!({}));
    harness.script("/note.Notes/Unary", &json!([{"waitMs": 100}, {"send": ""}]));
    let began = Instant::now();
    let more = json!({"times": 10, "atOnce": 5});
    harness.begin(
        "c",
        &channel,
        "/note.Notes/Unary",
        &json!([{"send": ""}]),
        &more,
    );
    for number in 0..10 {
        assert_eq!(harness.ended(&format!("c.{number}"))["status"]["code"], 0);
    }
    assert!(began.elapsed() >= Duration::from_millis(200));
}

#[test]
fn close_ends_connections_and_calls() {
    let mut harness = Harness::start();
    let (channel, port) = harness.listen(&json!({}));
    let _silent = TcpStream::connect(("127.0.0.1", port)).unwrap();
    harness.script("/note.Notes/Both", &json!([{"send": ""}, {"receive": -1}]));
    let steps = json!([{"receive": 1}, {"waitMs": 60000}]);
    harness.begin("c", &channel, "/note.Notes/Both", &steps, &json!({}));
    thread::sleep(Duration::from_millis(500));
    harness.done(&json!({"close": {"port": port}}));
    assert_ne!(harness.ended("c")["status"]["code"], 0);
    assert_eq!(harness.served("c")["cancelled"], true);
    harness.listen(&json!({"port": port}));
}

#[test]
fn drain_holds_up_nothing() {
    let mut harness = Harness::start();
    let (channel, port) = harness.listen(&json!({}));
    harness.script("/note.Notes/Both", &json!([{"send": ""}, {"receive": -1}]));
    let steps = json!([{"receive": 1}, {"waitMs": 1500}, {"send": ""}]);
    harness.begin("c", &channel, "/note.Notes/Both", &steps, &json!({}));
    thread::sleep(Duration::from_millis(500));
    harness.say(&json!({"id": "drain", "drain": {"port": port}}).to_string());
    harness.done(&json!({"flush": {}}));
    assert_eq!(harness.ended("c")["status"]["code"], 0);
    harness.heard(|line| {
        line.get("answer")
            .filter(|answer| answer["id"] == "drain")
            .cloned()
    });
    harness.listen(&json!({"port": port}));
}

#[test]
fn refuses_what_it_does_not_know() {
    let mut harness = Harness::start();
    for (line, id) in [
        ("nonsense", ""),
        ("{\"flush\":{}}", ""),
        ("{\"id\":\"u\",\"unheardOf\":{}}", "u"),
        (
            "{\"id\":\"k\",\"listen\":{\"host\":\"127.0.0.1\",\"maxAgeMs\":1}}",
            "k",
        ),
        (
            "{\"id\":\"t\",\"listen\":{\"host\":\"127.0.0.1\",\"tls\":{\"cert\":\"x\",\"key\":\"y\"}}}",
            "t",
        ),
        (
            "{\"id\":\"s\",\"script\":{\"name\":\"s\",\"steps\":[{\"unheardOf\":1}]}}",
            "s",
        ),
        (
            "{\"id\":\"c\",\"script\":{\"name\":\"c\",\"compression\":\"br\",\"steps\":[]}}",
            "c",
        ),
        ("{\"id\":\"p\",\"close\":{\"port\":1}}", "p"),
    ] {
        harness.say(line);
        let answer = harness.heard(|line| {
            line.get("answer")
                .filter(|answer| answer["id"] == id)
                .cloned()
        });
        assert!(answer["refused"].is_string(), "{line}: {answer}");
    }
    let steps = json!([{"send": ""}]);
    let nowhere = json!({"address": "127.0.0.1:1"});
    for (method, steps, more) in [
        ("/note.Notes/Nothing", &steps, json!({})),
        ("/note.Notes/Unary", &steps, json!({"compression": "br"})),
        ("/note.Notes/Unary", &steps, json!({"waitForReady": true})),
        ("/note.Notes/Unary", &json!([{"unheardOf": 1}]), json!({})),
    ] {
        harness.begin("x", &nowhere, method, steps, &more);
        assert!(harness.ended("x")["unsupported"].is_string());
    }
}

#[test]
fn tls_both_ways() {
    let mut harness = Harness::start();
    let made = rcgen::generate_simple_self_signed(["stitch.test".to_owned()]).unwrap();
    let (cert, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let tls = json!({"tls": {"cert": cert, "key": key, "clientCa": cert}});
    let (channel, _) = harness.listen(&tls);
    let steps = json!([send("Stitch", 1)]);
    for (what, tls, is_ok) in [
        (
            "all right",
            json!({"ca": cert, "cert": cert, "key": key, "serverName": "stitch.test"}),
            true,
        ),
        (
            "wrong name",
            json!({"ca": cert, "cert": cert, "key": key, "serverName": "other.test"}),
            false,
        ),
        (
            "no certificate",
            json!({"ca": cert, "serverName": "stitch.test"}),
            false,
        ),
    ] {
        let mut channel = channel.clone();
        channel["tls"] = tls;
        harness.begin("c", &channel, "/Manage/PickOne", &steps, &json!({}));
        let ended = harness.ended("c");
        assert_eq!(ended["status"]["code"] == 0, is_ok, "{what}: {ended}");
    }
    assert_eq!(harness.served("c")["clientName"], "rcgen self signed cert");
    let bad = json!({"cert": cert, "key": key, "version": "1.2"});
    let answer = harness.answer(&json!({"listen": {"host": "127.0.0.1", "tls": bad}}));
    assert_eq!(answer["refused"], "tls.version \"1.2\" is not obeyed");
}

#[test]
fn stops_at_the_end_of_its_input() {
    let mut harness = Harness::start();
    let (channel, _) = harness.listen(&json!({}));
    harness.script(
        "/note.Notes/Unary",
        &json!([{"waitMs": 1500}, {"send": ""}]),
    );
    harness.begin(
        "c",
        &channel,
        "/note.Notes/Unary",
        &json!([{"send": ""}]),
        &json!({}),
    );
    thread::sleep(Duration::from_millis(500));
    harness.input = None;
    assert_eq!(harness.ended("c")["status"]["code"], 0);
    assert_eq!(harness.exit_code(), 0);
}

#[test]
fn refuses_arguments_that_it_does_not_know() {
    let status = Command::new(PROGRAM)
        .arg("unheard-of")
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success());
}
