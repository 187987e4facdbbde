-- Between shadow_answers and fct_ai_answers the grain changes from turn to ticket, through inner joins. A ticket lost
-- there is a ticket that somebody decided does not count; only one that was erased, and one of another pilot, may be
-- missing. Counted from the source, by another way than the model goes.
{{ config(meta = {'dagster': {'ref': {'name': 'fct_ai_answers'}}}) }}

with decided as (

    select distinct ticket_id
    from {{ source('lake', 'shadow_answers') }}
    where
        pilot_id in (select plans.pilot_id from {{ source('lake', 'pilot_plan') }} as plans where plans.is_current)
        and ticket_id in (select tickets.ticket_id from {{ ref('fct_tickets') }} as tickets)

),

published as (

    select
        ticket_id,
        count(*) as count_rows
    from {{ ref('fct_ai_answers') }}
    group by ticket_id

)

select
    decided.ticket_id as decided_ticket_id,
    published.ticket_id as published_ticket_id,
    published.count_rows
from decided
full outer join published
    on decided.ticket_id = published.ticket_id
where decided.ticket_id is null or published.ticket_id is null or published.count_rows != 1
