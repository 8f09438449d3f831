using System.IO.Compression;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>A provider's package as it is handed out: a zip of plain files.</summary>
internal static class PackageArchive
{
    private const int MostFiles = 2000;
    private const long MostUnpacked = 4L << 30;
    private const int LinkKind = 0xA000;
    private const int Kind = 0xF000;

    /// <summary>Writes its files into a folder.</summary>
    /// <exception cref="EngineException">It is no package: too much, a link, or a name that leaves the folder.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static void Unpack(ZipArchive zip, string folder)
    {
        long left = MostUnpacked;
        if (zip.Entries.Count > MostFiles)
        {
            throw new EngineException($"A provider's package holds more than {MostFiles} files.");
        }

        foreach (var entry in zip.Entries.Where(entry => !entry.FullName.EndsWith('/')))
        {
            var parts = entry.FullName.Split('/');
            if (parts.Any(part => part is "" or "." or "..") || entry.FullName.AsSpan().IndexOfAny('\\', '\0', ':') >= 0 || (entry.ExternalAttributes >> 16 & Kind) == LinkKind)
            {
                throw new EngineException("A provider's package holds a link, or a name that leaves its folder.");
            }

            var path = Path.Combine([folder, .. parts]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var content = entry.Open();
            using var file = new FileStream(path, FileMode.CreateNew);
            var piece = new byte[1 << 16];
            for (int read; (read = content.Read(piece)) > 0;)
            {
                left -= read;
                if (left < 0)
                {
                    throw new EngineException($"A provider's package unpacks to more than {MostUnpacked >> 30} GB.");
                }

                file.Write(piece, 0, read);
            }
        }
    }
}
