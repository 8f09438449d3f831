using System.Text;

namespace McpInfra.TestKit;

/// <summary>A model in ONNX's wire format, written here letter by letter: of two scores, the second is 10 when a token is among the input, else -10.</summary>
public static class OnnxModel
{
    private const int Float = 1;
    private const int Int64 = 7;

    /// <summary>The bytes of one that looks for a token.</summary>
    /// <param name="token">The token's number.</param>
    /// <param name="input">What its only input is called.</param>
    public static byte[] LookingFor(long token, string input = "input_ids") =>
    [
        .. Number(1, 8), .. Nested(8, Number(2, 13)), // the form's version, then that of the operators
        .. Nested(7,
        [
            .. Node("Equal", "equal", input, "token"), .. Node("Cast", "found", "equal", Attribute("to", Float)), .. Node("ReduceMax", "any", "found", Axis(1)), .. Node("Mul", "scaled", "any", "scale"), .. Node("Add", "logits", "scaled", "bias"),
            .. Text(2, "classifier"),
            .. Nested(5, [.. Number(1, 1), .. Number(2, Int64), .. Text(8, "token"), .. Bytes(9, BitConverter.GetBytes(token))]),
            .. Row("scale", 0, 20), .. Row("bias", 0, -10),
            .. Nested(11, Value(input, Int64, "length")), .. Nested(12, Value("logits", Float, null)),
        ]),
    ];

    private static byte[] Node(string kind, string output, string first, string second) => Nested(1, [.. Text(1, first), .. Text(1, second), .. Text(2, output), .. Text(4, kind)]);

    private static byte[] Node(string kind, string output, string input, byte[] attributes) => Nested(1, [.. Text(1, input), .. Text(2, output), .. Text(4, kind), .. attributes]);

    private static byte[] Attribute(string name, int value) => Nested(5, [.. Text(1, name), .. Number(3, value), .. Number(20, 2)]);

    private static byte[] Axis(int axis) => Nested(5, [.. Text(1, "axes"), .. Number(8, axis), .. Number(20, 7)]);

    private static byte[] Row(string name, float first, float second) => Nested(5, [.. Number(1, 1), .. Number(1, 2), .. Number(2, Float), .. Text(8, name), .. Bytes(9, [.. BitConverter.GetBytes(first), .. BitConverter.GetBytes(second)])]);

    // A shape of one row; its length is known, or has a name.
    private static byte[] Value(string name, int kind, string? length) => [.. Text(1, name), .. Nested(2, Nested(1, [.. Number(1, kind), .. Nested(2, [.. Nested(1, Number(1, 1)), .. Nested(1, length is null ? Number(1, 2) : Text(2, length))])]))];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Nested(int field, byte[] message) => Bytes(field, message);

    private static byte[] Bytes(int field, byte[] bytes) => [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 127; value >>= 7)
        {
            bytes.Add((byte)(value | 128));
        }

        return [.. bytes, (byte)value];
    }
}
