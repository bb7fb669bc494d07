use serde::Deserialize;
use tonic::transport::{Certificate, CertificateDer, ClientTlsConfig, Identity, ServerTlsConfig};
use x509_parser::prelude::{FromDer, X509Certificate};

/// PEM texts of a client; an empty one is not there.
#[derive(Clone, Default, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct ClientTls {
    ca: String,
    cert: String,
    key: String,
    server_name: String,
}

/// PEM texts of a server; an empty one is not there.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServerTls {
    cert: String,
    key: String,
    client_ca: String,
    version: String,
}

impl ClientTls {
    /// The configuration as the library has it. `SSLKEYLOGFILE` is obeyed.
    pub fn config(&self) -> ClientTlsConfig {
        let mut config = ClientTlsConfig::new().use_key_log();
        if !self.ca.is_empty() {
            config = config.ca_certificate(Certificate::from_pem(&self.ca));
        }
        if !self.cert.is_empty() {
            config = config.identity(Identity::from_pem(&self.cert, &self.key));
        }
        if !self.server_name.is_empty() {
            config = config.domain_name(&self.server_name);
        }
        config
    }
}

impl ServerTls {
    /// The configuration as the library has it. `SSLKEYLOGFILE` is obeyed. The error
    /// is a version: the library takes none.
    pub fn config(&self) -> Result<ServerTlsConfig, String> {
        if !self.version.is_empty() {
            return Err(format!("tls.version {:?} is not obeyed", self.version));
        }
        let identity = Identity::from_pem(&self.cert, &self.key);
        let config = ServerTlsConfig::new().identity(identity).use_key_log();
        if self.client_ca.is_empty() {
            return Ok(config);
        }
        Ok(config.client_ca_root(Certificate::from_pem(&self.client_ca)))
    }
}

/// The common name of the certificate that a client shows, the first of its chain. The
/// library hands over bytes.
pub fn common_name(chain: &[CertificateDer]) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(chain.first()?).ok()?;
    let name = certificate.subject().iter_common_name().next()?;
    name.as_str().ok().map(str::to_owned)
}
