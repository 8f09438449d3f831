using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>
/// Digests by which a scan knows again what the scan before was told, quicker than it can be brought into the form that is stored. They are keyed, for tenants choose what is digested.
/// Their lowest bits say what they are of, as <see cref="Told.Kind"/>. One thread at a time may use it.
/// </summary>
internal sealed class Digests
{
    /// <summary>Raised when the same observation is stored in another form than before.</summary>
    private const string Form = "2";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> buffer = new(16_384);
    private readonly Utf8JsonWriter json;
    private readonly long key;
    private readonly byte[] beginning;

    /// <param name="key">Random; whoever knows it could hide a change.</param>
    /// <param name="source">What of the source's settings changes what is stored.</param>
    public Digests(long key, string source)
    {
        (this.key, json) = (key, new Utf8JsonWriter(buffer, Compact));
        Write(Form);
        Write(source);
        beginning = buffer.WrittenSpan.ToArray();
        Common = Of(Told.Kind.Other, "common");
    }

    /// <summary>What digests of one key, form and kind of source have in common.</summary>
    public UInt128 Common { get; }

    /// <summary>That something stays which the scan was not told: as if a listing had ended that no scan tells, so that the next scan looks for what is gone.</summary>
    public UInt128 Kept => Of(Told.Kind.Scope, "kept");

    /// <summary>That a resource of that key was told.</summary>
    public UInt128 OfKey(string resource) => Of(Told.Kind.Key, "key", resource);

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

        json.Reset();
        resource.Configuration.WriteTo(json);
        json.Flush();
        return End(Told.Kind.Other);
    }

    /// <summary>A relation between keys.</summary>
    public UInt128 OfRelation(string from, string type, string to) => Of(Told.Kind.Relation, "relation", from, type, to);

    /// <summary>That an address of a state manages something.</summary>
    public UInt128 OfAddress(string state, string address) => Of(Told.Kind.Address, "address", state, address);

    /// <summary>What an address of a state manages.</summary>
    public UInt128 Of(Managed managed) => Of(Told.Kind.Other, "managed", managed.State, managed.Address, managed.Resource, managed.Engine);

    /// <summary>That a finding was told.</summary>
    public UInt128 OfFinding(string id) => Of(Told.Kind.Other, "finding", id);

    /// <summary>That a charge was told.</summary>
    public UInt128 OfCharge(UInt128 hash) => Of(Told.Kind.Other, "charge", hash.ToString("x32", CultureInfo.InvariantCulture));

    /// <summary>That a listing was complete.</summary>
    public UInt128 Of(Observation.Complete scope) => Of(Told.Kind.Scope, "complete", scope.Account, scope.Region, scope.Type, string.Join('\n', scope.Except));

    private UInt128 Of(Told.Kind kind, string word, params ReadOnlySpan<string?> texts)
    {
        Begin(word);
        foreach (var text in texts)
        {
            Write(text);
        }

        return End(kind);
    }

    private void Begin(string word)
    {
        buffer.ResetWrittenCount();
        buffer.Write(beginning);
        Write(word);
    }

    private void Write(string? text)
    {
        var letters = MemoryMarshal.AsBytes(text.AsSpan());
        var room = buffer.GetSpan(sizeof(int) + letters.Length);
        MemoryMarshal.Write(room, text?.Length ?? -1);
        letters.CopyTo(room[sizeof(int)..]);
        buffer.Advance(sizeof(int) + letters.Length);
    }

    private void Write(int number)
    {
        MemoryMarshal.Write(buffer.GetSpan(sizeof(int)), number);
        buffer.Advance(sizeof(int));
    }

    private UInt128 End(Told.Kind kind) => (XxHash128.HashToUInt128(buffer.WrittenSpan, key) & ~Told.KindBits) | (uint)kind;
}
