using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>
/// Digests by which a scan knows again what the scan before was told, quicker than it can be brought into the form that is stored. They are keyed, for tenants choose what is digested.
/// One thread at a time may use it.
/// </summary>
/// <param name="key">Random; whoever knows it could hide a change.</param>
/// <param name="source">What of the source's settings changes what is stored.</param>
internal sealed class Digests(long key, string source)
{
    /// <summary>Raised when the same observation is stored in another form than before.</summary>
    private const string Form = "1";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> buffer = new(16_384);

    /// <summary>What digests of one key, form and kind of source have in common.</summary>
    public UInt128 Common => Of("common");

    /// <summary>That a resource of that key was told.</summary>
    public UInt128 OfKey(string resource) => Of("key", resource);

    /// <summary>Everything that is told of a resource.</summary>
    public UInt128 Of(Resource resource)
    {
        Begin("resource");
        Write(resource.Id);
        Write(resource.Type);
        Write(resource.Name);
        Write(resource.Provider);
        Write(resource.Account);
        Write(resource.Region);
        Write(resource.Status);
        Write(resource.Environment);
        Write(resource.Tags.Count);
        foreach (var (tag, value) in resource.Tags)
        {
            Write(tag);
            Write(value);
        }

        Write(resource.Aliases.Count);
        foreach (var alias in resource.Aliases)
        {
            Write(alias);
        }

        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            resource.Configuration.WriteTo(json);
        }

        return End();
    }

    /// <summary>A relation between keys.</summary>
    public UInt128 OfRelation(string from, string type, string to) => Of("relation", from, type, to);

    /// <summary>That an address of a state manages something.</summary>
    public UInt128 OfAddress(string state, string address) => Of("address", state, address);

    /// <summary>What an address of a state manages.</summary>
    public UInt128 Of(Managed managed) => Of("managed", managed.State, managed.Address, managed.Resource, managed.Engine);

    /// <summary>That a finding was told.</summary>
    public UInt128 OfFinding(string id) => Of("finding", id);

    /// <summary>That a listing was complete.</summary>
    public UInt128 Of(Observation.Complete scope) => Of("complete", scope.Account, scope.Region, scope.Type, string.Join('\n', scope.Except));

    private UInt128 Of(string kind, params ReadOnlySpan<string?> texts)
    {
        Begin(kind);
        foreach (var text in texts)
        {
            Write(text);
        }

        return End();
    }

    private void Begin(string kind)
    {
        buffer.ResetWrittenCount();
        Write(Form);
        Write(source);
        Write(kind);
    }

    private void Write(string? text)
    {
        Write(text?.Length ?? -1);
        buffer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private void Write(int number) => buffer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)));

    private UInt128 End() => XxHash128.HashToUInt128(buffer.WrittenSpan, key);
}
