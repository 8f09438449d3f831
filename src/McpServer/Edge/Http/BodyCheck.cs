using McpInfra.Guardrails;
using McpInfra.Host.Edge.Wire;
using Microsoft.AspNetCore.Http;

namespace McpInfra.Host.Edge.Http;

/// <summary>Reads a posted message whole and checks its bytes before the SDK sees it.</summary>
internal sealed class BodyCheck(UnreadableMessages unreadable, Func<HttpContext, Peer> peer)
{
    /// <summary>Bytes that are read at all; the connection of a client that sends more is closed.</summary>
    public const long MostRead = 64L * 1024 * 1024;

    /// <summary>Runs the rest over a body that was checked; answers the others with 400 and a JSON-RPC error.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }

        if (!context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using var body = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, MessageCheck.MostBytes));
        var fault = await ReadAsync(context, body) ? MessageCheck.Check(body.GetBuffer().AsSpan(0, (int)body.Length)) : Unreadable.TooLong;
        if (fault is not null)
        {
            await unreadable.RecordAsync(fault, context.Request.ContentLength ?? body.Length, peer(context));
            context.Response.StatusCode = fault == Unreadable.TooLong ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(fault.Response, context.RequestAborted);
            return;
        }

        body.Position = 0;
        context.Request.Body = body;
        await next(context);
    }

    // What is too long is read and dropped: a client that is still sending would not see the answer.
    private static async Task<bool> ReadAsync(HttpContext context, MemoryStream body)
    {
        var buffer = new byte[16 * 1024];
        var length = 0L;
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var read and > 0)
        {
            length += read;
            if (length <= MessageCheck.MostBytes)
            {
                body.Write(buffer.AsSpan(0, read));
            }
        }

        return length <= MessageCheck.MostBytes;
    }
}
