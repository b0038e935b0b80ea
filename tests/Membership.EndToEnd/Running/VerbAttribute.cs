namespace Membership.EndToEnd.Running;

/// <summary>A verb that a test runs to its good end, in both forms.</summary>
/// <param name="path">Its words, such as <c>network rename</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class VerbAttribute(string path) : Attribute
{
    public string Path => path;
}
