namespace Membership;
