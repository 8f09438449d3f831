namespace McpInfra.Graph.Drift;

/// <summary>In which form two sides write one attribute.</summary>
internal enum ComparedForm
{
    /// <summary>The same text, number or truth value.</summary>
    Text,

    /// <summary>A word in any case; `Enabled` is `true`.</summary>
    Word,

    /// <summary>The last part of an ARN, URL or path.</summary>
    Id,

    /// <summary>Texts in any order.</summary>
    Set,

    /// <summary>Ids in any order.</summary>
    Ids,

    /// <summary>The state's text is how the cloud's begins: a version without its patch.</summary>
    Begins,

    /// <summary>A region in any case, with or without spaces.</summary>
    Place,

    /// <summary>Keys of a map, without their values.</summary>
    Names,

    /// <summary>Rules of a security group.</summary>
    Rules,

    /// <summary>Routes of a route table.</summary>
    Routes,

    /// <summary>A JSON document of statements.</summary>
    Policy,

    /// <summary>Tags or labels, each an attribute of its own.</summary>
    Tags,
}
