// Writes texts with invented credentials as lines of JSON for score.py: dotnet run -c Release --project tests/SecretProbe -- OUT.jsonl [COUNT] [SEED] [1|2|3|3-held-back|4|4-held-back]
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpInfra.SecretProbe;

if (args.Length is < 1 or > 4)
{
    await Console.Error.WriteLineAsync("OUT.jsonl [COUNT] [SEED] [1|2|3|3-held-back|4|4-held-back]");
    return 2;
}

var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3000;
var seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
var texts = (args.Length > 3 ? args[3] : "1") switch
{
    "1" => ProbeText.Make(count, seed),
    "2" => SecondRound.Make(count, seed),
    "3" => Pieces.Third.Make(count, seed, held: false),
    "3-held-back" => Pieces.Third.Make(count, seed, held: true),
    "4" => Pieces.Fourth.Make(count, seed, held: false),
    _ => Pieces.Fourth.Make(count, seed, held: true),
};
await File.WriteAllLinesAsync(args[0], texts.Select(text => JsonSerializer.Serialize(text, options)));
return 0;
