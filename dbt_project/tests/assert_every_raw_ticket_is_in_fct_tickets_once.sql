-- Between raw_tickets and fct_tickets the grain changes from record version to ticket, through four staging
-- branches and many joins. A ticket lost there is missing from every number downstream; a doubled one counts
-- twice. `unique` on fct_tickets cannot see the lost ones.
{{ config(meta = {'dagster': {'ref': {'name': 'fct_tickets'}}}) }}

with landed as (

    select distinct source || ':' || record_id as ticket_id
    from {{ source('lake', 'raw_tickets') }}
    where record_kind = 'ticket'

),

published as (

    select
        ticket_id,
        count(*) as count_rows
    from {{ ref('fct_tickets') }}
    group by ticket_id

)

select
    landed.ticket_id as landed_ticket_id,
    published.ticket_id as published_ticket_id,
    published.count_rows
from landed
full outer join published
    on landed.ticket_id = published.ticket_id
where landed.ticket_id is null or published.ticket_id is null or published.count_rows != 1
