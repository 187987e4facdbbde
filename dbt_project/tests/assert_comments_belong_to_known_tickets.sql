-- A comment exported by itself may arrive before its ticket: it waits in raw_tickets and joins when the ticket
-- lands. Not an error, but many of them mean that an export of tickets is missing.
{{ config(severity = 'warn', meta = {'dagster': {'ref': {'name': 'int_ticket_comments_unioned'}}}) }}

select
    comments.source,
    comments.record_id,
    comments.ticket_id
from {{ source('lake', 'raw_tickets') }} as comments
anti join {{ source('lake', 'raw_tickets') }} as tickets
    on
        comments.source = tickets.source
        and comments.ticket_id = tickets.record_id
        and tickets.record_kind = 'ticket'
where comments.record_kind = 'comment'
