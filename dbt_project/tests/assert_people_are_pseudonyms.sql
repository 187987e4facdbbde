-- Marts are open to every reader. An id that is not a pseudonym could be an address or a name a helpdesk uses as
-- id.
{{ config(meta = {'dagster': {'ref': {'name': 'dim_requesters'}}}) }}

with people as (

    select requester_id as person_id from {{ ref('fct_tickets') }}
    union
    select assignee_id as person_id from {{ ref('fct_tickets') }}
    union
    select author_id as person_id from {{ ref('fct_ticket_comments') }}
    union
    select requester_id as person_id from {{ ref('dim_requesters') }}

)

select person_id
from people
where not regexp_full_match(person_id, '[0-9a-f]{16}')
