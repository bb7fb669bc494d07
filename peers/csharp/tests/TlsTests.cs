using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Stitch.CSharp.Tests;

public class TlsTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    static readonly Identity Ca = new("CN=ca", null);
    static readonly Identity Server = new("CN=server", Ca);
    static readonly Identity Client = new("CN=client", Ca);
    static readonly Identity Other = new("CN=other", null);

    static object? With(Identity? client, Identity trusted, string name) => new
    {
        ca = trusted.Cert,
        cert = client?.Cert ?? "",
        key = client?.Key ?? "",
        serverName = name,
    };

    public static TheoryData<string, bool> Cases => new()
    {
        { "right", true },
        { "without a certificate", false },
        { "another authority", false },
        { "another name", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task HandshakeDecides(string what, bool succeeds)
    {
        await using var peer = new TestPeer();
        var listen = JsonSerializer.Serialize(new { cert = Server.Cert, key = Server.Key, clientCa = Ca.Cert });
        var channel = await peer.ListenAsync($",\"tls\":{listen}");
        var tls = JsonSerializer.Serialize(what switch
        {
            "right" => With(Client, Ca, "stitch.test"),
            "without a certificate" => With(null, Ca, "stitch.test"),
            "another authority" => With(Client, Other, "stitch.test"),
            _ => With(Client, Ca, "other.test"),
        });
        peer.Call("call", $"{channel},\"tls\":{tls}", Methods.PickOne, $$"""{"send":"{{TestPeer.Text("Stitch")}}"}""");
        var ended = await peer.EndedAsync();
        Assert.Equal(succeeds, ended["status"]!["code"] is null);
        if (succeeds)
            Assert.Equal("client", (string?)(await peer.ServedAsync())["clientName"]);
    }

    [Theory]
    [InlineData("1.2", SslProtocols.Tls12, SslProtocols.Tls13)]
    [InlineData("1.3", SslProtocols.Tls13, SslProtocols.Tls12)]
    public async Task SpeaksOneVersion(string version, SslProtocols own, SslProtocols other)
    {
        await using var peer = new TestPeer();
        var listen = JsonSerializer.Serialize(new { cert = Server.Cert, key = Server.Key, version });
        var channel = await peer.ListenAsync($",\"tls\":{listen}");
        Assert.Equal(own, await HandshakeAsync(channel, own | other));
        await Assert.ThrowsAnyAsync<Exception>(() => HandshakeAsync(channel, other));
    }

    /// <summary>Returns the version that comes of a handshake in which the client offers these.</summary>
    static async Task<SslProtocols> HandshakeAsync(string channel, SslProtocols versions)
    {
        using var tcp = new TcpClient("127.0.0.1", int.Parse(channel.Split(':', '"')[^2], CultureInfo.InvariantCulture));
        using var tls = new SslStream(tcp.GetStream());
        var options = new Tls(Ca: Ca.Cert).ForClient();
        options.TargetHost = "stitch.test";
        options.EnabledSslProtocols = versions;
        options.ApplicationProtocols = [SslApplicationProtocol.Http2];
        await tls.AuthenticateAsClientAsync(options);
        return tls.SslProtocol;
    }

    /// <summary>A certificate for stitch.test and its key, of an authority, or an authority itself.</summary>
    sealed class Identity
    {
        readonly X509Certificate2 certificate;

        public Identity(string subject, Identity? authority)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority is null, false, 0, true));
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("stitch.test");
            request.CertificateExtensions.Add(names.Build());
            var (from, to) = (Now.AddHours(-1), Now.AddHours(1));
            if (authority is null)
            {
                certificate = request.CreateSelfSigned(from, to);
            }
            else
            {
                using var unsigned = request.Create(authority.certificate, from, to, RandomNumberGenerator.GetBytes(8));
                certificate = unsigned.CopyWithPrivateKey(key);
            }
            Key = key.ExportPkcs8PrivateKeyPem();
        }

        public string Cert => certificate.ExportCertificatePem();

        public string Key { get; }
    }
}
