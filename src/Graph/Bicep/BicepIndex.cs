using McpInfra.Graph.Hcl;

namespace McpInfra.Graph.Bicep;

/// <summary>Finds the declaration of what a deployment made, by type and name, and by the deployment's name where several fit: it is that of its file unless somebody named it.</summary>
internal sealed class BicepIndex
{
    private const int MostFiles = 5000;

    private readonly ILookup<string, BicepDeclaration> byType;

    /// <param name="files">Files by path, those of Bicep among them.</param>
    public BicepIndex(IReadOnlyDictionary<string, byte[]> files) => byType = files.Where(file => IsBicep(file.Key)).OrderBy(file => file.Key, StringComparer.Ordinal).Take(MostFiles)
        .SelectMany(file => BicepFile.Read(file.Key, file.Value)).ToLookup(declaration => declaration.Type, StringComparer.OrdinalIgnoreCase);

    public static bool IsBicep(string path) => path.EndsWith(".bicep", StringComparison.Ordinal);

    /// <summary>Where the resource of an address, `deployment/type/name`, is declared; null when none or several declarations fit.</summary>
    public CodeLocation? Find(string address)
    {
        var steps = address.Split('/');
        if (steps.Length < 4)
        {
            return null;
        }

        var (deployment, type, name) = (steps[0], string.Join('/', steps[1..^1]), steps[^1]);
        var declared = byType[type].ToList();
        var found = One([.. declared.Where(one => one.IsLiteral && one.Fits(name))], deployment) ?? One([.. declared.Where(one => !one.IsLiteral && one.Fits(name))], deployment)
            ?? Only([.. declared.Where(one => !one.IsLiteral && IsOf(one, deployment) && (one.Name is null || !Says(one.Name)))]);
        return found is null ? null : new CodeLocation(found.File, found.Line, found.EndLine);
    }

    private static BicepDeclaration? One(List<BicepDeclaration> fitting, string deployment) => Only(fitting) ?? Only([.. fitting.Where(one => IsOf(one, deployment))]);

    private static BicepDeclaration? Only(List<BicepDeclaration> declarations) => declarations is [var only] ? only : null;

    private static bool IsOf(BicepDeclaration declaration, string deployment) => Path.GetFileNameWithoutExtension(declaration.File).Equals(deployment, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a computed name has a written part, which then has to fit.</summary>
    private static bool Says(string name) => name.Split("${").Select((piece, at) => at == 0 ? piece : piece[(piece.IndexOf('}', StringComparison.Ordinal) + 1)..]).Any(text => text.Length > 0);
}
