using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>One bucket, asked for objects and their names alone.</summary>
/// <param name="client">Asks.</param>
/// <param name="bucket">Its name.</param>
/// <param name="owner">The account that must own it; null for any.</param>
/// <param name="customerKey">What its objects are encrypted by, base64; null for nothing of ours.</param>
/// <param name="limits">How much, and how long it may be silent.</param>
/// <param name="silence">Ends the asking.</param>
/// <param name="until">Ends it too.</param>
internal sealed class S3Bucket(IAmazonS3 client, string bucket, string? owner, string? customerKey, StateLimits limits, CancellationTokenSource silence, CancellationToken until)
{
    /// <summary>An object's bytes; null when there is none.</summary>
    public async Task<byte[]?> GetAsync(string key)
    {
        try
        {
            silence.CancelAfter(limits.Silence);
            using var found = await client.GetObjectAsync(Asked(key, customerKey), until);
            return await StateBytes.ReadAsync(found.ResponseStream, found.ContentLength > 0 ? found.ContentLength : null, limits, silence, until);
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    /// <summary>Whether there is an object; null when that is not told, and what it would tell may be told elsewhere.</summary>
    public async Task<bool?> IsThereAsync(string key)
    {
        try
        {
            silence.CancelAfter(limits.Silence);
            using var found = await client.GetObjectAsync(Asked(key, null), until);
            return true;
        }
        catch (AmazonServiceException exception)
        {
            return exception.StatusCode is HttpStatusCode.NotFound ? false : null; // A table may hold the lock; the state is read all the same.
        }
    }

    /// <summary>A page of the objects whose keys begin with a prefix.</summary>
    public async Task<(IEnumerable<StateFileEntry> Files, string? Next)> ListAsync(string prefix, string? token)
    {
        silence.CancelAfter(limits.Silence);
        var page = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, ContinuationToken = token, ExpectedBucketOwner = owner }, until);
        return ((page.S3Objects ?? []).Select(one => new StateFileEntry(one.Key, one.LastModified ?? default)), page.NextContinuationToken);
    }

    private GetObjectRequest Asked(string key, string? encryption)
    {
        var asked = new GetObjectRequest { BucketName = bucket, Key = key, ExpectedBucketOwner = owner };
        if (encryption is not null)
        {
            asked.ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256;
            asked.ServerSideEncryptionCustomerProvidedKey = encryption;
        }

        return asked;
    }
}
