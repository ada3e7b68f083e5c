"""Who looks at a page: the same two questions as the API's, under the name that pages use.

    from kitaran.web.access import require, signed_in

    def page(request: Request) -> Page:
        person = require(request, "administrator", "auditor")

Without a session the reader is sent to sign in and comes back; without such a role the page says so.
A person's `roles` are its own, never more than its organisation's; `acts_for` is the organisation with no
more than these; `session` is what a custodial signature names.
"""

from kitaran.api.access import SignInNeededError, require, signed_in

__all__ = ["SignInNeededError", "require", "signed_in"]
