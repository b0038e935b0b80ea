namespace Membership.Registry.Tests.Handlers;

/// <summary>The test is of this row of the command specification, section 9: what was, as <see cref="DifferenceTableTests"/> lists it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class DifferenceAttribute(string was) : Attribute
{
    public string Was => was;
}
