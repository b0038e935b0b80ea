using Xunit;

namespace Membership.Tests.Networks;

public sealed class NameRulesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("a-b")]
    [InlineData("a--b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz-0123456789")]
    [InlineData("backbone")]
    public void A_label_is_letters_digits_and_inner_dashes(string text) => Assert.True(NameRules.IsLabel(text, 63));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("a\n")]
    [InlineData("\na")]
    [InlineData("a\0")]
    [InlineData("\u00e4")]
    [InlineData("\u0660")]
    [InlineData("\uff41")]
    public void Nothing_else_is_a_label(string text) => Assert.False(NameRules.IsLabel(text, 63));

    [Fact]
    public void A_label_has_a_greatest_length()
    {
        Assert.True(NameRules.IsLabel(new('a', 63), 63));
        Assert.False(NameRules.IsLabel(new('a', 64), 63));
    }

    [Theory]
    [InlineData("", 0, true)]
    [InlineData("aaaa", 4, true)]
    [InlineData("aaaaa", 4, false)]
    [InlineData("\u00e9\u00e9", 4, true)]
    [InlineData("\u00e9\u00e9a", 4, false)]
    [InlineData("\u20ac\u20ac", 5, false)]
    [InlineData("\U0001F600", 4, true)]
    [InlineData("\U0001F600", 3, false)]
    public void Bytes_are_those_of_utf8(string text, int bytesMax, bool fits) => Assert.Equal(fits, NameRules.FitsBytes(text, bytesMax));

    [Theory]
    [InlineData("one rack, na\u00efve \u20ac \U0001F600", true)]
    [InlineData("", true)]
    [InlineData("\u00a0", true)]
    [InlineData("a\tb", false)]
    [InlineData("a\nb", false)]
    [InlineData("\0", false)]
    [InlineData("\u001f", false)]
    [InlineData("\u007f", false)]
    [InlineData("\u0080", false)]
    [InlineData("\u009f", false)]
    public void Plain_text_has_no_control_characters(string text, bool isPlain) => Assert.Equal(isPlain, NameRules.IsPlain(text));

    [Fact]
    public void Well_formed_text_has_no_lone_surrogate()
    {
        // Built here, since an attribute cannot hold a lone surrogate.
        var (high, low) = ('\ud83d', '\ude00');
        Assert.True(NameRules.IsWellFormed($"a{high}{low}b"));
        foreach (var text in new[] { $"{high}", $"{low}", $"{low}{high}", $"{high}{high}{low}", $"a{high}b" })
        {
            Assert.False(NameRules.IsWellFormed(text));
            Assert.False(NameRules.IsPlain(text));
        }
    }
}
