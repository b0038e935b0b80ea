namespace Membership.Maps;

/// <summary>
/// The identity of one batch of edits. Map nodes created under a mark may be changed in place by the batch that holds
/// it, until the batch's maps are published; from then on the mark must not be used again.
/// </summary>
/// <remarks>A mark has no state: it is compared by reference alone, so a new object is a new batch.</remarks>
internal sealed class EditMark
{
}
