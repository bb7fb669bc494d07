namespace Stitch.CSharp;

/// <summary>What compression is called.</summary>
static class Compression
{
    public const string Gzip = "gzip";

    /// <summary>The key of metadata, of either side, by which the library is told how to compress a call's messages.</summary>
    public const string Key = "grpc-internal-encoding-request";
}
