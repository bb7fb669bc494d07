using Grpc.Core;

namespace Stitch.CSharp;

/// <summary>Metadata, between lines and library.</summary>
static class MetadataEntries
{
    public static Metadatum[] ToEntries(this Metadata metadata) =>
    [
        .. metadata.Select(entry => entry.IsBinary
            ? new Metadatum(entry.Key, Binary: entry.ValueBytes)
            : new Metadatum(entry.Key, Text: entry.Value)),
    ];

    /// <exception cref="ArgumentException">The library does not take such a key or value.</exception>
    public static void AddAll(this Metadata metadata, IEnumerable<Metadatum>? entries)
    {
        foreach (var (key, text, binary) in entries ?? [])
        {
            if (binary is null)
                metadata.Add(key, text ?? "");
            else
                metadata.Add(key, binary);
        }
    }
}
