using McpInfra.Build.AwsActions;

// dotnet run -c Release --project build/AwsActions -- FOLDER_OF_MODELS
// Writes src/Tools/Plans/Cloud/Aws/Actions/actions.txt and cleaned.txt from the service models and review.txt beside them.
if (args is not [var folder] || !Directory.Exists(folder))
{
    await Console.Error.WriteLineAsync("usage: AwsActions FOLDER_OF_MODELS (SERVICE/VERSION/service-2.json or .json.gz, as in botocore/data)");
    return 2;
}

var target = Path.Combine("src", "Tools", "Plans", "Cloud", "Aws", "Actions");
if (!Directory.Exists(target))
{
    await Console.Error.WriteLineAsync("Start it in the repository's folder.");
    return 2;
}

var review = Review.Parse(await File.ReadAllLinesAsync(Path.Combine(target, "review.txt")));
var models = ServiceModel.ReadFolder(folder);
var faults = review.Faults(models);
foreach (var fault in faults)
{
    await Console.Error.WriteLineAsync(fault);
}

await File.WriteAllLinesAsync(Path.Combine(target, "actions.txt"), Table.Of(models, review));
await File.WriteAllLinesAsync(Path.Combine(target, "cleaned.txt"), ["# Made by build/AwsActions: what the models mark as sensitive, or name as a secret, in answers of reads that pass. Read after review.txt, in its form; not edited by hand.", .. review.Marked(models).Distinct()]);
return faults.Count == 0 ? 0 : 1;
