"""Staff sign-in by OpenID Connect, on allauth's socialaccount. How it works: docs/how/sign-in.md.

Used by sign-in, by one's own account and by set-up. Its words: identity provider, level of assurance, step-up, my
doors. `tokens` is the pure heart (what an id_token must be), `wire` asks the provider, `flow` is what allauth calls,
`assurance` says which proof a verb needs, `operations` write, `doors` reaches a person's other municipalities.
"""
