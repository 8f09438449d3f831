using System.Text;

namespace McpInfra.Graph.Hcl;

/// <summary>Addresses as terraform writes them.</summary>
public static class CodeAddress
{
    /// <summary>The address without the keys of `count` and `for_each`: what one block in code declares. Null when it is not an address.</summary>
    public static string? WithoutKeys(string address)
    {
        var kept = new StringBuilder(address.Length);
        for (var at = 0; at < address.Length; at++)
        {
            if (address[at] != '[')
            {
                kept.Append(address[at]);
            }
            else if ((at = EndOfKey(address, at + 1)) < 0)
            {
                return null;
            }
        }

        return kept.ToString();
    }

    // Offset of the bracket that closes a key: digits, or a quoted string with escapes.
    private static int EndOfKey(string address, int at)
    {
        if (at < address.Length && address[at] == '"')
        {
            for (at++; at < address.Length && address[at] != '"'; at++)
            {
                at += address[at] == '\\' ? 1 : 0;
            }

            at++;
        }
        else
        {
            while (at < address.Length && char.IsAsciiDigit(address[at]))
            {
                at++;
            }
        }

        return at < address.Length && address[at] == ']' ? at : -1;
    }
}
