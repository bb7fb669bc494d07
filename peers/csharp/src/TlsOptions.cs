using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stitch.CSharp;

/// <summary>TLS as .NET has it, made of PEM texts.</summary>
static class TlsOptions
{
    /// <summary>Options of a server, new ones for each connection.</summary>
    /// <exception cref="CryptographicException">A PEM text cannot be used.</exception>
    /// <exception cref="NotSupportedException">The version is unknown.</exception>
    public static Func<SslServerAuthenticationOptions> ForServer(this Tls tls)
    {
        var version = Version(tls.Version);
        var own = Own(tls.Cert, tls.Key);
        var clients = tls.ClientCa is "" ? null : Trust(tls.ClientCa);
        return () => new SslServerAuthenticationOptions
        {
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ServerCertificateContext = own,
            EnabledSslProtocols = version,
            ClientCertificateRequired = clients is not null,
            CertificateChainPolicy = clients,
        };
    }

    /// <summary>Options of a client.</summary>
    /// <exception cref="CryptographicException">A PEM text cannot be used.</exception>
    public static SslClientAuthenticationOptions ForClient(this Tls tls) => new()
    {
        CertificateChainPolicy = tls.Ca is "" ? null : Trust(tls.Ca),
        ClientCertificateContext = tls.Cert is "" ? null : Own(tls.Cert, tls.Key),
    };

    static SslProtocols Version(string version) => version switch
    {
        "" => SslProtocols.None, // those of the library
        "1.2" => SslProtocols.Tls12,
        "1.3" => SslProtocols.Tls13,
        _ => throw new NotSupportedException($"TLS version \"{version}\" is unknown"),
    };

    static SslStreamCertificateContext Own(string cert, string key) =>
        SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(cert, key), Read(cert), offline: true);

    static X509ChainPolicy Trust(string ca)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(Read(ca));
        return policy;
    }

    static X509Certificate2Collection Read(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates.Count > 0
            ? certificates
            : throw new CryptographicException("no certificate in the PEM text");
    }
}
