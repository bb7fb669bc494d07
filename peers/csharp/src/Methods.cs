using Google.Protobuf.Reflection;

namespace Stitch.CSharp;

/// <summary>Methods by their paths. They do not change.</summary>
sealed class Methods
{
    public const string PickOne = "/Manage/PickOne";

    /// <summary>The plain service alone.</summary>
    public static readonly Methods Plain = new([]);

    readonly Dictionary<string, ServiceMethod> byPath = [];

    Methods(IEnumerable<FileDescriptorProto> files)
    {
        foreach (var file in files.Prepend(ExpirementReflection.Descriptor.ToProto()))
        {
            foreach (var service in file.Service)
            {
                var name = file.Package == "" ? service.Name : $"{file.Package}.{service.Name}";
                foreach (var method in service.Method.Select(method => ServiceMethod.Of(name, method)))
                    byPath[method.Path] = method;
            }
        }
    }

    public IEnumerable<ServiceMethod> All => byPath.Values;

    /// <summary>All of a serialized FileDescriptorSet, and the plain service.</summary>
    /// <exception cref="Google.Protobuf.InvalidProtocolBufferException">It is none.</exception>
    public static Methods Parse(byte[] files) => new(FileDescriptorSet.Parser.ParseFrom(files).File);

    public ServiceMethod? Find(string path) => byPath.GetValueOrDefault(path);
}
