using System.Text;

namespace McpInfra.Benchmarks.Detection;

/// <summary>What answers hold on an ordinary day: listings, JSON, logs and documentation in equal parts, with nothing in it that is looked for.</summary>
internal static class OrdinaryText
{
    private static readonly Func<int, string>[] Lines =
    [
        number => $"- billing-service-{number} AWS::S3::Bucket arn:aws:s3:::acme-prod-billing-{number} team=payments, cost-center={number * 7}\n",
        number => $"  {{\"InstanceId\": \"i-0{number:x8}\", \"State\": {{\"Name\": \"running\"}}, \"PrivateIpAddress\": \"10.0.{number % 256}.{number % 200}\", \"Tags\": [{{\"Key\": \"Owner\", \"Value\": \"platform\"}}]}},\n",
        number => $"2026-11-23T01:{number % 60:00}:12.4{number % 100:00}Z INFO  http.server GET /api/v1/orders/{number} 200 {number % 90} ms request completed\n",
        _ => "The load balancer forwards requests to the target group; when a target fails its health check, new connections go to the others.\n",
    ];

    /// <summary>About so many characters of it.</summary>
    public static string Of(int length)
    {
        var text = new StringBuilder(length + 200);
        for (var number = 0; text.Length < length; number++)
        {
            text.Append(Lines[number % Lines.Length](number));
        }

        return text.ToString(0, length);
    }
}
