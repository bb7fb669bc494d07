//! Generates the code of `proto/expirement.proto`, its descriptors, and what the
//! program tells of itself.

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use prost::Message;

const PROTO: &str = "../../proto";
const FILE: &str = "expirement.proto";

fn main() -> Result<(), Box<dyn Error>> {
    let files = protox::compile([FILE], [PROTO])?;
    let descriptors = PathBuf::from(env::var("OUT_DIR")?).join("descriptors.bin");
    fs::write(descriptors, files.encode_to_vec())?;
    tonic_prost_build::configure().compile_fds(files)?;
    println!("cargo::rustc-env=RUSTC_VERSION={}", rustc_version()?);
    println!(
        "cargo::rustc-env=TONIC_VERSION={}",
        locked_version("tonic")?
    );
    println!("cargo::rerun-if-changed={PROTO}/{FILE}");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// The version of the compiler: "1.95.0".
fn rustc_version() -> Result<String, Box<dyn Error>> {
    let told = Command::new(env::var("RUSTC")?).arg("--version").output()?;
    let words = String::from_utf8(told.stdout)?;
    Ok(words.split(' ').nth(1).unwrap_or_default().to_owned())
}

/// The version of a crate, which does not tell it at run time.
fn locked_version(name: &str) -> Result<String, Box<dyn Error>> {
    let lock = fs::read_to_string("Cargo.lock")?;
    let head = format!("name = \"{name}\"\nversion = \"");
    let (_, rest) = lock.split_once(&head).ok_or("not in Cargo.lock")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}
