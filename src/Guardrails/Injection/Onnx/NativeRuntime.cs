using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace McpInfra.Guardrails.Injection.Onnx;

/// <summary>Hands the operator's library of ONNX Runtime to the managed part, which looks for it by name. A process has one.</summary>
internal static class NativeRuntime
{
    private const string Name = "onnxruntime";
    private static readonly Lock Gate = new();
    private static nint library;

    /// <summary>Loads it, once.</summary>
    /// <exception cref="OnnxException">It is not there, or not a library for this machine.</exception>
    public static void Load(string path)
    {
        lock (Gate)
        {
            if (library != 0)
            {
                return;
            }

            if (!File.Exists(path) || !NativeLibrary.TryLoad(path, out library))
            {
                throw new OnnxException("detection.onnx.runtime names no library that this machine can load. Name ONNX Runtime's own: libonnxruntime.so, libonnxruntime.dylib or onnxruntime.dll, of this system and processor.");
            }

            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
        }
    }

    private static nint Resolve(Assembly assembly, string name) => Path.GetFileNameWithoutExtension(name).Replace("lib", "", StringComparison.Ordinal) == Name ? library : 0;
}
