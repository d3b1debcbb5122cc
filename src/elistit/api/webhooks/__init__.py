"""Outgoing webhooks, signed as Standard Webhooks describes them: telling a seller's own programs what happened to a project.

Events are found in our tables, never announced by the chain, so that a webhook can neither hold up nor break a job.
`delivering.keep_delivering` runs beside a worker; `delivering.deliver_due` is one pass of it.
"""
