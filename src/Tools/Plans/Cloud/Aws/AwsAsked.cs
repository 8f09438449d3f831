using System.Text;
using System.Text.Json;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>What a request asks of AWS, recognised in whichever protocol it speaks.</summary>
/// <param name="Action">For the trail.</param>
/// <param name="Verdict">What the table says of it; of several that it could be, the worst.</param>
/// <param name="Form">In which form errors are told.</param>
/// <param name="Bucket">The bucket of an S3 request; null for none.</param>
internal sealed record AwsAsked(CloudAction Action, AwsVerdict Verdict, AwsForm Form, string? Bucket = null)
{
    private const int MostName = 128;
    private const int MostResource = 160;

    // Of S3's listing; anything else in its query could be a sub-resource that the table does not know.
    private static readonly HashSet<string> OfListing = ["list-type", "prefix", "delimiter", "marker", "max-keys", "continuation-token", "start-after", "fetch-owner", "encoding-type", "x-id"];

    /// <summary>What is asked, or why that cannot be told.</summary>
    /// <param name="actions">The table.</param>
    /// <param name="request">The request.</param>
    /// <param name="signature">Its signature, already believed.</param>
    /// <param name="body">Its plain body.</param>
    /// <param name="bound">Whether the operator bound the endpoint, so that its host tells nothing.</param>
    public static (AwsAsked? Asked, string Fault) Of(AwsActions actions, GateRequest request, PresentedSignature signature, byte[] body, bool bound)
    {
        var scope = signature.Scope;
        if (actions.Service(scope.Service) is not { } service)
        {
            return (null, "the service is not in the table of reviewed reads");
        }

        var here = service.Models.Select(model => (Model: model, Before: bound ? "" : AwsHosts.Before(model, request.Endpoint.Host, scope.Region))).Where(pair => pair.Before is { } before && (before.Length == 0 || MayStandBefore(pair.Model, before))).ToList();
        if (here.Count == 0)
        {
            return (null, "the host is not one of the service that the request is signed for");
        }

        var targets = request.All("X-Amz-Target").ToList();
        var models = here.ConvertAll(pair => pair.Model);
        var isForm = request.One("Content-Type") is { } type && type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        return targets.Count > 1 ? (null, "the request names two actions")
            : targets is [var target] ? OfTarget(models, scope, target, request, signature, body, isForm)
            : request.Path.StartsWith("/service/", StringComparison.Ordinal) && models.Exists(model => model.Protocols.Contains("smithy-rpc-v2-cbor")) ? OfRpc(models, scope, request)
            : models.Exists(model => model.IsQuery) && (isForm || signature.Query.Any(pair => pair.Key == "Action")) ? OfQuery(models, scope, request, signature, body, isForm)
            : OfRest(here.ConvertAll(pair => (pair.Model, pair.Before!)), scope, request, signature);
    }

    // Other services give tenants host names of their own (`DOMAIN.REGION.es.amazonaws.com`); what answers there is not AWS.
    private static bool MayStandBefore(AwsModel model, string before) => model.Host == "s3" || (before.Length == 12 && before.All(char.IsAsciiDigit));

    private static (AwsAsked?, string) OfTarget(List<AwsModel> models, SigningScope scope, string target, GateRequest request, PresentedSignature signature, byte[] body, bool isForm)
    {
        var dot = target.LastIndexOf('.');
        var name = target[(dot + 1)..];
        if (dot < 0 || request.Method != "POST" || request.Path != "/" || signature.Query.Count > 0 || isForm || !IsName(name))
        {
            return (null, "the request names its action in two ways, or in none that is known");
        }

        var fitting = models.Where(model => model.Target == target[..dot] && model.Protocols.Contains("json")).ToList();
        return fitting.Count == 0 ? (null, "the action is not in the table of reviewed reads") : (Named(fitting, scope, name, AwsForm.Json, JsonResource(body)), "");
    }

    private static (AwsAsked?, string) OfRpc(List<AwsModel> models, SigningScope scope, GateRequest request) =>
        request.Method == "POST" && request.Query.Length == 0 && request.Path.Split('/') is ["", "service", var target, "operation", var name] && IsName(name)
        && models.Where(model => model.Target == target && model.Protocols.Contains("smithy-rpc-v2-cbor")).ToList() is { Count: > 0 } fitting
            ? (Named(fitting, scope, name, AwsForm.Json, null), "")
            : (null, "the action is not in the table of reviewed reads");

    private static (AwsAsked?, string) OfQuery(List<AwsModel> models, SigningScope scope, GateRequest request, PresentedSignature signature, byte[] body, bool isForm)
    {
        var inBody = isForm ? PercentText.Pairs(Encoding.Latin1.GetString(body), form: true) : [];
        var pairs = inBody is null ? null : signature.Query.Concat(inBody).ToList();
        if (pairs is null || request.Path != "/" || request.Method is not ("GET" or "POST") || (!isForm && body.Length > 0)
            || pairs.Where(pair => pair.Key.Equals("Action", StringComparison.OrdinalIgnoreCase)).ToList() is not [{ Key: "Action", Value: var name }] || !IsName(name))
        {
            return (null, "the request names its action in two ways, or in none that is known");
        }

        var fitting = models.Where(model => model.IsQuery).ToList();
        return (Named(fitting, scope, name, fitting.Exists(model => model.Protocols.Contains("ec2")) ? AwsForm.Ec2 : AwsForm.Query, QueryResource(pairs)), "");
    }

    private static (AwsAsked?, string) OfRest(List<(AwsModel Model, string Before)> models, SigningScope scope, GateRequest request, PresentedSignature signature)
    {
        var isS3 = scope.Service == "s3";
        var form = isS3 ? AwsForm.S3 : models.Exists(pair => pair.Model.Protocols.Contains("rest-xml")) ? AwsForm.Query : AwsForm.RestJson;
        var fitting = new List<AwsAction>();
        string? bucket = null;
        var shown = "";
        foreach (var (model, before) in models.Where(pair => pair.Model.IsRest))
        {
            var hosted = isS3 && model.Host == "s3" && before.Length > 0;
            var path = RestRoute.PathSegments(hosted ? "/" + before + (request.Path == "/" ? "" : request.Path) : request.Path);
            if (path.Any(IsStep) || (!isS3 && path.Any(segment => segment.Length == 0)))
            {
                return (null, "the request's path holds empty, `.` or `..` segments");
            }

            var routes = model.Actions.Values.Where(action => action.Route is { } route && route.Fits(request.Method, path, signature.Query)).ToList();
            fitting.AddRange(routes);
            shown = string.Join('/', path);
            bucket = isS3 && model.Host == "s3" && routes.Count > 0 && path.Count > 0 ? PercentText.Decode(path[0]) : bucket;
        }

        if (fitting.Count == 0)
        {
            return (null, "the action is not in the table of reviewed reads");
        }

        var most = fitting.Max(action => action.Route!.Exactness);
        var exact = fitting.Where(action => action.Route!.Exactness == most).ToList();
        if (isS3 && exact.Exists(action => action.Name is "ListObjects" or "ListObjectsV2") && signature.Query.Any(pair => !OfListing.Contains(pair.Key)))
        {
            return (null, "the request asks S3 for something that the table does not know");
        }

        var worst = exact.Min(action => action.Verdict);
        var name = worst is AwsVerdict.Passes ? exact[0].Name : string.Join('/', exact.Select(action => action.Name).Distinct().Take(3)); // Such as PutObject, which CopyObject is too.
        return (new AwsAsked(new CloudAction(scope.Service, scope.Region, name, Cut(PercentText.Decode(shown) ?? "")), worst, form, bucket), "");
    }

    private static AwsAsked Named(List<AwsModel> models, SigningScope scope, string name, AwsForm form, string? resource)
    {
        var actions = models.Select(model => model.Actions.GetValueOrDefault(name)).OfType<AwsAction>().ToList();
        return new AwsAsked(new CloudAction(scope.Service, scope.Region, name, resource), actions.Count == 0 ? AwsVerdict.NoRead : actions.Min(action => action.Verdict), form);
    }

    private static string? QueryResource(List<KeyValuePair<string, string>> pairs) =>
        pairs.FirstOrDefault(pair => pair.Key is not ("Action" or "Version") && Names(pair.Key)).Value is { } value ? Cut(value) : null;

    private static string? JsonResource(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.EnumerateObject().FirstOrDefault(property => property.Value.ValueKind is JsonValueKind.String && Names(property.Name)) is { Value.ValueKind: JsonValueKind.String } named
                ? Cut(named.Value.GetString()!)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // How parameters that say what a request is about are called.
    private static bool Names(string parameter) =>
        parameter.EndsWith("Name", StringComparison.OrdinalIgnoreCase) || parameter.EndsWith("Arn", StringComparison.OrdinalIgnoreCase) || parameter.EndsWith("Id", StringComparison.OrdinalIgnoreCase)
        || parameter.EndsWith("Identifier", StringComparison.OrdinalIgnoreCase) || parameter.EndsWith("Url", StringComparison.OrdinalIgnoreCase) || parameter.Contains("Id.", StringComparison.Ordinal);

    private static bool IsName(string text) => text.Length is > 0 and <= MostName && text.All(char.IsAsciiLetterOrDigit);

    private static bool IsStep(string segment) => PercentText.Decode(segment) is null or "." or "..";

    private static string Cut(string text) => new([.. text.Take(MostResource).Select(letter => letter is >= ' ' and <= '~' ? letter : '?')]);
}

/// <summary>In which form a service tells errors.</summary>
internal enum AwsForm
{
    /// <summary>JSON with the error's type in it.</summary>
    Json,

    /// <summary>JSON with the error's type in a header.</summary>
    RestJson,

    /// <summary>XML.</summary>
    Query,

    /// <summary>EC2's XML.</summary>
    Ec2,

    /// <summary>S3's XML.</summary>
    S3,
}
