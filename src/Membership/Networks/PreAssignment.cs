namespace Membership;

/// <summary>A role that waits for whoever joins with this external id.</summary>
/// <param name="ExternalId">1 to 256 UTF-8 bytes, as given.</param>
/// <param name="Role"><see cref="Role.Admin"/> or <see cref="Role.Member"/>.</param>
public readonly record struct PreAssignment(string ExternalId, Role Role);
