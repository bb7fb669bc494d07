using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stitch.CSharp;

/// <summary>Lines as JSON. Members that have their default are left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(LineIn))]
[JsonSerializable(typeof(LineId))]
[JsonSerializable(typeof(LineOut))]
sealed partial class LineJson : JsonSerializerContext;
