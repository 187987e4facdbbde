-- The counts on fct_tickets pass through several joins; a fan-out there would inflate replies and hide one-touch
-- tickets.
{{ config(meta = {'dagster': {'ref': {'name': 'fct_tickets'}}}) }}

with tickets as (

    select
        sum(count_public_comments) as count_public_comments,
        sum(count_internal_notes) as count_internal_notes
    from {{ ref('fct_tickets') }}

),

comments as (

    select
        count(*) filter (where is_public) as count_public_comments,
        count(*) filter (where not is_public and author_role = 'staff') as count_internal_notes
    from {{ ref('fct_ticket_comments') }}
    where not is_spam

)

select
    tickets.count_public_comments as on_tickets,
    comments.count_public_comments as on_comments,
    tickets.count_internal_notes as notes_on_tickets,
    comments.count_internal_notes as notes_on_comments
from tickets
cross join comments
where
    coalesce(tickets.count_public_comments, 0) != comments.count_public_comments
    or coalesce(tickets.count_internal_notes, 0) != comments.count_internal_notes
